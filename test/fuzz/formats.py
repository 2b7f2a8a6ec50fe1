"""Good data files of every format that programs read, and changes of them that know what the format says."""
import gzip
import json
import random
import re
import struct

from frame import INTEGERS, splice, spoil

CODES = {"f2": "e", "f4": "f", "f8": "d", "i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I",
         "u8": "Q", "b1": "?"}
TENSORS = {"F32": 4, "F64": 8, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "U64": 8, "BOOL": 1}
IDX = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}
CELLS = """|"|""|"a|a"b|nan|inf|-inf|Infinity|1e39|-1e39|3.5e38|1e308|1e400|1e-400|0x10|+1|1.|.5|-|+|e5|1e|1e+|--1|?|NA|%s%n
9223372036854775807|9223372036854775808|-9223372036854775808|1e9223372036854775807|2147483648|1,2|1;2|"1,2"|true|null|0|1|-1
0.1|6|7|-0.0|16777217|4e-324""".replace("\n", "|").split("|")
CELLS = [cell.encode() for cell in CELLS] + [
    b"9" * 400, b"0." + b"3" * 5000, b"a" * 300, b"\xff", b"\xc3\xa9", b"\0", b"\xef\xbb\xbf", b"\r", b"\n", b'"1\n2"', b"\t",
    b"1\t2"]
# What bytes of numbers can be: not a number, infinite, the largest, denormal.
NUMBERS = [struct.pack("<f", float(v)) for v in ("nan", "inf", "-inf", "3.4e38", "1e-45", "-0.0")] + [
    struct.pack("<d", float(v)) for v in ("nan", "inf", "1e308", "5e-324")] + [b"\xff" * 8, b"\x80" * 8]


def pack(kind, values, order="<"):
    number = float if CODES[kind] in "efd" else int
    return struct.pack(f"{order}{len(values)}{CODES[kind]}", *map(number, values))


def npy(kind, shape, values, fortran=False):
    mark = "|" if kind[1] == "1" else "<"
    return join_npy(repr({"descr": mark + kind, "fortran_order": fortran, "shape": tuple(shape)}).encode() + b"\n",
                    pack(kind, values))


def join_npy(header, data):
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header) % 65536) + header + data


def idx(kind, shape, values):
    return bytes([0, 0, IDX[kind], len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + pack(kind, values, ">")


def safetensors(**arrays):
    """name = (type, shape, bytes)"""
    header, data = {}, b""
    for name, (kind, shape, part) in arrays.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [len(data), len(data) + len(part)]}
        data += part
    return join_safetensors(json.dumps(header).encode(), data)


def join_safetensors(header, data):
    return struct.pack("<Q", len(header)) + header + data


def change_word(text, wanted, words):
    """One of the places where `wanted` matches gets another word."""
    found = list(re.finditer(wanted, text))
    if not found:
        return text
    at = random.choice(found)
    return text[:at.start()] + random.choice(words) + text[at.end():]


def change_list(items, more):
    """One of a few goes, comes twice, trades places, or another comes."""
    items = list(items)
    at = random.randrange(len(items) + 1)
    match random.randrange(4):
        case 0 if items:
            del items[at % len(items)]
        case 1 if items:
            items.insert(at, random.choice(items))
        case 2 if items:
            other = random.randrange(len(items))
            items[at % len(items)], items[other] = items[other], items[at % len(items)]
        case _:
            items.insert(at, random.choice(more))
    return items


def change_table(data, separator=b","):
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    cells = lines[at].split(separator)
    match random.randrange(10):
        case 0:
            lines = change_list(lines, [b"", b" ", separator, b'"', b"1" + separator + b"2"])
        case 1:
            lines[at] = separator.join(change_list(cells, CELLS))
        case 2:
            lines[at] = lines[at].replace(separator, random.choice((b",", b";", b"\t", b" ", b"")))
        case 3:
            return random.choice((b"\r\n", b"\r", b"\n\n", b"")).join(lines)
        case 4:
            return random.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\n\n", b"\x1f\x8b", b"{}", b"#")) + data
        case 5:
            return b"\n".join(lines[:1] + lines[1:] * random.choice((0, 2, 100)))
        case _:
            cells[random.randrange(len(cells))] = random.choice(CELLS)
            lines[at] = separator.join(cells)
    return b"\n".join(lines)


def change_rows(data):
    """JSON lines."""
    words = [b"[", b"]", b"{", b"}", b",", b":", b'"', b'"x"', b'"\\u0000"', b'"\\ud800"', b'"\\q"', b"[" * 100, b"[]", b"{}",
             b"true", b"null", b"\0", b"\n", *CELLS]
    return change_word(data, rb'"\w*"|[-\d.e]+|.', words)


def change_npy(data):
    size = struct.unpack("<H", data[8:10])[0] if len(data) > 10 else 0
    header, rest = data[10:10 + size], data[10 + size:]
    match random.randrange(8):
        case 0 | 1 | 2:
            header = change_word(header, rb"\d+", [str(n).encode() for n in INTEGERS] + [b"-1", b"", b"0, 0", b"1, 1"])
        case 3:
            kinds = [f"'{order}{kind}'".encode() for order in "<>|=" for kind in CODES] + [b"[('a', '<f4')]", b"'<c8'", b"'|O'"]
            header = change_word(header, rb"'[<>|=]\w+'", kinds)
        case 4:
            header = change_word(header, rb"True|False", [b"True", b"False", b"Fals", b"1"])
        case 5:
            header = change_word(header, rb"'\w*'|\w+|.", [b"{", b"}", b"(", b")", b",", b":", b"'", b"'descr'", b"'shape'", b""])
        case 6:
            rest = change_numbers(rest)
        case _:
            return data[:6] + bytes([random.randrange(5), 0]) + struct.pack("<H", random.choice((0, 1, max(size - 1, 0), 65535))) + data[10:]
    return join_npy(header, rest)


def change_idx(data):
    at = 4 + 4 * random.randrange(data[3] or 1) if len(data) > 4 else 0
    match random.randrange(4):
        case 0:
            return data[:2] + bytes([random.choice(list(IDX.values()) + [0, 10, 255])]) + data[3:]
        case 1:
            return data[:3] + bytes([random.choice((0, 1, 2, 3, 4, 16, 17, 255))]) + data[4:]
        case 2:
            return data[:at] + change_numbers(data[at:])
        case _:
            return data[:at] + struct.pack(">I", random.choice(INTEGERS) % 2**32) + data[at + 4:]


def change_numbers(data):
    at = random.randrange(len(data) // 4 + 1) * 4
    new = random.choice(NUMBERS)
    return data[:at] + new + data[at + len(new):]


def change_tensors(data):
    """A safetensors file: its header as text, as a structure, or the numbers behind it."""
    size = struct.unpack("<Q", data[:8])[0] if len(data) >= 8 else 0
    text, rest = data[8:8 + size], data[8 + size:]
    match random.randrange(8):
        case 0:
            words = [str(n).encode() for n in INTEGERS] + [b"-1", b"1.5", b"[]", b"{}", b'"', b"", b'"\\u0000"', b"nul", b"\0"]
            text = change_word(text, rb'"[^"]*"|\d+|.', words)
        case 1:
            return struct.pack("<Q", random.choice(INTEGERS) % 2**64) + text + rest
        case 2:
            rest = change_numbers(rest)
        case _:
            try:
                header = json.loads(text)
                change_header(header)
                text = json.dumps(header).encode()
            except (ValueError, TypeError, AttributeError, LookupError):
                return spoil(data)  # a change before this one has left no header
    return join_safetensors(text, rest)


def change_header(header):
    metadata = header.get("__metadata__", {})
    names = [name for name in header if name != "__metadata__"]
    if metadata and random.randrange(2):
        key = random.choice(list(metadata))
        match random.randrange(8):
            case 0:
                del metadata[key]
            case 1:
                metadata[key] = metadata[random.choice(list(metadata))]
            case _:
                metadata[key] = random.choice([str(n) for n in INTEGERS] + ["-1", "nan", "inf", "1e400", "", " 1", "é", "%s", "0.5"])
        return
    name = random.choice(names)
    tensor = header[name]
    match random.randrange(6):
        case 0:
            del header[name]
        case 1:
            header[random.choice(names) + random.choice(("", "x", "é"))] = dict(tensor)
        case 2:
            tensor["dtype"] = random.choice(list(TENSORS) + ["F8", "", "C64"])
        case 3:
            tensor["shape"] = change_list(tensor["shape"], INTEGERS[:-1] + [-1])
        case 4:
            at = random.randrange(2)
            tensor["data_offsets"][at] = random.choice([*INTEGERS, tensor["data_offsets"][1 - at]])
        case _:
            other = header[random.choice(names)]
            tensor["data_offsets"], other["data_offsets"] = other["data_offsets"], tensor["data_offsets"]


STAMP = 96  # bytes of a cache that say of which file it is; the last of them are the numbers of rows


def digest_of(data):
    """As runtime/app/Cache.c makes it."""
    digest = 1
    for (word,) in struct.iter_unpack("<Q", data):
        digest = (digest ^ word) * 0xbf58476d1ce4e5b9 % 2**64
        digest ^= digest >> 29
    return struct.pack("<Q", digest)


def is_sealed(data):
    """Whether the digest at the end of a cache is right."""
    return len(data) > STAMP and len(data) % 8 == 0 and digest_of(data[:-8]) == data[-8:]


def seal(data):
    """The cache with a digest that is right, so that all of it is read."""
    data = data[:max(len(data) - 8, 0)]
    data += bytes(-len(data) % 8)
    return data + digest_of(data)


def change_cache(data):
    """Numbers and texts of eight bytes and more; the stamp but seldom, since nothing is read behind one that is wrong."""
    at = random.randrange(0 if not random.randrange(8) else STAMP - 16, max(len(data) - 8, STAMP), 8)
    match random.randrange(6):
        case 0 | 1:
            return data[:at] + struct.pack("<Q", random.choice(INTEGERS) % 2**64) + data[at + 8:]
        case 2:
            return data[:STAMP] + change_numbers(data[STAMP:])
        case 3:
            return data[:at] + data[at + 8 * random.randrange(4):]
        case 4:
            return data[:at] + random.choice((bytes(8), b"pilot\0\0\0", struct.pack("<q", -1))) + data[at:]
        case _:
            return data[:at] + bytes([random.randrange(256)]) + data[at + 1:]


CHANGES = {"csv": change_table, "tsv": lambda data: change_table(data, b"\t"), "jsonl": change_rows, "npy": change_npy,
           "idx": change_idx, "safetensors": change_tensors, "cache": change_cache}


def change(kind, data, other):
    """A few changes; one file in five is compressed, and half of these are damaged then."""
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        data = (CHANGES[kind] if random.randrange(5) else spoil)(data)
    if not random.randrange(20):
        data = splice(data, other)
    if kind == "cache" and random.randrange(3):
        return seal(data)
    if random.randrange(5):
        return data
    parts = [data] if random.randrange(4) else [data[:len(data) // 2], data[len(data) // 2:]]
    packed = b"".join(gzip.compress(part, random.choice((0, 9)), mtime=0) for part in parts)
    return spoil(packed) if random.randrange(2) else packed
