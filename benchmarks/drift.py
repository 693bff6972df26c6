"""How long the drift test takes: `python benchmarks/drift.py [strides] [metrics]`."""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from gait.fatigue import FatigueRules, Unchanging, find_drift
from gait.findings import load_evidence
from gait.metrics import REGISTRY
from gait.model import SIDES, MetricSummary, MetricTable, SideOrBoth

STRIDE_S = 0.7


def main(n_strides: float = 10_000, n_metrics: float = 20) -> None:
    """Print the seconds for so many strides of both legs, and seconds of running per second."""
    names, per_leg = list(REGISTRY)[: int(n_metrics)], int(n_strides) // 2
    start_s, rng = STRIDE_S * np.arange(per_leg), np.random.default_rng(0)
    legs = [
        pd.DataFrame({"side": side, "time_s": start_s + late_s, "end_s": start_s + late_s + STRIDE_S, "rejected": ""})
        for side, late_s in zip(SIDES, (0.0, STRIDE_S / 2), strict=True)
    ]
    rows = pd.concat([leg.assign(**{name: rng.standard_normal(per_leg) for name in names}) for leg in legs])
    summary = []
    for name in names:
        sides: tuple[SideOrBoth, ...] = SIDES if REGISTRY[name].info.per_side else ("both",)
        summary += [MetricSummary(name, side, 0.0, (-1.0, 1.0), per_leg, "A") for side in sides]
    table = MetricTable(rows, {name: REGISTRY[name].info for name in names}, tuple(summary))
    began_s = time.perf_counter()
    drift = find_drift(table, Unchanging(), FatigueRules(), largest_useful=load_evidence().largest_useful)
    took_s = time.perf_counter() - began_s
    ratio = STRIDE_S * per_leg / took_s
    print(f"{len(drift.entries)} series of {per_leg} strides or more: {took_s:.1f} s, {ratio:.0f} times real time")  # noqa: T201


if __name__ == "__main__":
    main(*(float(value) for value in sys.argv[1:]))
