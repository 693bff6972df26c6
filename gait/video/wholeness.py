"""Is the file whole? What the outermost layer of a container promises, held against the size of the file.

FFmpeg plays a file that was cut off in the middle without a word, up to the cut. The containers of phones and cameras
(MP4 and MOV, MKV and WebM, AVI) all write down how long their parts are, so a cut is found without reading them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from gait.errors import TruncatedVideo

_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"moof", b"wide", b"free", b"skip")
_MP4_PARTS_NEEDED = (b"moov", b"moof", b"mdat")  # a cut in the padding or the tags behind them does no harm
_EBML_MAGIC = b"\x1a\x45\xdf\xa3"
_SEGMENT_ID = b"\x18\x53\x80\x67"


def check_whole(path: Path) -> None:
    """Refuse a file that ends before its container says so; other kinds of files pass.

    Raises
    ------
    TruncatedVideo
        Where bytes are missing at the end, or an MP4 or MOV file lacks its index.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(12)
        if start[4:8] in _MP4_BOXES:
            promised = _mp4_end(file, size, path)
        elif start[:4] == _EBML_MAGIC:
            promised = _matroska_end(file)
        elif start[:4] == b"RIFF" and start[8:12] == b"AVI ":
            promised = _avi_end(file, size)
        else:
            return
    if promised > size:
        raise TruncatedVideo(
            f"{path.name} ends too early: {size / promised:.0%} of the file is there. "
            "Was the recording or the copy cut off? Copy it again from the camera."
        )


def _mp4_end(file: BinaryIO, size: int, path: Path) -> int:
    """Where the last part that is needed should end; refuses a file without an index."""
    boxes = list(_mp4_boxes(file, size))
    if not any(kind in (b"moov", b"moof") for kind, _ in boxes):
        raise TruncatedVideo(
            f"{path.name} has no index, which a camera writes at the very end: was the recording or the copy cut off? "
            "Copy it again from the camera, or record the clip anew."
        )
    return max(end for kind, end in boxes if kind in _MP4_PARTS_NEEDED)


def _mp4_boxes(file: BinaryIO, size: int) -> Iterator[tuple[bytes, int]]:
    """Kind and promised end of the outermost boxes."""
    position = 0
    while position + 8 <= size:
        file.seek(position)
        header = file.read(16)
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:  # too long for 32 bits: the length follows in 64
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:  # up to the end of the file
            length = size - position
        if length < 8:
            return
        yield kind, position + length
        position += length


def _matroska_end(file: BinaryIO) -> int:
    """Where the segment should end; 0 where that is left open, as in a live recording."""
    file.seek(4)
    header_length, _ = _ebml_length(file)
    file.seek(header_length, 1)
    if file.read(4) != _SEGMENT_ID:
        return 0
    length, is_known = _ebml_length(file)
    return file.tell() + length if is_known else 0


def _ebml_length(file: BinaryIO) -> tuple[int, bool]:
    """The length of an EBML element, and whether it is known: the first 1 bit marks how many bytes it takes."""
    first = file.read(1)
    if not first or first[0] == 0:
        return 0, False
    n_bytes = 9 - first[0].bit_length()
    value = int.from_bytes(first + file.read(n_bytes - 1), "big")
    largest = (1 << 7 * n_bytes) - 1
    return value & largest, value & largest != largest


def _avi_end(file: BinaryIO, size: int) -> int:
    """Where the last RIFF part should end; files over 1 GB have several."""
    position = 0
    while position + 8 <= size:
        file.seek(position)
        kind, length = file.read(4), int.from_bytes(file.read(4), "little")
        if kind != b"RIFF" or length == 0:
            break
        position += 8 + length
    return position
