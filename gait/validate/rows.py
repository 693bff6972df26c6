"""The tidy table behind every figure of accuracy: a row per measured value and its truth."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from gait.model import MetricSummary

NO_SIDE = "both"
SHARE = "share"  # unit of what came out right: the truth is 1, estimates lie from 0 to 1
BY_RULE = "by_rule_"  # metrics of the comparison with rules of the literature begin with it
_NUMBERS = ("truth", "estimate", "low", "high", "unshown")


@dataclass(frozen=True, slots=True)
class Row:
    """One value against its truth.

    `metric` is the name in the tables of `gait` where there is one. `side` is "left", "right" or "both". `estimate` is
    None where the value was withheld, and `withheld` then says why. `low` and `high` are the 95 % interval, None where
    there is none. A yes-or-no question ("view_right") is a row with the truth 1. `unshown` is what would have been said
    had a value not been withheld: it tells whether withholding was right.
    """

    suite: str
    case: str
    condition: str
    metric: str
    side: str
    unit: str
    truth: float
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    withheld: str = ""
    unshown: float | None = None

    def __post_init__(self) -> None:
        for name in _NUMBERS:
            value = getattr(self, name)
            if value is not None:
                if not math.isfinite(value):
                    raise ValueError(f"{self.case}, {self.metric}: {name} is {value}; a row holds numbers or None")
                object.__setattr__(self, name, float(value))
        if (self.estimate is None) != bool(self.withheld):
            raise ValueError(f"{self.case}, {self.metric}: a row has an estimate, or a reason why it is withheld")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.case}, {self.metric}: an interval has two ends")
        if self.low is not None and self.high is not None and not self.low <= self.high:
            raise ValueError(f"{self.case}, {self.metric}: the interval {self.low} to {self.high} is upside down")

    @property
    def error(self) -> float | None:
        """Estimate minus truth; None where withheld."""
        return None if self.estimate is None else self.estimate - self.truth

    @property
    def covered(self) -> bool | None:
        """Does the interval hold the truth? None where there is no interval."""
        return None if self.low is None or self.high is None else self.low <= self.truth <= self.high


def row_of_summary(
    summary: MetricSummary | None,
    truth: float,
    *,
    suite: str,
    case: str,
    condition: str,
    metric: str,
    unit: str,
    unshown: float | None = None,
) -> Row:
    """A row of what `gait` says of a metric; None (not in its table at all) counts as withheld.

    >>> summary = MetricSummary("cadence_spm", "both", 170.0, (169.0, 171.0), 20, "A")
    >>> row_of_summary(summary, 170.4, suite="events", case="1", condition="", metric="cadence_spm", unit="spm").covered
    True
    """
    place: dict[str, Any] = {"suite": suite, "case": case, "condition": condition, "metric": metric, "unit": unit}
    if summary is None:
        return Row(**place, side=NO_SIDE, truth=truth, withheld="not measured in this view")
    if summary.estimate is None:
        return Row(
            **place, side=summary.side, truth=truth, withheld=summary.withheld or "no reason given", unshown=unshown
        )
    low, high = summary.ci95 or (None, None)
    return Row(**place, side=summary.side, truth=truth, estimate=summary.estimate, low=low, high=high)


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write rows as a table: `.csv`, else `.json` (a list of objects)."""
    records = [asdict(row) for row in rows]
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, [field.name for field in fields(Row)], lineterminator="\n")
            table.writeheader()
            table.writerows(records)
    else:
        path.write_text(json.dumps(records, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def read_rows(path: Path) -> list[Row]:
    """Read rows that `write_rows` wrote."""
    if path.suffix != ".csv":
        return [Row(**record) for record in json.loads(path.read_text(encoding="utf-8"))]
    with path.open(encoding="utf-8", newline="") as file:
        return [_from_text(record) for record in csv.DictReader(file)]


def _from_text(record: dict[str, str]) -> Row:
    """A row from the text of a CSV line; an empty number is None."""
    numbers: dict[str, Any] = {name: float(record[name]) if record[name] else None for name in _NUMBERS}
    return Row(**(record | numbers))
