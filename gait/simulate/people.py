"""Made-up people, as different from each other as runners are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from gait.simulate.runner import Runner, typical_table

STRIKES_DEG = {"rearfoot": 12.0, "midfoot": 2.0, "forefoot": -8.0}
_STRIKE_SHARES = (0.75, 0.15, 0.1)  # a choice: most runners land on the heel


def drawn_person(
    rng: np.random.Generator, *, strike: str | None = None, chosen: Mapping[str, float] | None = None
) -> Runner:
    """One person, at a speed of 2.5 to 4.2 m/s and with any foot strike unless chosen; spreads in `typical.toml`.

    Raises
    ------
    ConfigError
        A parameter came out of its range; draw again.
    """
    chosen = dict(chosen or {})
    speed_mps = chosen.pop("speed_mps", float(rng.uniform(2.5, 4.2)))  # drawn in any case: the rest is as without
    table, typical = typical_table(), Runner.typical(speed_mps)
    kind = strike or str(rng.choice(list(STRIKES_DEG), p=_STRIKE_SHARES))
    drawn = {name: float(rng.normal(getattr(typical, name), sd)) for name, sd in table["sd_at_one_speed"].items()}
    drawn |= {name: float(rng.normal(mean, sd)) for name, (mean, sd) in table["people"].items()}
    drawn |= {"height_m": float(np.clip(rng.normal(1.73, 0.09), 1.5, 2.0)), "build": float(rng.uniform(0.85, 1.2))}
    drawn["foot_strike_deg"] = float(rng.normal(STRIKES_DEG[kind], 2.0))
    return Runner.typical(speed_mps, **(drawn | chosen))
