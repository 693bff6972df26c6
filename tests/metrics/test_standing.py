"""Angles less those of the runner standing, in front of the run or in a clip of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.typing import NDArray

import gait
from gait.errors import SceneError
from gait.metrics import standing_frames
from gait.model import SIDES, Side, Track
from gait.simulate.camera import Camera
from gait.simulate.film import film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.run import Run, simulate_run
from gait.simulate.runner import Runner
from gait.simulate.sampling import Sampling

Array = NDArray[np.float64]
STANDS_S = 3.0
KNEE_DEG, LEAN_DEG = 4.0, 3.0


@dataclass
class StandsThenRuns:
    """A runner who stands with slightly bent knees for some seconds, and then runs."""

    run: Run
    stands_s: float = STANDS_S
    knee_deg: float = KNEE_DEG

    @property
    def duration_s(self) -> float:
        return self.stands_s + self.run.duration_s

    @property
    def contact_s(self) -> dict[Side, Array]:
        return {side: self.run.contact_s[side] + self.stands_s for side in SIDES}

    @property
    def toe_off_s(self) -> dict[Side, Array]:
        return {side: self.run.toe_off_s[side] + self.stands_s for side in SIDES}

    def belt_speed_mps_at(self, time_s: Array) -> Array:
        return np.where(time_s < self.stands_s, 0.0, self.run.runner.speed_mps)

    def joints_at(self, time_s: Array) -> dict[str, Array]:
        running = self.run.joints_at(np.maximum(time_s - self.stands_s, 0.0))
        upright = self._upright()
        still = (time_s < self.stands_s)[:, None]
        return {name: np.where(still, upright.get(name, place[0]), place) for name, place in running.items()}

    def _upright(self) -> dict[str, Array]:
        """Thigh forward and shank back by half of the knee's flexion each, the trunk leaning."""
        body, half, lean = self.run.runner.body, np.radians(self.knee_deg / 2), np.radians(LEAN_DEG)
        places: dict[str, Array] = {}
        for side, out in (("left", -1.0), ("right", 1.0)):
            ankle = np.array([0.0, body.ankle_height_m, out * body.hip_half_width_m])
            knee = ankle + body.shank_m * np.array([np.sin(half), np.cos(half), 0.0])
            hip = knee + body.thigh_m * np.array([-np.sin(half), np.cos(half), 0.0])
            shoulder = hip + body.trunk_m * np.array([np.sin(lean), np.cos(lean), 0.0])
            joints = {"ankle": ankle, "knee": knee, "hip": hip, "shoulder": shoulder}
            joints |= {name: ankle + np.r_[getattr(body, name), 0.0] for name in ("heel", "foot_index")}
            places |= {f"{side}_{name}": place for name, place in joints.items()}
        return places


def filmed(view: str = "right", *, start_s: float = 0.0, duration_s: float | None = None, **moving: float) -> Track:
    run = simulate_run(Runner(), 14.0, seed=5)
    noise = KeypointNoise(jitter_leg_lengths=0.004)
    whole = StandsThenRuns(run, **moving)
    camera = Camera.from_view(view)  # type: ignore[arg-type]
    return film(whole, camera, Sampling(fps=30.0), noise, start_s=start_s, duration_s=duration_s, seed=1).track


@pytest.fixture(scope="module")
def standing_first() -> gait.Analysis:
    return gait.analyze_track(filmed())


def test_the_seconds_before_the_run_are_found() -> None:
    found = standing_frames(filmed())
    assert found is not None
    assert found[0] <= 3
    assert abs(found[1] - STANDS_S * 30) <= 8
    assert standing_frames(filmed(start_s=STANDS_S)) is None


def test_angles_are_told_over_standing_too(standing_first: gait.Analysis) -> None:
    """Posture: the trunk leans by 3 degrees, the knees are bent by 4, so the shank leans forward by 2."""
    rest = {"trunk_lean_deg": LEAN_DEG, "swing_knee_flexion_deg": KNEE_DEG, "thigh_extension_at_toe_off_deg": -2.0}
    for name, posture_deg in rest.items():
        summary = standing_first.metrics.get(name, "both" if name.startswith("trunk") else "right")
        assert summary is not None
        assert summary.estimate is not None
        assert summary.over_standing is not None
        assert summary.estimate - summary.over_standing.value == pytest.approx(posture_deg, abs=0.5)
        assert summary.over_standing.source == "before the run"


def test_the_interval_over_standing_is_no_narrower(standing_first: gait.Analysis) -> None:
    told = [summary for summary in standing_first.metrics.summary if summary.over_standing is not None]
    assert len(told) >= 5
    for summary in told:
        assert summary.ci95 is not None
        assert summary.over_standing is not None
        assert summary.over_standing.error >= (summary.ci95[1] - summary.ci95[0]) / 2


def test_what_has_a_zero_of_its_own_has_no_value_over_standing(standing_first: gait.Analysis) -> None:
    for name in ("cadence_spm", "foot_strike_angle_deg", "ankle_to_hip_at_contact_leg_lengths"):
        assert all(s.over_standing is None for s in standing_first.metrics.summary if s.name == name)


def test_a_run_without_standing_has_none() -> None:
    analysis = gait.analyze_track(filmed(start_s=STANDS_S))
    assert all(summary.over_standing is None for summary in analysis.metrics.summary)


def test_standing_changes_no_value() -> None:
    """However long: the run is read as if the clip began with it."""
    alone, long = (gait.analyze_track(track) for track in (filmed(start_s=STANDS_S), filmed(stands_s=10.0)))
    for name in ("cadence_spm", "trunk_lean_deg", "trunk_lean_at_midstance_deg"):
        with_, without = (one.metrics.get(name) for one in (long, alone))
        assert with_ is not None
        assert without is not None
        assert with_.estimate == pytest.approx(without.estimate, rel=0.01)
    assert (long.strides["file_time_s"] > 9.5).all()


def test_a_clip_of_its_own_goes_before_the_seconds_in_the_run() -> None:
    still = filmed(duration_s=2.0, knee_deg=8.0)
    summary = gait.analyze_track(filmed(), standing=still).metrics.get("swing_knee_flexion_deg", "right")
    assert summary is not None
    assert summary.estimate is not None
    assert summary.over_standing is not None
    assert summary.estimate - summary.over_standing.value == pytest.approx(8.0, abs=0.5)
    assert summary.over_standing.source == "standing clip"


@pytest.mark.parametrize("wrong", ["runs", "other side", "rear"])
def test_a_clip_that_is_no_standing_trial_of_this_run_is_refused(wrong: str) -> None:
    still = {
        "runs": filmed(start_s=STANDS_S, duration_s=4.0),
        "other side": filmed("left", duration_s=2.0),
        "rear": filmed("rear", duration_s=2.0),
    }[wrong]
    with pytest.raises(SceneError, match="standing still for a second"):
        gait.analyze_track(filmed(start_s=STANDS_S), standing=still)


def test_somebody_who_crouches_does_not_stand() -> None:
    assert standing_frames(filmed(duration_s=2.0, knee_deg=60.0)) is None


def test_a_camera_that_is_rolled_is_turned_back_for_both() -> None:
    """The trunk's lean over standing is the same whether the camera hangs by four degrees or not."""
    track = filmed()
    turn = np.radians(4.0)
    matrix = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    middle = np.array([track.video.width_px, track.video.height_px]) / 2
    rolled = replace(track, xy=((track.xy - middle) @ matrix + middle).astype(np.float32))
    values = []
    for one in (track, rolled):
        summary = gait.analyze_track(one).metrics.get("trunk_lean_deg")
        assert summary is not None
        assert summary.over_standing is not None
        values.append(summary.over_standing.value)
    assert values[0] == pytest.approx(values[1], abs=0.3)
