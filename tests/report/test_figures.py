from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import ModuleType

import pytest

from gait.report.figures import course_panels, curve_panels, curves_left_out
from gait.report.palette import ON_WHITE


def marks(svg: str, colour: str) -> int:
    return len(re.findall(rf"<use [^>]*{colour}", svg))


def test_figures_are_the_same_each_time(fakes: ModuleType) -> None:
    for draw in (curve_panels, course_panels):
        first, second = draw(fakes.side_view()), draw(fakes.side_view())
        assert first == second
        assert len({panel.svg for panel in first}) == len(first)


def test_figures_are_well_formed_and_say_what_they_show(fakes: ModuleType) -> None:
    for panel in (*curve_panels(fakes.rear_view()), *course_panels(fakes.rear_view())):
        root = ET.fromstring(panel.svg)
        assert root.attrib["role"] == "img"
        assert panel.title in root.attrib["aria-label"]
        assert "viewBox" in root.attrib


def test_a_panel_per_angle_with_both_sides_in_their_colours(fakes: ModuleType) -> None:
    panels = curve_panels(fakes.side_view())
    assert [panel.title for panel in panels] == ["Knee flexion", "Shank angle"]
    assert all(ON_WHITE["left"] in panel.svg and "toe-off" in panel.svg for panel in panels)
    assert ON_WHITE["right"] in panels[0].svg
    assert panels[0].note == "Strides: left 10, right 9"


def test_curves_whose_values_are_withheld_are_left_out_and_named(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    shank, knee = curve_panels(analysis)[::-1]
    assert shank.note == "Strides: left 10"
    assert ON_WHITE["right"] not in shank.svg
    assert ON_WHITE["right"] in knee.svg
    assert curves_left_out(analysis) == ("Shank angle (right)",)


def test_courses_leave_out_what_is_withheld(fakes: ModuleType) -> None:
    panels = {panel.title: panel for panel in course_panels(fakes.side_view())}
    assert "Step width" not in panels
    assert "Frontal plane projection angle" not in panels
    contact = panels["Ground contact time"].svg
    assert marks(contact, ON_WHITE["left"]) == 10
    assert ON_WHITE["right"] not in contact


def test_rejected_strides_are_marked_and_counted(fakes: ModuleType) -> None:
    panels = {panel.title: panel for panel in course_panels(fakes.side_view())}
    knee = panels["Knee flexion at contact"]
    assert knee.note == "× not counted: 1"
    assert marks(knee.svg, ON_WHITE["right"]) == 10  # nine that count and a cross
    analysis = fakes.side_view()
    table = analysis.metrics.values.assign(rejected="")
    clean = course_panels(replace(analysis, metrics=replace(analysis.metrics, values=table)))
    assert {panel.note for panel in clean} == {""}


@pytest.mark.parametrize("name", ["not_running", "nothing_found"])
def test_nothing_to_draw_gives_no_panels(fakes: ModuleType, name: str) -> None:
    analysis = fakes.ANALYSES[name]()
    assert curve_panels(analysis) == ()
    assert course_panels(analysis) == ()
