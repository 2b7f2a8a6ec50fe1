"""Feeds a program weight files whose headers lie, and checks what it says of each."""
import subprocess
import sys

program, arrays = sys.argv[1:]
F = '"dtype":"F32","shape":[2],"data_offsets":[%d,%d]'
BIG = "9223372036854775807"
CASES = [
    ('{"a":{%s}}' % (F % (0, 8)), 4, "tensor `a` of the safetensors file lies outside of the file"),
    ('{"a":{%s}}' % (F % (0, 8)), 12, "has data that belongs to no tensor"),
    ('{"a":{%s}}' % (F % (0, 4)), 4, "tensor `a` of the safetensors file has other bytes than its shape wants"),
    ('{"a":{%s}}' % (F % (8, 0)), 8, "lies outside of the file"),
    ('{"a":{%s},"b":{%s}}' % (F % (0, 8), F % (4, 12)), 12, "tensor `b` of the safetensors file overlaps another"),
    ('{"a":{%s},"b":{%s}}' % (F % (0, 8), F % (0, 8)), 8, "overlaps another"),
    ('{"a":{%s},"b":{%s}}' % (F % (0, 8), F % (12, 20)), 20, "tensor `b` of the safetensors file follows a gap"),
    ('{"a":{%s},"a":{%s}}' % (F % (0, 8), F % (8, 16)), 16, "tensor `a` of the safetensors file occurs twice"),
    ('{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}', 0, "has other bytes than its shape wants"),
    ('{"a":{"dtype":"F32","shape":[%s],"data_offsets":[0,%s]}}' % (BIG, BIG), 0, "lies outside of the file"),
    ('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}}', 0, "has a header that has an integer that is too large"),
    ('{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}', 4, "unsigned integer is wanted"),
    ('{"a":{"dtype":"F32","shape":[%s],"data_offsets":[0,4]}}' % ",".join(["1"] * 17), 4, "has too many dimensions"),
    ('{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}', 4, "has an unknown element type"),
    ('{"a":{"dtype":"F32","shape":[1]}}', 0, "lacks its type, shape or offsets"),
    ('{"a":{"dtype":"F32","dtype":"F32"}}', 0, "has an unknown or repeated key"),
    ('{"a":{%s}' % (F % (0, 8)), 8, "is not well-formed JSON"),
    ('{"a":{%s}} x' % (F % (0, 8)), 8, "has text after its header"),
    ('{"__metadata__":{"a":1}}', 0, "is not well-formed JSON"),
    ('{"__metadata__":{},"__metadata__":{}}', 0, "has two sets of metadata"),
    ('{"a\\ud800":{%s}}' % (F % (0, 8)), 8, "has a malformed string"),
]


def run(path):
    result = subprocess.run([program, "predict", "--weights", path, "--input", "none"],
                            capture_output=True, text=True)
    assert result.returncode == 1, (path, result)
    return result.stderr


for header, size, message in CASES:
    subprocess.check_call([sys.executable, arrays, "raw", "bad.safetensors", header, str(size)])
    found = run("bad.safetensors")
    assert message in found and found.startswith("bad.safetensors: error: "), (header, message, found)
for data, message in [(b"", "does not begin with the length"), (b"\xff" * 16, "does not begin"),
                      (b"\x00\x00\x00\x00\x01\x00\x00\x00{}", "is cut short")]:
    open("bad.safetensors", "wb").write(data)
    assert message in run("bad.safetensors"), data
