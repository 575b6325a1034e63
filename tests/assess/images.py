"""Reading pictures by the rules of the PNG standard."""

import io
import struct
import zlib

import numpy as np


def read_png(data: bytes, colours: int) -> np.ndarray:
    """Return palette numbers; checks signature, lengths and check sums as ISO/IEC 15948 has them."""
    stream = io.BytesIO(data)
    assert stream.read(8) == b"\x89PNG\r\n\x1a\n"
    parts: dict[bytes, bytes] = {}
    while head := stream.read(8):
        length, name = struct.unpack(">I4s", head)
        body = stream.read(length)
        assert struct.unpack(">I", stream.read(4))[0] == zlib.crc32(name + body)
        parts[name] = body
    columns, rows, depth, colour, packing, filtering, lacing = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, colour, packing, filtering, lacing) == (8, 3, 0, 0, 0)
    assert len(parts[b"PLTE"]) == 3 * len(parts[b"tRNS"]) == 3 * colours
    assert list(parts)[-1] == b"IEND"
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    return lines[:, 1:]
