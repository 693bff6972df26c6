"""docs/accuracy.md: the same results give the same bytes, and nothing that went wrong is left unsaid."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gait.validate.labels import Label, label_of, shown_number, shown_share
from gait.validate.page import write_page
from gait.validate.page_tables import of_suite, table
from gait.validate.results import SuiteResult, suite_result
from gait.validate.rows import SHARE, Row
from gait.validate.run import Outcome
from gait.validate.seeds import SEEDS
from gait.validate.suite import SUITE_NAMES, Suite

SUITE = Suite("angles", "Side view", "It shows angles.", lambda _seeds: [], "It shows no forces.")
CONDITION = "60 fps, MediaPipe's errors, as filmed"


def result_of(rows: Sequence[Row], *, name: str = "angles", error: str = "", missing: str = "") -> SuiteResult:
    outcomes = [Outcome(row.case, (row,)) for row in rows] + ([Outcome("broken-7", (), error)] if error else [])
    return suite_result(replace(SUITE, name=name), "testing", outcomes, missing=missing)


def clips(n: int = 30, *, metric: str = "trunk_lean_deg", condition: str = CONDITION) -> list[Row]:
    rng = np.random.default_rng(1)
    truth, error = rng.normal(7, 3.6, n), rng.normal(0.5, 1, n)
    return [
        Row("angles", f"c{i}", condition, metric, "both", "deg", t, t + e, t + e - 2, t + e + 2)
        for i, (t, e) in enumerate(zip(truth.tolist(), error.tolist(), strict=True))
    ]


def hidden(n: int = 3) -> list[Row]:
    metric = "knee_flexion_at_contact_deg"
    return [
        Row("angles", f"h{i}", CONDITION, metric, "left", "deg", 10.0, withheld="dark", unshown=14.0) for i in range(n)
    ]


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = write_page([result_of([*clips(), *hidden()])], tmp_path / "docs" / "accuracy.md")
    return path.read_text(encoding="utf-8")


def test_the_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    results = [result_of([*clips(), *hidden()])]
    for name in ("one", "two"):
        write_page(results, tmp_path / name / "accuracy.md")
    one, two = (sorted((tmp_path / name).rglob("*.*")) for name in ("one", "two"))
    assert [path.name for path in one] == ["accuracy.md", "angles.png", "overview.png"]
    for left, right in zip(one, two, strict=True):
        assert left.read_bytes() == right.read_bytes(), left.name


def test_pictures_are_small_and_linked(tmp_path: Path) -> None:
    path = write_page([result_of([*clips(), *hidden()])], tmp_path / "accuracy.md")
    pictures = sorted((tmp_path / "images" / "accuracy").iterdir())
    assert len(pictures) == 2
    for picture in pictures:
        assert picture.stat().st_size < 80_000
        assert f"](images/accuracy/{picture.name})" in path.read_text(encoding="utf-8")


def test_a_table_holds_the_figures_in_the_units_of_its_label(page: str) -> None:
    (line,) = (line for line in page.splitlines() if line.startswith("| Forward trunk lean (°)"))
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    rng = np.random.default_rng(1)
    rng.normal(7, 3.6, 30)
    error = rng.normal(0.5, 1, 30)
    assert cells[1] == "30 (30)"
    assert cells[2] == f"{error.mean():+.1f}"
    assert cells[3] == f"{np.sqrt((error**2).mean()):.1f}"
    assert f"`gait validate {SUITE.name}`" in page


def test_withheld_values_have_their_reason_and_error(page: str) -> None:
    (line,) = (line for line in page.splitlines() if line.startswith("| Knee flexion at landing (°)"))
    assert line.rstrip(" |").endswith("100 % | 4.0")
    assert "Withheld: *dark* (3)." in page


def test_the_page_says_how_seeds_are_kept_apart_and_what_others_found(page: str) -> None:
    assert f"{SEEDS['tuning'][0]:,} to {SEEDS['tuning'][-1]:,}" in page
    assert f"{SEEDS['testing'][0]:,} to {SEEDS['testing'][-1]:,}" in page
    assert "**Not shown by this:** It shows no forces." in page
    assert "[Kanko et al. 2024](https://doi.org/10.1123/jab.2023-0069)" in page


def test_broken_cases_and_missing_data_are_said(tmp_path: Path) -> None:
    results = [
        result_of(clips(5), error="Traceback"),
        result_of([], name="real", missing="there is no folder of clips"),
    ]
    text = write_page(results, tmp_path / "accuracy.md").read_text(encoding="utf-8")
    assert "**1 of 6 cases broke and are missing below:** broken-7." in text
    assert "*Not measured here: there is no folder of clips.*" in text


def test_many_conditions_make_a_table_for_each_metric() -> None:
    rows = [row for i in range(5) for row in clips(6, condition=f"condition {i}")]
    text = of_suite(result_of(rows))
    assert text.count("**Forward trunk lean (°)**") == 1
    assert all(f"| condition {i} | 6 (6) |" in text for i in range(5))
    assert "Slope" in text or "95 % limits" in text


def test_shares_stand_in_one_table() -> None:
    rows = [Row("scene", f"c{i}", "rear", "view_right", "both", SHARE, 1.0, float(i < 3)) for i in range(4)]
    rows.append(Row("scene", "c9", "rear", "running_right", "both", SHARE, 1.0, withheld="not judged"))
    text = of_suite(result_of(rows, name="scene"))
    assert "| rear | 4 | 75 % | – (100 % not judged) |" in text


def test_columns_that_say_nothing_are_left_out() -> None:
    text = of_suite(result_of([replace(row, low=None, high=None) for row in clips(2)]))
    assert "Slope" not in text
    assert "Intervals" not in text
    assert "Bias" in text


@pytest.mark.parametrize(
    ("value", "decimals", "scale", "signed", "text"),
    [
        (-0.0004, 1, 1.0, True, "0.0"),
        (0.0124, 0, 1000.0, True, "+12"),
        (-2.46, 1, 1.0, False, "−2.5"),
        (None, 1, 1.0, True, "–"),
    ],
)
def test_numbers_are_rounded_for_readers(
    value: float | None, decimals: int, scale: float, signed: bool, text: str
) -> None:
    assert shown_number(value, Label("x", "ms", decimals, scale), signed=signed) == text


def test_shares_never_round_to_all_or_none() -> None:
    assert [shown_share(share) for share in (0.0, 0.001, 0.949, 0.999, 1.0)] == [
        "0 %",
        "< 1 %",
        "95 %",
        "> 99 %",
        "100 %",
    ]


def test_labels_of_changes_are_those_of_their_metric() -> None:
    assert label_of("change_of_trunk_lean_deg", "deg").text == "Change of forward trunk lean"
    assert label_of("contact_time_s", "s") == Label("Ground contact time", "ms", 0, 1000.0)
    assert label_of("something_new", "furlong").unit == "furlong"


def test_a_table_in_markdown() -> None:
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | ---: |\n| 1 | 2 |"


def test_a_page_of_other_seeds_says_so(tmp_path: Path) -> None:
    gate = replace(result_of(clips(5)), seeds="gate")
    text = write_page([gate], tmp_path / "accuracy.md").read_text(encoding="utf-8")
    assert "**Made with the seeds for gate, which say nothing about accuracy.**" in text


def test_a_page_of_some_suites_says_which_are_left_out(tmp_path: Path) -> None:
    some = [result_of(clips(5)), result_of([], name="real", missing="no clips")]
    text = write_page(some, tmp_path / "accuracy.md").read_text(encoding="utf-8")
    left_out = ", ".join(name for name in SUITE_NAMES if name not in ("angles", "real"))
    assert f"of some suites only; {left_out} were not run" in text
    everything = [result_of([], name=name, missing="nothing here") for name in SUITE_NAMES]
    assert "some suites only" not in write_page(everything, tmp_path / "all.md").read_text(encoding="utf-8")
