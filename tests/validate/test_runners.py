"""Made-up people, cameras and keypoint errors: by seed, and as spread as they say."""

from contextlib import suppress

import numpy as np
import pytest

from gait.errors import ConfigError
from gait.simulate.people import STRIKES_DEG, drawn_person
from gait.validate.runners import MISPLACED_LEG_LENGTHS, drawn_camera, drawn_run, keypoint_noise


def test_a_seed_is_a_person() -> None:
    one, again, other = (drawn_run(seed, 3.0).runner for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_people_differ_as_much_as_people_do() -> None:
    rng, runners = np.random.default_rng(1), []
    while len(runners) < 300:
        with suppress(ConfigError):  # bodies that can't be are drawn again
            runners.append(drawn_person(rng))
    lean = [runner.trunk_lean_deg for runner in runners]
    # The SD of 300 draws is known to 4 %; three of those around Teng and Powers' 3.6 degrees.
    assert np.std(lean) == pytest.approx(3.6, rel=0.12)
    assert min(runner.speed_mps for runner in runners) >= 2.5
    assert max(runner.speed_mps for runner in runners) <= 4.2


@pytest.mark.parametrize("strike", STRIKES_DEG)
def test_what_is_chosen_is_kept(strike: str) -> None:
    runner = drawn_run(5, 1.0, strike=strike, chosen={"speed_mps": 3.3, "cadence_spm": 180.0}).runner
    assert (runner.speed_mps, runner.cadence_spm) == (3.3, 180.0)
    assert runner.foot_strike_deg == pytest.approx(STRIKES_DEG[strike], abs=8)  # four SD


def test_what_cannot_be_is_refused_with_its_reason() -> None:
    with pytest.raises(ConfigError, match=r"duty_factor can't be 0\.6"):
        drawn_run(1, 1.0, chosen={"duty_factor": 0.6})


def test_cameras_stand_as_people_set_them_up() -> None:
    cameras = [drawn_camera(seed, "rear") for seed in range(200)]
    assert np.mean([camera.yaw_deg for camera in cameras]) == pytest.approx(180, abs=0.7)  # 3 / sqrt(200) x 3
    assert np.std([camera.roll_deg for camera in cameras]) == pytest.approx(1, rel=0.15)
    assert all(3 <= camera.distance_m <= 5 for camera in cameras)
    square = drawn_camera(3, "left", square=True, yaw_deg=10)
    assert (square.yaw_deg, square.roll_deg, square.distance_m) == (280, 0, 4)


def test_keypoints_are_misplaced_by_what_is_said() -> None:
    offsets = [place for seed in range(100) for place in keypoint_noise(seed, 0.01).bias_leg_lengths.values()]
    assert np.std(offsets) == pytest.approx(MISPLACED_LEG_LENGTHS, rel=0.06)  # 3600 draws: three of 1.2 %, and some
    assert keypoint_noise(1, 0.01, misplaced=False).bias_leg_lengths == {}
