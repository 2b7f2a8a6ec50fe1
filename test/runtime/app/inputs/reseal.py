"""reseal.py CACHE: gives the word of the first row a number that there is none of, and the cache a digest that is right."""
import struct
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3] / "fuzz"))
from formats import STAMP, seal

cache = Path(sys.argv[1])
data = cache.read_bytes()
row = struct.unpack_from("<4f", data, STAMP)
assert row == (1, 1, 0, 2), row  # age twice, the number of `cook`, hours
cache.write_bytes(seal(data[:STAMP + 8] + struct.pack("<f", 1e9) + data[STAMP + 12:]))
