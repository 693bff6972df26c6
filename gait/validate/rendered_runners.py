"""Rendered runners, spread evenly over what the metrics of their view depend on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from gait.errors import ConfigError
from gait.model import FloatArray
from gait.simulate.people import STRIKES_DEG, drawn_person
from gait.simulate.run import simulate_run
from gait.simulate.runner import Runner

SPEEDS_MPS = (2.2, 4.5)
OVERSTRIDES_LEG_LENGTHS = (0.12, 0.38)
BUILDS = (0.75, 1.3)
VALGUS_DEG, DROP_DEG = (-2.0, 14.0), (2.0, 10.0)  # of each leg by itself
STEP_WIDTHS_M, LATERAL_LEANS_DEG = (0.0, 0.15), (-4.0, 8.0)
FRONTAL_SPEEDS_MPS = (2.2, 4.0)
YAWS_DEG = (-10.0, 10.0)
# Who runs faster, or lands on the forefoot, can't land so close under the hip: the leg would be too short for its step.
LEAST_MORE_PER_MPS, LEAST_MORE_ON_FOREFOOT = 0.045, 0.05
_ORDER = 20261123  # of the speeds, overstrides and builds against each other
_FRONTAL_COLUMN = 100  # of the orders, those from the rear and front from here on
_REDRAWS = 50


def spread_runner(number: int, n: int, seed: int, *, runs: Callable[[Runner], object]) -> Runner:
    """Number `number` of `n` runners whose speeds, overstrides, builds and foot strikes are spread evenly.

    What isn't spread is drawn by `seed`; runners who can't be are drawn again. `runs` makes the run that is filmed, and
    raises ConfigError where it can't be run.

    Raises
    ------
    ConfigError
        No runner can run so.
    """
    shares = [_spread(n, column)[number] for column in range(3)]
    strike = list(STRIKES_DEG)[number % len(STRIKES_DEG)]
    speed_mps, build = _between(SPEEDS_MPS, shares[0]), _between(BUILDS, shares[2])
    least = OVERSTRIDES_LEG_LENGTHS[0] + LEAST_MORE_PER_MPS * (speed_mps - SPEEDS_MPS[0])
    least += LEAST_MORE_ON_FOREFOOT * (strike == "forefoot")
    chosen = {
        "speed_mps": speed_mps,
        "overstride_leg_lengths": _between((least, OVERSTRIDES_LEG_LENGTHS[1]), shares[1]),
        "build": build,
    }
    return _drawn(seed, strike, chosen, runs)


def spread_frontal_runner(number: int, n: int, seed: int, *, runs: Callable[[Runner], object]) -> Runner:
    """Number `number` of `n` runners whose speeds, builds, step widths, knees, hips and trunks are spread evenly.

    Projection angle and pelvic drop of the left leg are spread apart from those of the right; what isn't spread is
    drawn by `seed`. `runs` is as in `spread_runner`.

    Raises
    ------
    ConfigError
        No runner can run so.
    """
    ends = {
        "speed_mps": FRONTAL_SPEEDS_MPS,
        "build": BUILDS,
        "step_width_m": STEP_WIDTHS_M,
        "lateral_trunk_lean_deg": LATERAL_LEANS_DEG,
        "valgus_left_deg": VALGUS_DEG,
        "valgus_right_deg": VALGUS_DEG,
        "pelvic_drop_left_deg": DROP_DEG,
        "pelvic_drop_right_deg": DROP_DEG,
    }
    shares = {name: _spread(n, _FRONTAL_COLUMN + column)[number] for column, name in enumerate(ends)}
    chosen = {name: _between(ends[name], share) for name, share in shares.items()}
    return _drawn(seed, None, chosen, runs)


def spread_yaw_deg(number: int, n: int) -> float:
    """How far aside the camera of number `number` of `n` stands."""
    return _between(YAWS_DEG, _spread(n, _FRONTAL_COLUMN - 1)[number])


def _drawn(seed: int, strike: str | None, chosen: Mapping[str, float], runs: Callable[[Runner], object]) -> Runner:
    """A runner with what is chosen; who can't run so is drawn again."""
    rng = np.random.default_rng([seed, 4])
    for attempt in range(_REDRAWS):
        try:
            runner = drawn_person(rng, strike=strike, chosen=chosen)
            simulate_run(runner, 2.0)
            runs(runner)
        except ConfigError:
            if attempt == _REDRAWS - 1:
                raise
        else:
            return runner
    raise AssertionError("unreachable")


def _spread(n: int, column: int) -> FloatArray:
    """The shares 0 to 1 (n,) in an order of their own."""
    return np.random.default_rng([_ORDER, column]).permutation(np.linspace(0, 1, n))


def _between(ends: tuple[float, float], share: float) -> float:
    """The value at a share of the way."""
    return float(ends[0] + share * (ends[1] - ends[0]))
