"""The suite real, on a clip of keypoints whose count is known."""

from collections.abc import Callable
from pathlib import Path

import pytest

import gait
from gait.model import Track
from gait.validate.rows import Row
from gait.validate.suites import real

TRUTH = """
[[clip]]
name = "a clip"
file = "clip.mp4"
keypoints = "clip.npz"
fps = {fps}
view = "{view}"
is_running = {running}
cadence_spm = {{ count = {count}, error = 0.6 }}
contact_frames = {{ right = [{frames}], error = 1 }}
"""
FPS = 60


@pytest.fixture(scope="module")
def filmed(synthetic_runner: Callable[..., object]) -> Track:
    track: Track = synthetic_runner(cadence_spm=170).film("right", fps=FPS, noise_px=0.5)  # type: ignore[attr-defined]
    return track


@pytest.fixture(scope="module")
def contacts(filmed: Track) -> list[float]:
    analysis = gait.analyze_track(filmed)
    times = analysis.events.time_s[analysis.events.select("initial_contact", "right")]
    return [float(time - filmed.video.file_time_s[0]) * FPS for time in times[2:6]]


def measured(folder: Path, track: Track, **told: object) -> list[Row]:
    gait.save_track(track, folder / "clip.npz")
    known = {"fps": FPS, "view": "right", "running": "true", "count": 170, "frames": ""} | told
    (folder / "truth.toml").write_text(TRUTH.format(**known), encoding="utf-8")
    suite = real.suite(folder)
    assert suite.missing() == ""
    (case,) = suite.cases("testing")
    return case.run()


def by_metric(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.metric, []).append(row)
    return found


def test_a_clip_against_what_was_counted(tmp_path: Path, filmed: Track, contacts: list[float]) -> None:
    frames = ", ".join(f"{frame + 3:.2f}" for frame in contacts)  # the reader saw them three frames later
    rows = by_metric(measured(tmp_path, filmed, frames=frames))
    assert rows["view_right"][0].estimate == 1
    assert rows["running_right"][0].estimate == 1
    (cadence,) = rows["cadence_spm"]
    assert cadence.error == pytest.approx(0, abs=0.5)
    assert cadence.high is not None
    assert cadence.estimate is not None
    assert cadence.high - cadence.estimate >= 0.6  # the count's own error is in the interval
    errors = [row.estimate for row in rows["initial_contact_error_ms"]]
    assert errors == pytest.approx([-50] * 4, abs=1)  # three frames at 60 fps
    assert {row.condition for row in rows["initial_contact_error_ms"]} == {"a clip, near leg"}


def test_what_is_wrong_counts_as_wrong(tmp_path: Path, filmed: Track) -> None:
    rows = by_metric(measured(tmp_path, filmed, view="left", running="false"))
    assert rows["view_right"][0].estimate == 0
    assert rows["running_right"][0].estimate == 0
    assert rows["nothing_shown"][0].estimate == 0


def test_missing_data_are_named(tmp_path: Path) -> None:
    assert "no folder" in real.suite(tmp_path / "nowhere").missing()
    assert "no truth file" in real.suite(tmp_path).missing()
    (tmp_path / "truth.toml").write_text('[[clip]]\nfile = "gone.mp4"\n')
    assert "gone.mp4" in real.suite(tmp_path).missing()
