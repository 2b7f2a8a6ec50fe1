"""seeds.py FOLDER: good files of all formats, each behind the byte that readers.c tells formats by."""
import gzip
import sys
from pathlib import Path

from files import arrays_of, series, table
from formats import pack, safetensors

ROWS = [b'{"x":[1,2.5,-3e2]}\n{"y":"a\\u00e9","x":[true,[0],8]}\n', b'{"x":1}\n\n{"x":2}\n']


def seeds():
    """Names and contents; what stands before the point is the format."""
    arrays = [arrays_of(kind) for kind in ("f4", "f8", "u1", "i2", "i4", "i8", "f2", "b1")]
    tables = [b"1,2\n3,4\n", table(), series()]
    yield "table", tables
    yield "fields", [table(), b"age,job,level,pay\n1,a.,0,2\n?,?,2,?\n"]
    yield "rows", ROWS
    yield "npy", [part for made in arrays for part in made["npy"]]
    yield "idx", [part for made in arrays for part in made.get("idx", [])]
    metadata = b'Y\0\0\0\0\0\0\0{"__metadata__":{"modelc.seed":"1"},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' + bytes(4)
    yield "safetensors", [*(made["safetensors"] for made in arrays if "safetensors" in made), metadata,
                          safetensors(x=("F16", [2], pack("f2", [1, 2])), y=("BF16", [1], bytes(2)))]
    yield "gzip", [gzip.compress(data, mtime=0) for data in tables] + [gzip.compress(bytes(1000)) + gzip.compress(b"", mtime=0)]


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    for number, (name, files) in enumerate(seeds()):
        for index, data in enumerate(files):
            (folder / f"{name}.{index}").write_bytes(b"%d" % number + data)


if __name__ == "__main__":
    main()
