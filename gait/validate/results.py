"""The result of a validation run: figures by suite, in `accuracy.json`, and the rows behind them, in `rows/`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gait.errors import ConfigError
from gait.validate.rows import Row, read_rows, write_rows
from gait.validate.run import Outcome
from gait.validate.seeds import Seeds
from gait.validate.statistics import Figures, summarise
from gait.validate.suite import Suite

SCHEMA_VERSION = 1
RESULT, ROWS = "accuracy.json", "rows"


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What one suite gave. `missing` says why it couldn't run; `failures` are (case, traceback) of cases that broke."""

    name: str
    title: str
    shows: str
    shows_not: str
    seeds: Seeds
    n_cases: int
    rows: tuple[Row, ...]
    figures: tuple[Figures, ...]
    failures: tuple[tuple[str, str], ...] = ()
    missing: str = ""


def suite_result(suite: Suite, seeds: Seeds, outcomes: Sequence[Outcome], *, missing: str = "") -> SuiteResult:
    """Gather what the cases of a suite gave."""
    rows = tuple(row for outcome in outcomes for row in outcome.rows)
    return SuiteResult(
        name=suite.name,
        title=suite.title,
        shows=suite.shows,
        shows_not=suite.shows_not,
        seeds=seeds,
        n_cases=len(outcomes),
        rows=rows,
        figures=tuple(summarise(rows)),
        failures=tuple((outcome.case, outcome.error) for outcome in outcomes if outcome.error),
        missing=missing,
    )


def write_results(results: Sequence[SuiteResult], folder: Path) -> Path:
    """Write `accuracy.json` and `rows/<suite>.csv`; docs/validation.md describes both. Same rows, same bytes."""
    (folder / ROWS).mkdir(parents=True, exist_ok=True)
    suites = []
    for result in results:
        entry = {name: getattr(result, name) for name in ("name", "title", "shows", "shows_not", "seeds", "n_cases")}
        entry |= {"missing": result.missing, "failures": result.failures}
        suites.append(entry | {"figures": [_figures(figures) for figures in result.figures]})
        write_rows(result.rows, folder / ROWS / f"{result.name}.csv")
    text = json.dumps({"schema": SCHEMA_VERSION, "suites": suites}, indent=1, ensure_ascii=False)
    path = folder / RESULT
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _figures(figures: Figures) -> dict[str, Any]:
    """The figures of one metric without the suite's name, numbers to six digits."""
    values: dict[str, Any] = _rounded(asdict(figures) | {"withheld": figures.withheld})
    del values["suite"]
    return values


def _rounded(value: Any) -> Any:
    """The same with every number to six digits: more would be noise, and differ from machine to machine."""
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def read_results(folder: Path) -> list[SuiteResult]:
    """Read what `write_results` wrote; the figures are made again from the rows.

    Raises
    ------
    ConfigError
        There is nothing, or it was written by another version.
    """
    path = folder / RESULT
    if not path.is_file():
        raise ConfigError(f"There is no {RESULT} in {folder}; run `gait validate --out {folder}` first.")
    stored = json.loads(path.read_text(encoding="utf-8"))
    if stored.get("schema") != SCHEMA_VERSION:
        raise ConfigError(f"{path} was written by another version of gait; run `gait validate` again.")
    results = []
    for entry in stored["suites"]:
        rows = tuple(read_rows(folder / ROWS / f"{entry['name']}.csv"))
        about = {key: value for key, value in entry.items() if key not in ("figures", "failures")}
        failures = tuple((case, error) for case, error in entry["failures"])
        results.append(SuiteResult(**about, rows=rows, figures=tuple(summarise(rows)), failures=failures))
    return results
