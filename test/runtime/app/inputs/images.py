"""images.py: writes the same small images and labels as idx, idx.gz, npy and safetensors, and files that are damaged."""
import gzip
import json
import random
import struct

draws = random.Random(3)


def idx(code, shape, data):
    return bytes([0, 0, code, len(shape)]) + b"".join(struct.pack(">I", s) for s in shape) + data


def npy(kind, shape, data):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {tuple(shape)}, }}".encode()
    header += b" " * (63 - (10 + len(header)) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


for split, count in ("train", 40), ("test", 9):
    labels = bytes(draws.randrange(3) for _ in range(count))
    images = bytes(draws.randrange(60) + 90 * (label == i) for label in labels for i in range(4))
    arrays = {"x": (images, [count, 2, 2]), "y": (labels, [count])}
    header, offset = {}, 0
    for name, (data, shape) in arrays.items():
        write(f"{split}-{name}.idx", idx(8, shape, data))
        write(f"{split}-{name}.idx.gz", gzip.compress(idx(8, shape, data)))
        write(f"{split}-{name}.npy", npy("|u1", shape, data))
        header[name] = {"dtype": "U8", "shape": shape, "data_offsets": [offset, offset + len(data)]}
        offset += len(data)
    text = json.dumps(header).encode()
    write(f"{split}.safetensors", struct.pack("<Q", len(text)) + text + images + labels)

good = open("train-x.idx.gz", "rb").read()
write("two.gz", gzip.compress(idx(8, [40, 2, 2], b"")) + gzip.compress(bytes(160)))
# More than three megabytes, and hardly compressible: the output grows while it is read.
write("large.gz", gzip.compress(idx(8, [800000, 2, 2], draws.randbytes(3200000)), 1))
write("cut.gz", good[:-12])
write("bad.gz", good[:20] + bytes([good[20] ^ 255]) + good[21:])
write("magic.idx", b"\x00\x01\x08\x03" + bytes(20))
write("short.idx", open("train-x.idx", "rb").read()[:-1])
write("tiny.idx", b"\x00\x00\x08")
write("wide.idx", idx(8, [40, 3, 2], bytes(240)))
write("few.idx", idx(8, [39, 2, 2], bytes(156)))
write("big.idx", idx(14, [2**32 - 1] * 3, b""))
write("range.idx", idx(8, [40], bytes([7] * 40)))
write("int.idx", idx(12, [40], b"".join(struct.pack(">i", i % 3) for i in range(40))))
write("nan.npy", npy("<f4", [40, 2, 2], struct.pack("<160f", *[0.5] * 7, float("nan"), *[0.5] * 152)))
