from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from gait.pose import KeypointCache
from gait.pose.cache import Chunk, default_directory

XY = np.arange(60, dtype=np.float32).reshape(10, 3, 2)
CONFIDENCE = np.linspace(0, 1, 30, dtype=np.float32).reshape(10, 3)
# Two people in ten frames, both seen in the fifth.
CHUNK = Chunk(10, np.array([0, 1, 2, 3, 4, 4, 5, 6, 8, 9]), np.array([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]), XY, CONFIDENCE)


def same(one, other):
    return all(np.array_equal(value, asdict(other)[name]) for name, value in asdict(one).items())


@pytest.fixture
def cache(tmp_path):
    return KeypointCache(tmp_path / "cache")


@pytest.fixture
def video(new_clip):
    return new_clip(10).video


def test_what_was_stored_is_found(cache, video):
    assert cache.lookup(video, "Model()", 0, 10) is None
    assert cache.store(video, "Model()", 0, CHUNK)
    found = cache.lookup(video, "Model()", 0, 10)
    assert same(found, CHUNK)
    assert found.xy.dtype == found.confidence.dtype == np.float32


@pytest.mark.parametrize(
    "changes",
    [{"content_hash": "b" * 64}, {"width_px": 5}, {"n_frames": 9, "file_time_s": np.arange(9.0)}],
    ids=["content", "size", "frames"],
)
def test_another_clip_is_not_found(cache, video, changes):
    cache.store(video, "Model()", 0, CHUNK)
    assert cache.lookup(replace(video, **changes), "Model()", 0, 10) is None


def test_other_settings_or_another_chunk_are_not_found(cache, video):
    cache.store(video, "Model()", 0, CHUNK)
    assert cache.lookup(video, "Model(complexity=2)", 0, 10) is None
    assert cache.lookup(video, "Model()", 10, 20) is None
    assert cache.lookup(video, "Model()", 0, 9) is None


def test_another_name_for_the_same_content_is_found(cache, video):
    cache.store(video, "Model()", 0, CHUNK)
    assert cache.lookup(replace(video, path=Path("elsewhere/copy.mp4")), "Model()", 0, 10) is not None


def test_damaged_files_are_as_good_as_none(cache, video):
    """Cut off at any place, or any byte changed: it is either refused or read as it was."""
    cache.store(video, "Model()", 0, CHUNK)
    (path,) = cache.directory.rglob("*.npz")
    data = path.read_bytes()
    for length in range(0, len(data), 37):
        path.write_bytes(data[:length])
        assert cache.lookup(video, "Model()", 0, 10) is None
    for at in range(len(data)):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        found = cache.lookup(video, "Model()", 0, 10)
        assert found is None or same(found, CHUNK)
    cache.store(video, "Model()", 0, CHUNK)
    assert cache.lookup(video, "Model()", 0, 10) is not None


def test_list_and_clear(cache, video):
    assert cache.list() == ()
    cache.store(video, "Model()", 0, CHUNK)
    cache.store(video, "Model()", 10, CHUNK)
    cache.store(replace(video, path=Path("early.mp4"), content_hash="b" * 64), "Model()", 0, CHUNK)
    early, run = cache.list()
    assert (early.file_name, early.n_chunks) == ("early.mp4", 1)
    assert (run.file_name, run.n_chunks, run.n_frames, run.estimator) == ("run.mp4", 2, 10, "Model()")
    assert run.content_hash == "a" * 64
    assert run.n_bytes > 2 * (XY.nbytes + CONFIDENCE.nbytes)
    (cache.directory / "notes.txt").write_text("not ours")
    assert cache.clear() == 2
    assert cache.list() == ()
    assert [path.name for path in cache.directory.rglob("*") if path.is_file()] == ["notes.txt"]


def test_a_description_that_is_damaged_is_not_listed_but_cleared(cache, video):
    cache.store(video, "Model()", 0, CHUNK)
    next(cache.directory.rglob("clip.json")).write_text("{")
    assert cache.list() == ()
    assert cache.clear() == 1


def test_directory_that_cannot_be_written_keeps_nothing(tmp_path, video):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")  # root may write everywhere, so permissions would not do
    cache = KeypointCache(in_the_way)
    assert cache.store(video, "Model()", 0, CHUNK) is False
    assert cache.lookup(video, "Model()", 0, 10) is None
    assert cache.list() == ()
    assert cache.clear() == 0
    assert in_the_way.read_text() == "not a folder"


def test_full_disk_leaves_no_part_behind(cache, video, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    cache.store(video, "Model()", 0, CHUNK)
    before = sorted(cache.directory.rglob("*"))
    monkeypatch.setattr(np, "savez", full)
    assert cache.store(video, "Model()", 0, replace(CHUNK, xy=XY + 1)) is False
    assert sorted(cache.directory.rglob("*")) == before
    assert same(cache.lookup(video, "Model()", 0, 10), CHUNK)


def test_directory_of_the_environment_goes_first(tmp_path, monkeypatch):
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path))
    assert default_directory() == tmp_path
    monkeypatch.delenv("GAIT_CACHE_DIR")
    assert "gait" in default_directory().parts
