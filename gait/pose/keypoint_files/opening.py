"""Open a keypoint file, whatever it is, as far as all formats need it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from gait.errors import EmptyFile, FileMissing, KeypointFileError
from gait.pose.keypoint_files.people import frame_numbers
from gait.pose.keypoint_files.recording import Source

_HEAD_BYTES = 64


def open_source(path: Path) -> tuple[Source, str]:
    """A file or folder with what it says, and the SHA-256 of its bytes.

    Raises
    ------
    FileMissing, EmptyFile
        Where there is nothing to read.
    KeypointFileError
        Where a file that begins as JSON isn't whole, or a folder's files are no frames of one recording.
    """
    if path.is_dir():
        return _open_folder(path)
    data = _bytes(path)
    begins = data[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n")
    document = _json(data, path.name) if begins.startswith((b"{", b"[")) else None
    return Source(path, head=data[:_HEAD_BYTES], document=document), hashlib.sha256(data).hexdigest()


def _open_folder(folder: Path) -> tuple[Source, str]:
    """A folder of one JSON file a frame; the hash is over their names and bytes."""
    paths = sorted(path for path in folder.glob("*.json") if path.is_file())
    if not paths:
        raise KeypointFileError(
            f"{folder.name} is a folder without JSON files; give the one with a file for each frame."
        )
    try:
        numbers = frame_numbers([path.stem for path in paths])
    except ValueError as error:
        raise KeypointFileError(f"{folder.name} can't be read: {error}.") from error
    digest, frames = hashlib.sha256(), {}
    for number, path in zip(numbers, paths, strict=True):
        data = _bytes(path)
        digest.update(path.name.encode() + b"\0" + data)
        frames[number] = _json(data, f"{folder.name}/{path.name}")
    return Source(folder, frames=frames), digest.hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except OSError as error:
        why = f"There is no file {path}" if not path.exists() else f"{path} can't be read ({error.strerror})"
        raise FileMissing(f"{why}. Check the spelling and the folder.") from error
    if not data:
        raise EmptyFile(f"{path.name} is empty. Write the keypoints again.")
    return data


def _json(data: bytes, name: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise KeypointFileError(
            f"{name} begins as JSON, but it is damaged or was cut off; write or copy it again."
        ) from error
