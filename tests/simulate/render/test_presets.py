"""Presets: runners who can run so, of the kind that the name promises."""

import functools
import pickle

import numpy as np
import pytest

from gait.errors import ConfigError
from gait.simulate.render.plan import ClipPlan
from gait.simulate.render.presets import PRESETS, plan_of

ASKED_FOR = {
    *("side-clean", "side-moderate", "side-phone-dark", "side-handrail", "side-slowmo", "side-vfr", "side-rotated"),
    *("rear-clean", "rear-valgus", "rear-phone-dark", "front", "fatigue", "fatigue-rear", "oblique"),
    *("two-runners", "passer-by", "outdoor"),
}


@functools.cache
def plan(name: str, seed: int) -> ClipPlan:
    return plan_of(name, seed)


def plans(name: str, n: int = 4) -> list[ClipPlan]:
    return [plan(name, seed) for seed in range(n)]


@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 20), marks=pytest.mark.slow)], ids=["2", "20"])
@pytest.mark.parametrize("name", PRESETS)
def test_every_seed_gives_a_runner_who_can_run_so(name: str, seeds: range) -> None:
    for seed in seeds:
        drawn = plan(name, seed)
        joints = drawn.run().joints_at(np.arange(0.0, min(drawn.duration_s, 8.0), 0.02))
        assert all(np.isfinite(place).all() for place in joints.values())
        for foot in ("left_foot_index", "right_foot_index", "left_heel", "right_heel"):
            assert joints[foot][:, 1].min() > -0.02
        seen = drawn.camera.project(np.concatenate(list(joints.values())))
        assert (seen >= 0).all(), "the runner leaves the picture"
        assert (seen <= (drawn.camera.width_px, drawn.camera.height_px)).all(), "the runner leaves the picture"


def test_presets_are_those_promised() -> None:
    assert set(PRESETS) == ASKED_FOR
    assert all(len((preset.__doc__ or "").splitlines()) == 1 for preset in PRESETS.values())


@pytest.mark.parametrize("name", ["side-clean", "passer-by", "rear-phone-dark"])
def test_a_seed_is_a_clip(name: str) -> None:
    drawn = plan(name, 3)
    assert drawn == plan_of(name, 3)
    assert (drawn.name, drawn.seed) == (name, 3)
    assert drawn.person != plan(name, 2).person
    assert pickle.loads(pickle.dumps(drawn)) == drawn


@pytest.mark.parametrize("name", PRESETS)
def test_the_view_is_the_one_named(name: str) -> None:
    views = {drawn.view for drawn in plans(name)}
    if "rear" in name:
        assert views == {"rear"}
    elif name in ("front", "oblique"):
        assert views == {name}
    else:
        assert views <= {"left", "right"}


def test_both_sides_are_filmed() -> None:
    """Four seeds of each preset; all from one side would happen once in a million."""
    sides = [drawn.view for name in PRESETS for drawn in plans(name) if drawn.view in ("left", "right")]
    assert 0.2 < sides.count("left") / len(sides) < 0.8


def test_kinds() -> None:
    assert all(drawn.room.handrail and drawn.room.console for drawn in plans("side-handrail"))
    assert all(drawn.sampling.fps == 240 and drawn.sampling.capture_speed == 1 / 8 for drawn in plans("side-slowmo"))
    assert all(drawn.sampling.vfr_jitter > 0 and drawn.sampling.dropped_share > 0 for drawn in plans("side-vfr"))
    assert {drawn.rotation_deg for drawn in plans("side-rotated")} == {90, 270}
    assert all(drawn.camera.height_px > drawn.camera.width_px for drawn in plans("side-rotated"))
    assert all(
        len(drawn.others) == (name in ("two-runners", "passer-by")) for name in PRESETS for drawn in plans(name, 2)
    )
    for name in PRESETS:
        is_dark = all(drawn.exposure.brightness < 0.5 and drawn.crf >= 30 for drawn in plans(name, 2))
        assert is_dark == name.endswith("phone-dark")


def test_valgus_is_more_than_usual() -> None:
    for drawn in plans("rear-valgus"):
        runner = drawn.person.runner
        assert max(runner.valgus_left_deg, runner.valgus_right_deg) >= 9


@pytest.mark.parametrize("name", ["fatigue", "fatigue-rear"])
def test_a_tiring_runner_changes(name: str) -> None:
    for drawn in plans(name, 2):
        steps = drawn.run().step_table()
        first, last = (
            steps[steps["contact_s"].between(0, 5)].mean(numeric_only=True),
            steps[steps["contact_s"].between(drawn.duration_s - 5, drawn.duration_s)].mean(numeric_only=True),
        )
        assert last["cadence_spm"] < first["cadence_spm"] - 3
        assert last["overstride_leg_lengths"] > first["overstride_leg_lengths"] + 0.015
        assert last["trunk_lean_deg"] > first["trunk_lean_deg"] + 2
        for side in ("left", "right"):
            assert last[f"valgus_{side}_deg"] > first[f"valgus_{side}_deg"]


def test_a_wrong_name_is_answered_with_a_right_one() -> None:
    with pytest.raises(ConfigError, match='no preset "rear-valgsu"; did you mean "rear-valgus"'):
        plan_of("rear-valgsu")
    with pytest.raises(ConfigError, match=r"there are side-clean, .*outdoor\."):
        plan_of("xyz")
