"""The runner's surface is where the joints are, on the belt, and without a limb in another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.spatial import cKDTree

from gait.model import SIDES, FloatArray
from gait.simulate import Run, Runner, simulate_run
from gait.simulate.render.appearance import APPEARANCES, Appearance
from gait.simulate.render.surface import Piece, surface
from gait.simulate.variation import Variation

RUNNERS = {
    "rearfoot": Runner(),
    "forefoot": Runner.typical(3.5, foot_strike_deg=-6.0),
    "tall": Runner(height_m=1.92, step_width_m=0.06),
    "small": Runner.typical(2.6, height_m=1.55),
}


@pytest.fixture(scope="module", params=sorted(RUNNERS))
def run(request: pytest.FixtureRequest) -> Run:
    return simulate_run(RUNNERS[request.param], 3, variation=Variation.none())


def pieces_at(run: Run, time_s: float, look: Appearance | None = None) -> dict[str, Piece]:
    figure = run.figure_at(np.array([time_s]))
    return {piece.name: piece for piece in surface(figure, run.runner.body, look or Appearance())}


def over_a_stride(run: Run, n: int) -> FloatArray:
    first, second = run.contact_s["left"][np.searchsorted(run.contact_s["left"], 0.8) :][:2]
    return np.linspace(first, second, n, endpoint=False)


def corners(*pieces: Piece) -> FloatArray:
    return np.concatenate([piece.places.reshape(-1, 3) for piece in pieces])


def to_line_m(places: FloatArray, joints: list[FloatArray]) -> FloatArray:
    """Distance of places to the line through the joints."""
    dense = [one + (other - one) * share for one, other in pairwise(joints) for share in STEPS]
    return cKDTree(np.array(dense)).query(places)[0]


STEPS = np.linspace(0, 1, 40)


@pytest.mark.parametrize(
    ("limb", "joints", "thickest_m"),
    # the thickest: half a thigh at the hip, half an arm at the shoulder, each with a tenth of slack
    [("leg", ("hip", "knee", "ankle"), 0.105), ("arm", ("shoulder", "elbow", "wrist"), 0.06)],
)
def test_limbs_lie_around_their_bones(run: Run, limb: str, joints: tuple[str, ...], thickest_m: float) -> None:
    scale = run.runner.height_m / 1.75
    for time_s in over_a_stride(run, 7):
        truth = run.joints_at(np.array([time_s]))
        pieces = pieces_at(run, time_s, Appearance(sleeve_length=0.0, shorts_length=0.2))
        for side in SIDES:
            away = to_line_m(corners(pieces[f"{side}_{limb}"]), [truth[f"{side}_{joint}"][0] for joint in joints])
            assert away.max() < thickest_m * scale
            rings = pieces[f"{side}_{limb}"].places.mean(axis=1)
            # the middle of every ring is in the bone: muscles put it off by at most 2 cm, round ends lie beyond it
            assert to_line_m(rings[5:-5], [truth[f"{side}_{joint}"][0] for joint in joints]).max() < 0.02 * scale


def test_heel_and_toe_keypoints_lie_in_the_shoe(run: Run) -> None:
    for time_s in over_a_stride(run, 5):
        truth, pieces = run.joints_at(np.array([time_s])), pieces_at(run, time_s)
        for side in SIDES:
            shoe = corners(pieces[f"{side}_foot_shoe"], pieces[f"{side}_foot_sole"])
            tree = cKDTree(shoe)
            for point in ("heel", "foot_index"):
                # the heel is the shoe's back; the base of the big toe lies half a shoe's height under the upper
                assert tree.query(truth[f"{side}_{point}"][0])[0] < (0.02 if point == "heel" else 0.035)


def test_the_sole_is_on_the_belt_in_stance_and_off_it_in_flight(run: Run) -> None:
    for side in SIDES:
        contact_s = run.contact_s[side][np.searchsorted(run.contact_s[side], 0.8)]
        off_s = run.toe_off_s[side][np.searchsorted(run.toe_off_s[side], contact_s)]
        for time_s in np.linspace(contact_s, off_s, 25):
            lowest_mm = 1000 * corners(pieces_at(run, time_s)[f"{side}_foot_sole"])[:, 1].min()
            assert -3 < lowest_mm < 6
        for time_s in (contact_s - 0.06, off_s + 0.06):
            assert 1000 * corners(pieces_at(run, time_s)[f"{side}_foot_sole"])[:, 1].min() > 6


@pytest.mark.parametrize("girth", [1.0, 1.2])
def test_no_limb_is_in_another(run: Run, girth: float) -> None:
    look = Appearance(girth=girth, shirt_looseness=0.9)
    for time_s in over_a_stride(run, 12):
        pieces = pieces_at(run, time_s, look)
        shoes = [corners(pieces[f"{side}_foot_shoe"], pieces[f"{side}_foot_sole"]) for side in SIDES]
        assert cKDTree(shoes[0]).query(shoes[1])[0].min() > 0.02
        shirt = pieces["shirt"]
        tree, outward = cKDTree(corners(shirt)), shirt.normals.reshape(-1, 3)
        for side, other in (("left", "right"), ("right", "left")):
            assert cKDTree(corners(pieces[f"{other}_leg"])).query(shoes[SIDES.index(side)])[0].min() > 0.02
            hand = corners(pieces[f"{side}_hand"])
            nearest = tree.query(hand)[1]
            # a hand may touch the shirt, which is loose by more than this
            assert ((hand - corners(shirt)[nearest]) * outward[nearest]).sum(axis=1).min() > -0.006


def test_normals_point_outward() -> None:
    run = simulate_run(duration_s=2)
    for name, piece in pieces_at(run, 1.0).items():
        if "foot" in name or name == "hair":  # flat ends, whose middles lie in them
            continue
        away = piece.places - piece.places.mean(axis=1, keepdims=True)
        share = ((piece.normals * away).sum(axis=2) > 0).mean()
        assert share > 0.85, name  # the rest are the hips' cloth, which is shaded as one with the seat
        assert np.allclose(np.linalg.norm(piece.normals, axis=2), 1)


def test_hems_are_straight() -> None:
    run = simulate_run(duration_s=2)
    pieces = pieces_at(run, 1.2)
    for name in ("left_leg_cloth", "right_leg_cloth", "left_arm_cloth", "right_arm_cloth"):
        hem = pieces[name].places[-1]
        flat = np.linalg.svd(hem - hem.mean(axis=0))[1][-1] / np.sqrt(len(hem))
        assert flat < 1e-6, name


@pytest.mark.parametrize("name", sorted(APPEARANCES))
def test_another_place_moves_all_of_it(name: str) -> None:
    run = simulate_run(duration_s=2)
    figure, offset_m = run.figure_at(np.array([1.0])), np.array([0.3, -0.16, 1.2])
    here = surface(figure, run.runner.body, APPEARANCES[name])
    there = surface(figure, run.runner.body, APPEARANCES[name], offset_m)
    for one, other in zip(here, there, strict=True):
        assert np.allclose(one.places + offset_m, other.places)


def test_clothes_are_as_chosen() -> None:
    run = simulate_run(duration_s=2)
    tight = pieces_at(run, 1.0, Appearance(shorts_looseness=0.0, shorts_length=0.4))["left_leg_cloth"]
    loose = pieces_at(run, 1.0, Appearance(shorts_looseness=1.0, shorts_length=0.4))["left_leg_cloth"]
    # at the hem, half the width grows by 26 mm from tight to loose
    widths = [np.ptp(piece.places[-1] @ np.array([0, 0, 1])) for piece in (tight, loose)]
    assert widths[1] - widths[0] == pytest.approx(0.052, abs=0.006)
    names = {look: set(pieces_at(run, 1.0, APPEARANCES[look])) for look in ("plain", "tights", "singlet")}
    assert "left_leg" not in names["tights"]
    assert "left_arm_cloth" not in names["singlet"]
    assert "ponytail" in names["tights"] - names["plain"]


def test_random_looks_repeat_with_their_seed_and_differ_between_seeds() -> None:
    looks = [Appearance.random(np.random.default_rng(seed)) for seed in range(30)]
    assert looks == [Appearance.random(np.random.default_rng(seed)) for seed in range(30)]
    assert len(set(looks)) == 30
    lightness = [np.mean(look.skin) for look in looks]
    assert min(lightness) < 0.15
    assert max(lightness) > 0.4
    assert {look.long_trousers for look in looks} == {True, False}
