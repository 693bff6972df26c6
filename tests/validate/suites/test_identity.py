"""How the suite counts right legs and the knee's error, on legs that were exchanged on purpose."""

import numpy as np
import pytest

from gait.simulate.film import Filmed, film
from gait.simulate.keypoint_noise import KeypointNoise
from gait.simulate.sampling import Sampling
from gait.validate.runners import drawn_camera, drawn_run
from gait.validate.suites.identity import knee_error_deg, legs_right


def filmed(**wrong: float) -> Filmed:
    camera = drawn_camera(1, "right", square=True)
    return film(drawn_run(1, 12.0), camera, Sampling(fps=60), KeypointNoise(**wrong), duration_s=10, seed=1)  # type: ignore[arg-type]


def test_exact_keypoints_are_all_right() -> None:
    exact = filmed()
    assert legs_right(exact.track, exact) == 1
    # Keypoints are stored as float32 pixels: some 1e-4 of a pixel on a thigh of a hundred.
    assert knee_error_deg(exact.track, exact, "right") < 0.01


def test_exchanged_frames_are_counted() -> None:
    wrong = filmed(swap_share=0.2, swap_s=0.2)
    share = float(wrong.swapped.mean())
    assert share == pytest.approx(0.2, abs=0.1)  # what was drawn
    # Frames in which the ankles pass each other aren't counted, which moves the share by their part of a fifth or less.
    assert legs_right(wrong.track, wrong) == pytest.approx(1 - share, abs=0.05)
    flexed = [knee_error_deg(wrong.track, wrong, side) for side in ("left", "right")]
    # In exchanged frames the knee is the other leg's, half a stride apart: 25 degrees off or more on average.
    assert min(flexed) > 25 * np.sqrt(share)
