"""Makes and shows npy, safetensors and csv files for the tests, with Python's own library only."""
import ast
import json
import struct
import sys

CODES = {"f2": "e", "f4": "f", "f8": "d", "i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B",
         "u2": "H", "u4": "I", "u8": "Q", "b1": "B"}
TENSOR_TYPES = {"F32": "f4", "F64": "f8", "F16": "f2", "I64": "i8", "I32": "i4", "I16": "i2",
                "I8": "i1", "U8": "u1", "U16": "u2", "U32": "u4", "U64": "u8", "BOOL": "b1",
                "BF16": "u2"}


def pack(kind, values):
    number = float if CODES[kind] in "efd" else int
    return struct.pack(f"<{len(values)}{CODES[kind]}", *map(number, values))


def unpack(kind, data):
    return list(struct.unpack(f"<{len(data) // struct.calcsize(CODES[kind])}{CODES[kind]}", data))


def npy(path, kind, order, shape, *values):
    """npy OUT f4 C 2x3 1 2 3 4 5 6"""
    extents = tuple(int(n) for n in shape.split("x") if n)
    mark = "|" if kind[1] == "1" else "<"
    header = repr({"descr": mark + kind, "fortran_order": order == "F", "shape": extents}).encode()
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header)
        file.write(pack(kind, values))


def safetensors(path, *tensors):
    """safetensors OUT name:F32:2x1:1,2 ..."""
    header, data = {}, b""
    for text in tensors:
        name, dtype, shape, values = text.split(":")
        part = pack(TENSOR_TYPES[dtype], [v for v in values.split(",") if v])
        header[name] = {"dtype": dtype, "shape": [int(n) for n in shape.split("x") if n],
                        "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def raw(path, header, size):
    """raw OUT HEADER SIZE: a safetensors file whose header is this text, with so many bytes."""
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(header.encode())) + header.encode() + bytes(int(size)))


def numbers(values):
    return " ".join(f"{v:.6g}" for v in values)


def show(path):
    """show FILE: a line for each array."""
    data = open(path, "rb").read()
    if data[:6] == b"\x93NUMPY":
        end = 10 + struct.unpack("<H", data[8:10])[0]
        assert end % 64 == 0 and data[end - 1:end] == b"\n"
        header = ast.literal_eval(data[10:end].decode())
        assert not header["fortran_order"]
        print(header["descr"], header["shape"], numbers(unpack(header["descr"][1:], data[end:])))
        return
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    assert (8 + length) % 64 == 0
    print("metadata", json.dumps(header.pop("__metadata__"), sort_keys=True))
    for name, tensor in header.items():
        begin, end = (8 + length + n for n in tensor["data_offsets"])
        print(name, tensor["dtype"], tensor["shape"],
              numbers(unpack(TENSOR_TYPES[tensor["dtype"]], data[begin:end])))
    assert end == len(data)


def points(path, count):
    """points OUT N: rows of a plane, with a header."""
    with open(path, "w") as file:
        file.write("a,b,quality\n")
        for i in range(int(count)):
            a, b = (i * 7919 % 101) / 10, (i * 104729 % 97) / 100
            file.write(f"{a},{b},{2 * a - 3 * b + 1:.4f}\n")


globals()[sys.argv[1]](*sys.argv[2:])
