"""The section beside other runners, and the table for comparing clips."""

from __future__ import annotations

from dataclasses import replace
from types import ModuleType

import pytest

from gait.model import Analysis, Comparison, Place, Quantity
from gait.report import write_html
from gait.report.others import beside_others, numbers


def lean(away: float, error: float, place: Place, sd: float | None = 4.0) -> Comparison:
    return Comparison("trunk_lean_deg", "both", 7.0, sd, away, error, place, 3.4, 28, "somebody 2020 (secondary)")


def with_others(fakes: ModuleType, *comparisons: Comparison) -> Analysis:
    analysis: Analysis = replace(fakes.side_view(), comparisons=comparisons)
    return analysis


class TestBeside:
    def test_the_strip_goes_from_four_deviations_below_to_four_above(self, fakes: ModuleType) -> None:
        (found,) = beside_others(with_others(fakes, lean(4.0, 2.0, "not told apart")))
        assert found.bar == pytest.approx((50 + 50 * 0.5 / 4, 50 + 50 / 4, 50 + 50 * 1.5 / 4))
        assert (found.value, found.usual) == ("11.0°", "7.0°, SD 4.0")
        assert found.place == "not told apart from them"

    def test_what_lies_beyond_stays_on_the_strip(self, fakes: ModuleType) -> None:
        (found,) = beside_others(with_others(fakes, lean(40.0, 8.0, "higher")))
        assert found.bar == (100.0, 100.0, 100.0)

    def test_without_a_spread_there_is_no_strip(self, fakes: ModuleType) -> None:
        (found,) = beside_others(with_others(fakes, lean(4.0, 2.0, "unknown", sd=None)))
        assert found.bar is None
        assert found.usual == "7.0°"

    def test_what_is_withheld_is_left_out(self, fakes: ModuleType) -> None:
        hidden = replace(lean(0.1, 0.1, "higher"), name="contact_time_s", side="right")
        assert beside_others(with_others(fakes, hidden)) == ()


class TestNumbers:
    def test_only_what_is_shown_stands_there(self, fakes: ModuleType) -> None:
        analysis = fakes.side_view()
        shown = [s for s in analysis.metrics.summary if not s.withheld]
        assert len(numbers(analysis)) == len(shown)

    def test_change_and_standing_have_their_unit(self, fakes: ModuleType) -> None:
        analysis = fakes.side_view()
        told = [
            replace(s, detectable_change=0.81, over_standing=Quantity(-5.52, 2.0, "standing clip"))
            if s.name == "trunk_lean_deg"
            else s
            for s in analysis.metrics.summary
        ]
        lines = numbers(replace(analysis, metrics=replace(analysis.metrics, summary=tuple(told))))
        (line,) = [line for line in lines if line.detectable]
        assert (line.detectable, line.over_standing) == ("0.8°", "−5.5° ± 2.0")


def page_of(analysis: Analysis, fakes: ModuleType, tmp_path: object) -> str:
    path = tmp_path / "report.html"  # type: ignore[operator]
    write_html(analysis, path, {})
    text: str = path.read_text(encoding="utf-8")
    return text


def test_the_page_has_the_section_only_where_there_is_something_to_compare(fakes: ModuleType, tmp_path: object) -> None:
    assert 'id="others"' not in page_of(fakes.side_view(), fakes, tmp_path)
    page = page_of(with_others(fakes, lean(9.0, 1.0, "higher")), fakes, tmp_path)
    assert "Beside other runners at 3.4 m/s" in page
    assert "higher than in most of them" in page
    assert "somebody 2020 (secondary)" in page


def test_the_page_has_the_column_of_standing_only_where_it_was_filmed(fakes: ModuleType, tmp_path: object) -> None:
    analysis = fakes.side_view()
    assert "Over standing" not in page_of(analysis, fakes, tmp_path)
    told = [
        replace(s, over_standing=Quantity(5.5, 2.0, "standing clip")) if s.name == "trunk_lean_deg" else s
        for s in analysis.metrics.summary
    ]
    page = page_of(replace(analysis, metrics=replace(analysis.metrics, summary=tuple(told))), fakes, tmp_path)
    assert "Over standing" in page
    assert "5.5° ± 2.0" in page
