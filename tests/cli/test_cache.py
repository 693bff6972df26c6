"""`gait cache`: what is kept between runs."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gait.model import Video
from gait.pose import KeypointCache
from gait.pose.cache import Chunk


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> KeypointCache:
    monkeypatch.setenv("GAIT_CACHE_DIR", str(tmp_path / "kept"))
    return KeypointCache()


def keep(cache: KeypointCache, name: str) -> None:
    xy, confidence = np.zeros((40, 33, 2), np.float32), np.zeros((40, 33), np.float32)
    chunk = Chunk(40, np.arange(40), np.zeros(40, np.int64), xy, confidence)
    video = Video(Path(name), 160, 96, 40, 30, np.arange(40) / 30, content_hash=name * 8)  # type: ignore[arg-type]
    assert cache.store(video, "Model()", 0, chunk)


def test_list(cache: KeypointCache, invoke: Any) -> None:
    ended = invoke("cache", "list")
    assert ended.exit_code == 0
    assert ended.stdout == f"0 clips, 0.0 MB in {cache.directory}\n"
    keep(cache, "tuesday.mp4")
    keep(cache, "monday.mp4")
    monday, tuesday, total = invoke("cache", "list").stdout.splitlines()
    assert monday.startswith("monday.mp4  40 frames  0.0 MB  monday.mp4mo  Model()")
    assert tuesday.startswith("tuesday.mp4")
    assert total.startswith("2 clips")


def test_clear(cache: KeypointCache, invoke: Any) -> None:
    keep(cache, "monday.mp4")
    keep(cache, "tuesday.mp4")
    ended = invoke("cache", "clear")
    assert (ended.exit_code, ended.stdout) == (0, "2 clips removed from the cache.\n")
    assert cache.list() == ()
    assert invoke("cache", "clear").stdout == "0 clips removed from the cache.\n"
