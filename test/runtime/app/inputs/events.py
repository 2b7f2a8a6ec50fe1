"""Reads a TensorBoard event file and checks every checksum: events.py FILE LOG.csv: the scalars are
those of the log."""
import csv
import struct
import sys


def checksum(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def records(data):
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        assert struct.unpack("<I", data[8:12]) == (checksum(data[:8]),)
        body = data[12:12 + length]
        assert len(body) == length and struct.unpack("<I", data[12 + length:16 + length]) == (checksum(body),)
        yield body
        data = data[16 + length:]


def variable(data, at):
    value = shift = 0
    while True:
        value |= (data[at] & 127) << shift
        shift, at = shift + 7, at + 1
        if data[at - 1] < 128:
            return value, at


def fields(data):
    """Pairs of a field's number and its value; bytes, numbers and floats as they are stored."""
    at = 0
    while at < len(data):
        key, at = variable(data, at)
        if key & 7 == 0:
            value, at = variable(data, at)
        elif key & 7 == 2:
            length, at = variable(data, at)
            value, at = data[at:at + length], at + length
        else:
            size, code = (8, "<d") if key & 7 == 1 else (4, "<f")
            value, at = struct.unpack(code, data[at:at + size])[0], at + size
        yield key >> 3, value


# The checksum itself, by the test vector of RFC 3720, B.4.
assert checksum(bytes(32)) == ((0x8A9136AA >> 15 | 0x8A9136AA << 17) + 0xA282EAD8) & 0xFFFFFFFF
first, *events = [list(fields(record)) for record in records(open(sys.argv[1], "rb").read())]
assert dict(first)[3] == b"brain.Event:2", first
rows = list(csv.DictReader(open(sys.argv[2])))
assert len(rows) == len(events) > 1
for row, event in zip(rows, events):
    assert dict(event)[2] == int(row.pop("epoch")) and dict(event)[1] > 1.7e9, event
    scalars = [dict(fields(value)) for _, value in fields(dict(event)[5])]
    names = [scalar[1].decode() for scalar in scalars]
    assert names == [name.replace(".", "/") for name in row], names
    for scalar, value in zip(scalars, row.values()):
        assert abs(scalar[2] - float(value)) <= 2e-7 * abs(float(value)), (scalar, value)
