"""Ctrl-C in the middle: one sentence, nothing half-written, and what was found stays for the next run."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import gait
from gait.pose import MediaPipe

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT for one process alone")

SIDE = Path(__file__).parents[2] / "sample_videos" / "side.mp4"
CHUNK_FRAMES = 30  # in place of 1800, so that a clip of two seconds has several
PROGRAM = f"""
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets its background jobs ignore it
import gait.pose.tracking
gait.pose.tracking.CHUNK_FRAMES = {CHUNK_FRAMES}
from gait.cli import main
main()
"""


def interrupted(arguments: list[str | Path], sign: Callable[[], bool], cache: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line, and press Ctrl-C as soon as the sign is there."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "GAIT_CACHE_DIR": str(cache)},
    )
    while process.poll() is None and not sign():
        time.sleep(0.005)
    assert process.poll() is None, f"ended before it could be interrupted: {process.communicate()}"
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=120)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def check_ending(ended: subprocess.CompletedProcess[str]) -> None:
    assert ended.returncode == 130
    assert ended.stderr.startswith("gait: Interrupted")
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_while_the_pose_model_runs(
    tmp_path: Path, analysis_two_seconds: Path, unchanged: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips, cache = tmp_path / "clips", tmp_path / "cache"
    clips.mkdir()
    clip = clips / "run.mp4"
    clip.write_bytes(analysis_two_seconds.read_bytes())
    with unchanged(clips):
        ended = interrupted(["analyze", clip], lambda: any(cache.rglob("*.npz")), cache)
    check_ending(ended)
    n_kept = len(list(cache.rglob("0*.npz")))
    assert 1 <= n_kept < 4
    assert not list(cache.rglob("*.part"))

    seen: list[int] = []
    follow = MediaPipe.follow

    def counted(self: MediaPipe, pictures: Iterable[Any], *, fps: float) -> Iterator[Any]:
        for people in follow(self, pictures, fps=fps):
            seen.append(1)
            yield people

    monkeypatch.setattr("gait.pose.tracking.CHUNK_FRAMES", CHUNK_FRAMES)
    monkeypatch.setattr(MediaPipe, "follow", counted)
    monkeypatch.setenv("GAIT_CACHE_DIR", str(cache))
    analysis = gait.analyze(clip)
    assert analysis.video.n_frames == 120
    assert len(seen) == 120 - n_kept * CHUNK_FRAMES


def test_while_the_report_is_drawn(
    tmp_path: Path, analysis_two_seconds: Path, analysis_cache: Path, unchanged: Any
) -> None:
    gait.analyze(analysis_two_seconds)  # now its keypoints are in the cache
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("an older report")
    with unchanged(tmp_path):
        ended = interrupted(
            ["analyze", analysis_two_seconds, "--out", out],
            lambda: any(out.glob(".out.*.part/made/.annotated.mp4.*.part")),
            analysis_cache,
        )
    check_ending(ended)
