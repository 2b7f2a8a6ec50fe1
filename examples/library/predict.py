"""A model in a Python program, with nothing but the standard library.

modelc keras_article.model -o article && ./article train
modelc keras_article.model --emit=shared-library -o libregressor.so
python3 predict.py ./libregressor.so Regressor.safetensors
"""
import ctypes
import re
import sys
from pathlib import Path


def constants(header):
    """The numbers that a generated header defines."""
    return {name: int(value) for name, value in re.findall(r"#define (\w+) (\d+)", Path(header).read_text())}


def aligned(ctype, count, alignment):
    """An array of C, at an address that the library takes."""
    buffer = ctypes.create_string_buffer(ctypes.sizeof(ctype) * count + alignment)
    array = (ctype * count).from_buffer(buffer, -ctypes.addressof(buffer) % alignment)
    array.buffer = buffer
    return array


def main(path, weights):
    library = ctypes.CDLL(path)
    known = constants(Path(path).with_name("regressor.h"))
    alignment, columns = known["REGRESSOR_ALIGNMENT"], known["REGRESSOR_PREDICT_X_SIZE_1"]
    slots = aligned(ctypes.c_char, known["REGRESSOR_SLOT_BYTES"], alignment)
    workspace = aligned(ctypes.c_char, known["REGRESSOR_PREDICT_WORKSPACE_BYTES"] + 1, alignment)
    rows = 3
    x = aligned(ctypes.c_float, rows * columns, alignment)
    y = aligned(ctypes.c_float, rows, alignment)

    content = Path(weights).read_bytes()
    message = ctypes.create_string_buffer(200)
    if library.regressor_load(slots, content, ctypes.c_size_t(len(content)), message, ctypes.c_size_t(200)):
        sys.exit(f"{weights}: {message.value.decode()}")
    x[:] = [i / (rows * columns) for i in range(rows * columns)]
    status = library.regressor_predict(slots, workspace, ctypes.c_int64(rows), x, y)
    if status:
        library.regressor_describe.restype = ctypes.c_char_p
        sys.exit(library.regressor_describe(status).decode())
    for value in y:
        print("%.9g" % value)


main(*sys.argv[1:])
