"""The walker: bones keep their length, a foot on the ground moves with the belt, and one foot always is."""

import numpy as np
import pytest

from gait.model import SIDES
from gait.validate.walker import Walker

TIME_S = np.linspace(1, 9, 2000)


@pytest.fixture(params=[0.0, 1.2, 1.9], ids=lambda speed: f"{speed} m/s")
def walker(request: pytest.FixtureRequest) -> Walker:
    return Walker(speed_mps=request.param, duration_s=10)


def test_thigh_and_shank_keep_their_length(walker: Walker) -> None:
    joints = walker.joints_at(TIME_S)
    for side in SIDES:
        for upper, lower in (("hip", "knee"), ("knee", "ankle")):
            length = np.linalg.norm(joints[f"{side}_{upper}"] - joints[f"{side}_{lower}"], axis=1)
            np.testing.assert_allclose(
                length, walker.segment_m, atol=0.002
            )  # stretched fully where it nearly can't reach


def test_the_foot_on_the_ground_moves_with_the_belt(walker: Walker) -> None:
    joints = walker.joints_at(TIME_S)
    for side in SIDES:
        contacts, toe_offs = walker.contact_s[side], walker.toe_off_s[side]
        last = np.searchsorted(contacts, TIME_S, side="right") - 1
        on_ground = (toe_offs[last] > TIME_S) & (contacts[last] < TIME_S)
        speed = np.gradient(joints[f"{side}_heel"][:, 0], TIME_S)
        steady = on_ground & np.roll(on_ground, 1) & np.roll(on_ground, -1)
        np.testing.assert_allclose(speed[steady], -walker.speed_mps, atol=1e-6)
        assert joints[f"{side}_heel"][:, 1].min() > 0
        assert joints[f"{side}_foot_index"][:, 1].min() > 0  # toes point down while they swing


def test_walking_has_no_flight(walker: Walker) -> None:
    grounded = np.zeros(len(TIME_S), dtype=int)
    for side in SIDES:
        for contact, toe_off in zip(walker.contact_s[side], walker.toe_off_s[side], strict=True):
            grounded += (contact <= TIME_S) & (toe_off > TIME_S)
    assert grounded.min() == 1
    assert grounded.max() == 2
