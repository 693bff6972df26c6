"""accuracy.json and the rows beside it: written, read, and the same bytes each time."""

import json
from pathlib import Path

import pytest

from gait.errors import ConfigError
from gait.validate.results import read_results, suite_result, write_results
from gait.validate.rows import Row
from gait.validate.run import Outcome
from gait.validate.suite import Suite

SUITE = Suite("s", "Title", "It shows.", lambda _seeds: [], "It doesn't.")


def outcomes() -> list[Outcome]:
    rows = [Row("s", "a", "k", "m", "left", "deg", 1.0, 4 / 3, 0.5, 2.0)]
    hidden = Row("s", "b", "k", "m", "left", "deg", 2.0, withheld="dark", unshown=2.5)
    return [Outcome("a", tuple(rows)), Outcome("b", (hidden,)), Outcome("c", (), error="Traceback ... boom")]


def test_results_come_back(tmp_path: Path) -> None:
    written = suite_result(SUITE, "testing", outcomes())
    path = write_results([written], tmp_path)
    assert path.name == "accuracy.json"
    assert read_results(tmp_path) == [written]
    assert written.failures == (("c", "Traceback ... boom"),)


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    written = suite_result(SUITE, "testing", outcomes())
    for name in ("one", "two"):
        write_results([written], tmp_path / name)
    for file in ("accuracy.json", "rows/s.csv"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_figures_in_the_file_are_those_of_the_page(tmp_path: Path) -> None:
    written = suite_result(SUITE, "testing", outcomes())
    stored = json.loads(write_results([written], tmp_path).read_text(encoding="utf-8"))
    (figures,) = stored["suites"][0]["figures"]
    assert figures["withheld"] == 0.5
    assert figures["agreement"]["bias"] == 0.333333  # six digits
    assert figures["reasons"] == [["dark", 1]]
    assert figures["unshown_rmse"] == 0.5


def test_missing_or_foreign_results_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="run `gait validate --out"):
        read_results(tmp_path)
    (tmp_path / "accuracy.json").write_text('{"schema": 99, "suites": []}')
    with pytest.raises(ConfigError, match="another version"):
        read_results(tmp_path)
