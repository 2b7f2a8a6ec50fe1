"""summary.py SCRIPT STATUS CODE...: what scripts/test prints for tests that ended so."""
import importlib.machinery
import importlib.util
import sys

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("script", sys.argv[1])
script = importlib.util.module_from_spec(importlib.util.spec_from_loader("script", loader))
loader.exec_module(script)
tests = [{"name": f"modelc :: folder/{i}.test", "code": code, "output": "Missing required\nfeature(s): x\n"}
         for i, code in enumerate(sys.argv[3:])]
script.summarize(tests, int(sys.argv[2]))
