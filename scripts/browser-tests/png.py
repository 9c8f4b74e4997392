"""Makes PNGs of pages small, with nothing but Python's own library: 256 colours are enough for them."""

import collections
import struct
import zlib


def _chunks(data):
    at = 8
    while at < len(data):
        (length,) = struct.unpack(">I", data[at:at + 4])
        yield data[at + 4:at + 8], data[at + 8:at + 8 + length]
        at += 12 + length


def _rows(raw, width, height, size):
    """The rows of a picture, each without the filter that it was written with."""
    stride = width * size
    before = bytearray(stride)
    for y in range(height):
        kind = raw[y * (stride + 1)]
        row = bytearray(raw[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for x in range(stride if kind else 0):
            left = row[x - size] if x >= size else 0
            above = before[x]
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = above
            elif kind == 3:
                guess = (left + above) // 2
            else:
                corner = before[x - size] if x >= size else 0
                guess = min((abs(left + above - corner - one), i, one) for i, one in enumerate((left, above, corner)))[2]
            row[x] = (row[x] + guess) & 255
        yield row
        before = row


def small(data):
    """The picture with a palette of its 256 most frequent colours; every other one becomes the nearest of them."""
    chunks = list(_chunks(data))
    width, height, depth, kind = struct.unpack(">IIBB", chunks[0][1][:10])
    if depth != 8 or kind not in (2, 6):
        return data
    size = 4 if kind == 6 else 3
    raw = zlib.decompress(b"".join(body for name, body in chunks if name == b"IDAT"))
    rows = [[bytes(row[x:x + 3]) for x in range(0, len(row), size)] for row in _rows(raw, width, height, size)]
    counts = collections.Counter(pixel for row in rows for pixel in row)
    palette = [color for color, _ in counts.most_common(256)]
    index = {color: number for number, color in enumerate(palette)}
    for color in counts:
        if color not in index:
            index[color] = min(range(256), key=lambda i: sum((a - b) ** 2 for a, b in zip(palette[i], color)))
    packed = zlib.compress(b"".join(b"\0" + bytes(index[pixel] for pixel in row) for row in rows), 9)

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [chunk(b"IHDR", head), chunk(b"PLTE", b"".join(palette)), chunk(b"IDAT", packed), chunk(b"IEND", b"")]
    return data[:8] + b"".join(parts)
