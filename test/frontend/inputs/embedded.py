"""embedded.py FOLDER MODELC ARCHIVE: each .model file of the folder parses, is documented and is in the archive."""
import subprocess
import sys
from pathlib import Path

folder, modelc = Path(sys.argv[1]), sys.argv[2]
archive = Path(sys.argv[3]).read_bytes()
files = sorted(folder.glob("*.model"))
assert files, f"no files in {folder}"
for path in files:
    assert path.read_bytes() in archive, f"{path.name} is not in the compiler"
    tree = subprocess.run([modelc, "--emit=ast", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()
    for line, following in zip(tree, tree[1:] + [""]):
        if line and not line.startswith(" "):
            assert "documentation" in following, f"{path.name}: `{line}` has no documentation"
