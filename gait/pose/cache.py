"""Keypoints that were found before, kept in the user's cache: a second analysis of a clip needs no pose model.

A run is stored in chunks as they are done, so that an interrupted one goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.model import Video

FORMAT_VERSION = 3  # raise it when the files, the chunks, the decoding of pictures or the following of people change
_KEYPOINTS, _ABOUT = "keypoints", "clip.json"
# What numpy and zipfile raise on files that were cut off or changed.
UNREADABLE = (OSError, ValueError, KeyError, EOFError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)


def default_directory() -> Path:
    """Where keypoints are kept: `GAIT_CACHE_DIR`, else the user's cache directory of the operating system."""
    import platformdirs

    named = os.environ.get("GAIT_CACHE_DIR")
    return Path(named).expanduser() if named else Path(platformdirs.user_cache_dir("gait", appauthor=False))


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """Everybody's keypoints in `n_frames` frames: a row for each person in each frame.

    `frame` (m,) counts from the chunk's first frame, `person` (m,) is a number within the chunk, `xy` is (m, k, 2) and
    `confidence` (m, k).
    """

    n_frames: int
    frame: NDArray[np.int64]
    person: NDArray[np.int64]
    xy: NDArray[np.float32]
    confidence: NDArray[np.float32]

    @property
    def is_whole(self) -> bool:
        """Whether the arrays fit together."""
        m = len(self.frame)
        return (
            self.xy.ndim == 3
            and self.person.shape == self.frame.shape == (m,)
            and len(self.xy) == m
            and self.confidence.shape == self.xy.shape[:2]
            and bool(((self.frame >= 0) & (self.frame < self.n_frames)).all())
        )


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """One clip with one estimator in the cache."""

    file_name: str
    content_hash: str
    estimator: str
    n_frames: int  # of the whole clip, whether it is done or not
    n_chunks: int  # done so far
    n_bytes: int


@dataclass(frozen=True, slots=True)
class KeypointCache:
    """Chunks of keypoints by content of the video, size of its pictures, estimator and format.

    A file that is damaged is as good as none; a directory that can't be written keeps nothing, and does no harm.
    `directory` None keeps nothing on purpose.
    """

    directory: Path | None = field(default_factory=default_directory)

    def lookup(self, video: Video, estimator: str, start: int, stop: int) -> Chunk | None:
        """Keypoints and confidence of the frames from `start` up to `stop`; None where they aren't there."""
        if self.directory is None:
            return None
        path = _chunk_path(_folder(self.directory, video, estimator), start)
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
                arrays = (stored[name] for name in ("frame", "person", "xy", "confidence"))
                chunk = Chunk(int(stored["n_frames"]), *arrays)
        except UNREADABLE:
            return None
        return chunk if chunk.n_frames == stop - start and chunk.is_whole else None

    def store(self, video: Video, estimator: str, start: int, chunk: Chunk) -> bool:
        """Keep the keypoints of the frames from `start` on; False where they could not be kept."""
        if self.directory is None:
            return False
        folder = _folder(self.directory, video, estimator)
        about = {
            "file_name": video.path.name,
            "content_hash": video.content_hash,
            "estimator": estimator,
            "n_frames": video.n_frames,
        }
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with replacing(folder / _ABOUT) as part:
                part.write_text(json.dumps(about), encoding="utf-8")
            with replacing(_chunk_path(folder, start)) as part, part.open("wb") as file:
                np.savez(file, **asdict(chunk))
        except OSError:
            return False
        return True

    def list(self) -> tuple[CacheEntry, ...]:
        """What is in the cache, by file name."""
        entries = [_entry(folder) for folder in self._folders()]
        return tuple(
            sorted((entry for entry in entries if entry), key=lambda entry: (entry.file_name, entry.estimator))
        )

    def clear(self) -> int:
        """Delete all keypoints, and nothing else in that directory; the number of clips that were deleted."""
        folders = self._folders()
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        return sum(not folder.exists() for folder in folders)

    def _folders(self) -> tuple[Path, ...]:
        """The folders of clips."""
        if self.directory is None:
            return ()
        return tuple(sorted(about.parent for about in (self.directory / _KEYPOINTS).glob(f"*/{_ABOUT}")))


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which then takes the place of `path` at once; nothing is left behind where it fails."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _folder(directory: Path, video: Video, estimator: str) -> Path:
    """Where the chunks of a clip lie: all that decides about its keypoints makes the name."""
    key = (FORMAT_VERSION, video.content_hash, video.width_px, video.height_px, video.n_frames, estimator)
    return directory / _KEYPOINTS / hashlib.sha256(repr(key).encode()).hexdigest()[:32]


def _chunk_path(folder: Path, start: int) -> Path:
    return folder / f"{start:08d}.npz"


def _entry(folder: Path) -> CacheEntry | None:
    """One clip of the cache; None where its description is damaged."""
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        chunks = sorted(folder.glob("*.npz"))
        return CacheEntry(
            file_name=about["file_name"],
            content_hash=about["content_hash"],
            estimator=about["estimator"],
            n_frames=about["n_frames"],
            n_chunks=len(chunks),
            n_bytes=sum(chunk.stat().st_size for chunk in chunks),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
