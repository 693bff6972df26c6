"""Keypoints of other tools through the whole program: real files, missing points, and the same numbers after TRC."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest

import gait
from gait.export import write_trc
from gait.metrics import REGISTRY
from gait.model import Analysis, SideOrBoth, Track
from gait.outputs import write_report
from gait.pose import read_keypoints, save_track
from gait.simulate import Camera, KeypointNoise, Runner, Sampling, film, simulate_run

SHARED = Path(__file__).parents[2] / "shared" / "data" / "keypoints"
FEET = ("heel", "foot_index")
NEEDS_NO_FEET = {"rear": {"frontal_plane_projection_deg", "femoral_adduction_deg"}, "left": {"trunk_lean_deg"}}


@pytest.fixture(scope="module")
def real_keypoints() -> Callable[[str], Path]:
    """Keypoints that belong to others, by name; the test is skipped where they aren't there."""

    def find(name: str) -> Path:
        if not (SHARED / name).exists():
            pytest.skip(f"{name} isn't part of the project; it would lie in {SHARED}")
        return SHARED / name

    return find


def without(track: Track, *joints: str) -> Track:
    """The track as a skeleton without these joints gives it."""
    xy, confidence = np.array(track.xy), np.array(track.confidence)
    lost = [k for k, name in enumerate(track.skeleton.names) if name.partition("_")[2] in joints]
    xy[:, lost], confidence[:, lost] = np.nan, 0
    return Track(xy, confidence, track.skeleton, track.video)


def estimate(analysis: Analysis, name: str, side: SideOrBoth = "both") -> float:
    summary = analysis.metrics.get(name, side)
    assert summary is not None
    assert summary.estimate is not None, summary.withheld
    return summary.estimate


class TestRealFiles:
    def test_halpe26_gives_the_counted_cadence(self, real_keypoints: Any) -> None:
        """Two counts by eye of the clip: 168.4 +- 0.6 and 168.9 +- 0.5 steps a minute."""
        analysis = gait.analyze_keypoints(real_keypoints("treadmill_left_30fps.halpe26.json"))
        assert (analysis.scene.view, analysis.scene.is_running) == ("left", True)
        assert 167.5 < estimate(analysis, "cadence_spm") < 169.9
        contacts_s = analysis.events.file_time_s[analysis.events.select("initial_contact", "left")]
        for frame in (16.5, 38, 59, 81, 102):  # counted by eye, +- 1 frame
            assert np.abs(contacts_s - frame / 30).min() < 1.5 / 30
        assert (analysis.video.width_px, analysis.video.height_px) == (720, 1280)
        assert analysis.provenance.pose_model.startswith("KeypointFile(name='treadmill_left_30fps.halpe26.json'")
        assert analysis.provenance.content_hash in analysis.provenance.pose_model

    def test_openpose_folder_is_read_with_its_gaps(self, real_keypoints: Any, tmp_path: Path) -> None:
        """103 frames, nobody in nine of them; the runner goes away from the camera, so that no value is shown."""
        folder = real_keypoints("openpose_body25_rear")
        track, _ = read_keypoints(folder, fps=30)
        empty = [i for i, path in enumerate(sorted(folder.iterdir())) if not json.loads(path.read_text())["people"]]
        assert empty == [0, 1, 2, 3, 8, 9, 10, 11, 12]
        assert len(track.xy) == 103
        assert np.isnan(track.xy[empty]).all()
        assert np.isfinite(track.point("left_knee")[25:]).all()
        analysis = gait.analyze_keypoints(folder, fps=30)
        assert analysis.scene.view == "rear"
        assert [s for s in analysis.metrics.summary if s.estimate is not None] == []
        assert write_report(analysis, tmp_path / "out").is_file()

    def test_with_its_clip(self, real_keypoints: Any, real_clip: Any) -> None:
        file, clip = real_keypoints("treadmill_left_30fps.halpe26.json"), real_clip("treadmill_left_30fps.mp4")
        analysis = gait.analyze_keypoints(file, clip=clip)
        assert analysis.video.path.name == clip.name
        assert analysis.provenance.file_name == clip.name
        assert 167.5 < estimate(analysis, "cadence_spm") < 169.9


@pytest.mark.parametrize("view", ["left", "rear"])
@pytest.mark.parametrize("fps", [30, 60, 120])
def test_the_same_metrics_after_trc(tmp_path: Path, fps: float, view: Literal["left", "rear"]) -> None:
    """Not one digit that is shown differs: times are written to a nanosecond, places as they are."""
    run = simulate_run(Runner.typical(3.0), 12, seed=4)
    track = film(run, Camera.from_view(view), Sampling(fps=fps), KeypointNoise.of_clean_clip(), seed=4).track
    save_track(track, tmp_path / "run.npz")
    write_trc(track, tmp_path / "run.trc")
    own, back = (gait.analyze_keypoints(tmp_path / f"run.{kind}") for kind in ("npz", "trc"))
    assert sum(summary.estimate is not None for summary in own.metrics.summary) >= (5 if view == "left" else 4)
    for before, after in zip(own.metrics.summary, back.metrics.summary, strict=True):
        assert (before.name, before.side, before.grade, before.n) == (after.name, after.side, after.grade, after.n)
        if before.estimate is not None:
            assert after.estimate == pytest.approx(before.estimate, rel=1e-6, abs=1e-4)
            assert after.ci95 == pytest.approx(before.ci95, rel=1e-6, abs=1e-4)


class TestMissingPoints:
    @pytest.mark.parametrize("view", ["left", "right", "rear", "front"])
    def test_without_feet_cadence_is_there(self, synthetic_runner: Any, view: str) -> None:
        """As COCO-17; the truth is the made-up runner's."""
        runner = synthetic_runner(duration_s=12)
        whole = gait.analyze_track(runner.film(view, noise_px=1.0))
        analysis = gait.analyze_track(without(runner.film(view, noise_px=1.0), *FEET))
        assert (analysis.scene.view, analysis.scene.direction) == (whole.scene.view, whole.scene.direction)
        assert analysis.scene.is_running is True
        assert estimate(analysis, "cadence_spm") == pytest.approx(runner.cadence_spm, rel=0.005)
        for summary in analysis.metrics.summary:
            if REGISTRY[summary.name].needs_feet:
                assert summary.estimate is None
                assert "the keypoint file has no heel or toe points" in summary.withheld

    @pytest.mark.parametrize("view", ["left", "rear"])
    def test_without_feet_what_needs_none_is_the_same(self, synthetic_runner: Any, view: str) -> None:
        track = synthetic_runner(duration_s=12).film(view, noise_px=1.0)
        whole, footless = gait.analyze_track(track), gait.analyze_track(without(track, *FEET))
        compared = 0
        for before, after in zip(whole.metrics.summary, footless.metrics.summary, strict=True):
            if before.name in NEEDS_NO_FEET[view] and before.estimate is not None:
                # The strides' phase comes from fewer points; from the side the stance over which the lean is meant
                # is found from the pelvis, some 10 ms off, and no foot tells a camera's roll of half a degree.
                assert after.estimate == pytest.approx(before.estimate, abs=0.1 if view == "rear" else 0.7)
                compared += 1
        assert compared

    @pytest.mark.parametrize(("joints", "said"), [
        (("heel",), "no heel points"), (("foot_index",), "no toe points"),
        (("wrist", "elbow", "heel", "foot_index"), "no heel or toe points"),
    ])  # fmt: skip
    def test_the_missing_points_are_named(self, synthetic_runner: Any, joints: Any, said: str) -> None:
        analysis = gait.analyze_track(without(synthetic_runner(duration_s=8).film("left"), *joints))
        contact_time = analysis.metrics.get("contact_time_s", "left")
        assert contact_time is not None
        assert said in contact_time.withheld

    def test_without_shoulders_the_view_has_to_be_said(self, synthetic_runner: Any) -> None:
        runner = synthetic_runner(duration_s=12)
        track = without(runner.film("left", noise_px=1.0), "shoulder")
        unsaid = gait.analyze_track(track)
        assert unsaid.scene.view == "oblique"
        assert any("--view" in warning for warning in unsaid.warnings)
        said = gait.analyze_track(track, gait.Config().with_values({"scene": {"view": "left"}}, source="test"))
        assert said.scene.view == "left"
        lean = said.metrics.get("trunk_lean_deg")
        assert lean is not None
        assert lean.withheld == "the keypoint file has no shoulder points"
        for analysis in (unsaid, said):
            assert estimate(analysis, "cadence_spm") == pytest.approx(runner.cadence_spm, rel=0.005)

    @pytest.mark.parametrize("view", ["left", "rear"])
    @pytest.mark.parametrize("joints", [FEET, ("shoulder",), ("heel",)])
    def test_the_report_is_whole(self, synthetic_runner: Any, tmp_path: Path, view: str, joints: Any) -> None:
        """Numpy's warnings are errors here."""
        save_track(without(synthetic_runner(duration_s=8).film(view), *joints), tmp_path / "run.npz")
        analysis = gait.analyze_keypoints(tmp_path / "run.npz")
        page = write_report(analysis, tmp_path / "out")
        names = {path.name for path in page.parent.iterdir()}
        assert names == {"report.html", "summary.json", "strides.csv", "angles.csv", "keypoints.npz"}
        text = page.read_text(encoding="utf-8")
        assert not re.search(r"\bnan\b", re.sub(r'"data:[^"]*"', "", text), re.IGNORECASE)
        assert "<video" not in text


def test_slow_motion_of_keypoints(synthetic_runner: Any, tmp_path: Path) -> None:
    runner = synthetic_runner(duration_s=10)
    save_track(runner.film("left", fps=120, noise_px=1.0), tmp_path / "run.npz")
    config = gait.Config().with_values({"calibration": {"capture_fps": 120.0}}, source="test")
    analysis = gait.analyze_keypoints(tmp_path / "run.npz", config, fps=30)
    assert analysis.calibration.capture_speed.value == pytest.approx(0.25)
    assert estimate(analysis, "cadence_spm") == pytest.approx(runner.cadence_spm, rel=0.005)


def test_borrowed_error_is_said_to_be_borrowed(synthetic_runner: Any, tmp_path: Path) -> None:
    """MediaPipe's error in knee flexion was never measured on other tools' keypoints."""
    track = synthetic_runner(duration_s=10).film("left", noise_px=1.0)
    save_track(track, tmp_path / "run.npz")
    write_trc(track, tmp_path / "run.trc")
    own, other = (gait.analyze_keypoints(tmp_path / f"run.{kind}") for kind in ("npz", "trc"))
    reasons = [a.metrics.get("knee_flexion_at_contact_deg", "left") for a in (own, other)]
    assert [bool(r and "no comparison of these keypoints" in r.withheld) for r in reasons] == [False, True]
