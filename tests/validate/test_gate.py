"""The regression gate: few cases of each suite, whose figures stay within the limits of gate.toml."""

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gait.validate.run import run_cases
from gait.validate.statistics import Figures, summarise
from gait.validate.suite import SUITE_NAMES, load_suite

LIMITS: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("gate.toml").read_text(encoding="utf-8"))["limit"]
Gate = Callable[[str], list[Figures]]


@pytest.fixture(scope="module")
def gate() -> Gate:
    """Figures of a suite's gate cases, which run once."""

    @cache
    def figures(name: str) -> list[Figures]:
        suite = load_suite(name)
        if suite.missing():
            pytest.skip(suite.missing())
        outcomes = run_cases(name, suite.cases("gate"), jobs=1)
        assert [outcome.error for outcome in outcomes if outcome.error] == []
        return summarise(row for outcome in outcomes for row in outcome.rows)

    return figures


def value_of(figures: Figures, name: str) -> float | None:
    """One figure by its name in gate.toml."""
    for part in (figures, figures.agreement, figures.intervals):
        if hasattr(part, name):
            value: float | None = getattr(part, name)
            return value
    return None


@pytest.mark.parametrize(
    "limit", LIMITS, ids=lambda limit: "-".join(limit[key] for key in ("suite", "condition", "metric", "figure"))
)
def test_figure_stays_within_its_limits(gate: Gate, limit: dict[str, Any]) -> None:
    found = [
        figures
        for figures in gate(limit["suite"])
        if (figures.condition, figures.metric) == (limit["condition"], limit["metric"])
    ]
    assert len(found) == 1, "the gate's cases no longer give this figure"
    value = value_of(found[0], limit["figure"])
    assert value is not None, f"nothing to compare: {found[0].reasons}"
    assert limit.get("low", -float("inf")) <= value <= limit.get("high", float("inf")), limit["reason"]


def test_every_limit_has_a_side_and_a_reason_and_holds_what_was_found() -> None:
    for limit in LIMITS:
        low, high = limit.get("low", -float("inf")), limit.get("high", float("inf"))
        assert -float("inf") < low or high < float("inf")
        assert low <= limit["now"] <= high
        assert len(limit["reason"].split()) >= 5, "say why"


def test_every_suite_that_is_quick_is_held() -> None:
    # The others run the pose model, or for long: tests/test_real_clips.py, test_sample_videos.py, tests/pose and
    # tests/session hold those.
    assert {limit["suite"] for limit in LIMITS} == set(SUITE_NAMES) - {
        "real",
        "video",
        "sideview",
        "rearview",
        "people",
        "run",
        "tiring",
    }
