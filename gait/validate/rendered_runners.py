"""Rendered runners from the side, spread evenly over what the side view's metrics depend on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gait.errors import ConfigError
from gait.model import FloatArray
from gait.simulate.people import STRIKES_DEG, drawn_person
from gait.simulate.run import simulate_run
from gait.simulate.runner import Runner

SPEEDS_MPS = (2.2, 4.5)
OVERSTRIDES_LEG_LENGTHS = (0.12, 0.38)
BUILDS = (0.75, 1.3)
# Who runs faster, or lands on the forefoot, can't land so close under the hip: the leg would be too short for its step.
LEAST_MORE_PER_MPS, LEAST_MORE_ON_FOREFOOT = 0.045, 0.05
_ORDER = 20261123  # of the speeds, overstrides and builds against each other
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
