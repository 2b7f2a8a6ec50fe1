# The configuration of all lit tests: where tools, archives and data are.
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import lit.formats

config.name = "modelc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".model", ".test", ".c"]
config.excludes = ["inputs", "harness.c", "CMakeLists.txt"]
config.test_source_root = config.source_root + "/test"
config.test_exec_root = config.build_root + "/test"


def find_shared_data():
    """MODELC_DATA, or the nearest `shared/data` beside the source root or above it."""
    if os.environ.get("MODELC_DATA"):
        return Path(os.environ["MODELC_DATA"])
    for folder in Path(config.source_root).resolve().parents:
        if (folder / "shared" / "data").is_dir():
            return folder / "shared" / "data"
    return None


data = find_shared_data()
if data and data.is_dir():
    config.available_features.add("shared-data")
if config.build_type in ("Checked", "Debug"):
    config.available_features.add("asserts")
if os.geteuid() == 0:
    config.available_features.add("root")
    if subprocess.run(["chroot", "/", "true"], capture_output=True).returncode == 0:
        config.available_features.add("chroot")
# What can judge pages and completion.
for tool in ("groff", "zsh", "fish"):
    if shutil.which(tool):
        config.available_features.add(tool)
if config.sanitize:
    config.available_features.add("sanitize")
if config.sanitized_runtime:
    config.available_features.add("sanitized-runtime")

# A compiled program is linked statically; under the sanitizers it cannot be.
# Structures of the boundary grow at their ends, and programs that do not know that still compile.
common = f"-std=c11 -O1 -g -Wall -Wextra -Werror -Wno-missing-field-initializers -I{config.source_root} -fuse-ld=lld -Wl,--gc-sections"
sanitized_flags = common + " -fsanitize=address,undefined -no-pie"
plain_flags = common + " -static"


def libraries(suffix):
    return f"{config.build_root}/lib/libmodelc_app{suffix}.a {config.build_root}/lib/libmodelc_core{suffix}.a"


llvm_include = f"{config.llvm_tools}/../include"
compile_flags = "-std=c++17 -fno-rtti -fno-exceptions -Wall -Wextra -Werror -Wno-unused-parameter"

config.substitutions += [
    ("%modelc", f"{config.build_root}/bin/modelc"),
    ("%model-opt", f"{config.build_root}/bin/model-opt"),
    ("%data", str(data)),
    ("%build-root", config.build_root),
    ("%lib", f"{config.build_root}/lib"),
    ("%docs", f"{config.build_root}/docs"),
    ("%source-root", config.source_root),
    # Before `%clang`, which is its beginning.
    ("%clangxx", f"{config.cxx_compiler} {compile_flags} -isystem {llvm_include}"),
    ("%clang", config.c_compiler),
    ("%tblgen", f"{config.llvm_tools}/mlir-tblgen -I{llvm_include}"),
    ("%python", shlex.quote(config.python)),
    # `%clang %program-flags %s %program-libraries -o %t`: a hand-written program.
    ("%program-flags", sanitized_flags if config.sanitize else plain_flags),
    ("%program-libraries", libraries("_sanitized" if config.sanitize else "")),
    # The same under sanitizers in every build, where the feature `sanitized-runtime` is there.
    ("%sanitized-flags", sanitized_flags),
    ("%sanitized-libraries", libraries("_sanitized")),
]
# FileCheck, not and split-file.
config.environment["PATH"] = config.llvm_tools + os.pathsep + os.environ["PATH"]
# Programs must not depend on where the tests run.
config.environment["LC_ALL"] = "C"
