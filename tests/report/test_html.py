from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest

from gait.model import Analysis, Finding, MetricSummary, Quantity
from gait.report import key_frames, write_html
from gait.report.sections import calibration_facts, scene_facts

NAMES = ("side_view", "rear_view", "feet_hidden", "not_running", "nothing_found")
VOID = {"meta", "link", "img", "br", "input", "hr"}


class Page(HTMLParser):
    """Text by section, addresses of what is loaded, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sections: dict[str, str] = {}
        self.order: list[str] = []
        self.section = ""
        self.loads: list[str] = []
        self.anchors: set[str] = set()
        self.ids: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.section = given["id"]
            self.order.append(self.section)
        self.ids.add(given.get("id", ""))
        if tag == "a" and given["href"].startswith("#"):
            self.anchors.add(given["href"][1:])
        if tag in ("img", "video", "script", "link", "iframe", "source", "image", "use"):
            self.loads += [given[key] for key in ("src", "href", "xlink:href") if key in given]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.sections[self.section] = " ".join([self.sections.get(self.section, ""), *data.split()])

    @property
    def text(self) -> str:
        return " ".join(self.sections.values())


def written(fakes: ModuleType, analysis: Analysis, folder: Path, video_name: str | None = None, **kinds: bool) -> str:
    pictures = {frame.index: fakes.picture(analysis, frame.index) for frame in key_frames(analysis)}
    write_html(analysis, folder / "report.html", pictures, video_name, **kinds)
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def pages(fakes: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("html")
    return {name: written(fakes, fakes.ANALYSES[name](), folder) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_page_is_whole_and_loads_nothing(pages: dict[str, str], name: str) -> None:
    page = Page(pages[name])
    assert all(address.startswith(("data:image/jpeg;base64,", "#")) for address in page.loads)
    assert not re.search(r"url\(\s*['\"]?(?!#)", pages[name])
    assert "@import" not in pages[name]
    assert "<script" not in pages[name]
    assert page.anchors <= page.ids
    assert "nan" not in re.findall(r"[a-z]+", page.text.lower())
    assert not re.search(r"\bNone\b", page.text)


def test_sections_stand_in_their_order(pages: dict[str, str]) -> None:
    assert Page(pages["side_view"]).order == [
        "summary", "results", "pictures", "curves", "strides", "change", "withheld", "quality", "filming", "methods",
        "provenance", "limits",
    ]  # fmt: skip


def test_estimates_come_with_interval_unit_count_and_grade(pages: dict[str, str]) -> None:
    results = Page(pages["side_view"]).sections["results"]
    assert "Cadence How many steps you take in a minute, both feet counted. 168.1" in results
    assert "steps/min A 95 %: 159.7 to 176.5 n = 10" in results
    assert "Left 13.4° A 95 %: 12.7 to 14.1 n = 10 Right 14.2° B 95 %: 13.5 to 14.9 n = 9" in results


def test_groups_stand_in_the_order_of_the_contract(pages: dict[str, str]) -> None:
    results = Page(pages["side_view"]).sections["results"]
    places = [results.index(word) for word in ("Rhythm", "Where the foot lands", "Posture from the side")]
    assert places == sorted(places)


def test_a_withheld_value_shows_its_reason_and_no_number(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    reason = "the ankle is hidden"
    # A careless room left its number in: 0.7654 must not show, nor may the drift or the strides of that side.
    summary = tuple(
        MetricSummary(s.name, s.side, 0.7654, (0.7543, 0.7765), 7, "B", reason) if s.name == "contact_time_s" else s
        for s in analysis.metrics.summary
    )
    page = Page(written(fakes, replace(analysis, metrics=replace(analysis.metrics, summary=summary)), tmp_path))
    for digits in ("0.765", "0.754", "0.776", "0.777", "0.787"):
        assert digits not in page.text
    assert "The ankle is hidden. Ground contact time" in page.sections["withheld"]
    assert "Ground contact time" not in page.sections["strides"]
    assert "Ground contact time" not in page.sections["change"]
    assert "Ground contact time" not in page.sections["results"]


def test_one_side_withheld_stands_beside_the_other(pages: dict[str, str]) -> None:
    results = Page(pages["side_view"]).sections["results"]
    assert "Right Withheld: the far leg is hidden at contact in 6 of 10 strides" in results
    withheld = Page(pages["side_view"]).sections["withheld"]
    assert "Shank angle at contact (right)" in withheld
    assert "Frontal plane projection angle · Femoral adduction · Step width" in withheld


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("not_running", "This clip doesn't show running One foot is always on the ground, as in walking."),
        ("nothing_found", "No strides could be found The legs can't be followed."),
        ("feet_hidden", "The feet can't be seen well enough The feet are hidden in 84 % of frames."),
    ],
)
def test_a_clip_that_fails_leads_with_what_is_wrong_and_what_to_do(
    pages: dict[str, str], name: str, message: str
) -> None:
    page = Page(pages[name])
    assert page.sections["summary"].startswith(f" Summary {message}")
    assert page.order[:2] == ["summary", "filming"]


def test_a_long_reason_is_short_on_the_card_and_whole_below(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    reason = "the foot can't be believed: " + "its contact comes 8 % of a stride too late and " * 3 + "that is all"
    summary = tuple(
        replace(s, estimate=None, ci95=None, withheld=reason) if (s.name, s.side) == ("contact_time_s", "right") else s
        for s in analysis.metrics.summary
    )
    page = Page(written(fakes, replace(analysis, metrics=replace(analysis.metrics, summary=summary)), tmp_path))
    assert "Right Withheld: the foot can't be believed … why" in page.sections["results"]
    assert "that is all" not in page.sections["results"]
    assert f"T{reason[1:]}. Ground contact time (right)" in page.sections["withheld"]


def test_the_first_warning_leads_where_everything_is_withheld(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    summary = tuple(replace(s, estimate=None, ci95=None, withheld="unsure") for s in analysis.metrics.summary)
    page = Page(written(fakes, replace(analysis, metrics=replace(analysis.metrics, summary=summary)), tmp_path))
    assert "No value is certain enough to be shown The picture is blurred" in page.sections["summary"]
    assert "results" not in page.order


def test_change_is_told_with_what_stands_behind_it(pages: dict[str, str]) -> None:
    change = Page(pages["side_view"]).sections["change"]
    assert "168.6 n = 6 167.4 n = 6 −1.2 −2.0 to −0.4 changed since 3.0" in change
    assert "no change found" in change
    assert "a change of 2.3° would have been found in 80 of 100 such runs" in change
    assert "nothing here tells whether it comes from fatigue" in change
    assert "The clip lasts 8 s; fatigue needs minutes." in change


def test_where_the_camera_moved_no_change_is_told(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.side_view()
    drift = replace(analysis.drift, voided="the camera turned", belt="The belt ran 5 % faster.")
    change = Page(written(fakes, replace(analysis, drift=drift), tmp_path)).sections["change"]
    assert "What the camera may have changed can't be told: the camera turned." in change
    assert "The belt ran 5 % faster." in change


def test_knee_valgus_is_explained_under_its_own_name(pages: dict[str, str]) -> None:
    results = Page(pages["rear_view"]).sections["results"]
    assert "Frontal plane projection angle" in results
    assert "People call this knee valgus" in results


def test_quality_methods_and_provenance_are_told(pages: dict[str, str]) -> None:
    page = Page(pages["side_view"])
    for words in ("hidden behind the near leg in 31 % of frames", "legs exchanged back at 1.2 to 1.5, 4.0 s 14 480",
                  "291 ± 6", "square to the runner, within 5°", "taken to be level",
                  "By this, values that are shown changed: ", "Ground contact time (left)",
                  "The picture is blurred by motion in 4 % of frames.", "Speed unknown"):  # fmt: skip
        assert words in page.sections["quality"]
    assert "Slope of initial-contact times over step number." in page.sections["methods"]
    assert 'href="https://doi.org/10.1249/MSS.0b013e3181ebedf4"' in pages["side_view"]
    for words in ("5f5f5f", "numpy 1.26.4", "events.harmonics 12", "events.speed_kmh not set", "MediaPipe pose, full"):
        assert words in page.sections["provenance"]


def test_what_leads_is_not_repeated(fakes: ModuleType, tmp_path: Path) -> None:
    analysis = fakes.not_running()
    repeated = Finding(f"This does not look like running: {analysis.scene.not_running}.", kind="limit")
    other = Finding("The picture is dark at -1.5 stops.", kind="limit")
    summary = Page(written(fakes, replace(analysis, findings=(repeated, other)), tmp_path)).sections["summary"]
    assert summary.lower().count(analysis.scene.not_running) == 1
    assert "The picture is dark at −1.5 stops." in summary


@pytest.mark.parametrize("name", NAMES)
def test_limits_stand_in_every_report(pages: dict[str, str], name: str) -> None:
    limits = Page(pages[name]).sections["limits"]
    for words in ("does not diagnose", "error that is shown", "see a clinician", "on this computer"):
        assert words in limits
    assert not re.search(r"\b(screens?|screening|abnormal|pathological)\b", Page(pages[name]).text.lower())


def test_what_comes_from_the_file_is_escaped(pages: dict[str, str]) -> None:
    assert "rear &lt;b&gt;&amp;.mov" in pages["rear_view"]
    assert "rear <b>" not in pages["rear_view"]


def test_the_video_is_linked_beside_the_report(fakes: ModuleType, tmp_path: Path) -> None:
    page = written(fakes, fakes.nothing_found(), tmp_path, "my run #1.mp4")
    assert '<video controls preload="metadata" playsinline src="my%20run%20%231.mp4">' in page


def test_stills_are_blurred_unless_faces_may_be_shown(fakes: ModuleType, tmp_path: Path) -> None:
    specks = {}
    analysis = replace(fakes.side_view(), angles=replace(fakes.side_view().angles, curves=()))
    for show_face in (False, True):
        page = Page(written(fakes, analysis, tmp_path, show_face=show_face))
        stills = [address for address in page.loads if address.startswith("data:")]
        assert len(stills) == 4
        encoded = np.frombuffer(base64.b64decode(stills[0].split(",")[1]), np.uint8)
        still = cv2.imdecode(encoded, cv2.IMREAD_COLOR)
        specks[show_face] = int((still[: len(still) // 5].max(axis=2) < 70).sum())
    assert specks[False] == 0
    assert specks[True] > 20


def test_the_same_analysis_gives_the_same_page(fakes: ModuleType, pages: dict[str, str], tmp_path: Path) -> None:
    assert written(fakes, fakes.feet_hidden(), tmp_path) == pages["feet_hidden"]


@pytest.mark.parametrize(
    ("view", "yaw_deg", "error_deg", "words"),
    [
        ("left", 15.0, 9.0, "15° ± 9° aside of square, towards the runner's front"),
        ("right", -15.0, 9.0, "15° ± 9° aside of square, towards the runner's back"),
        ("right", -4.0, 7.0, "square to the runner, within 11°"),
        ("rear", -7.0, 4.0, "7° ± 4° aside of square, so that the running goes to the picture's left"),
        ("oblique", 48.0, 12.0, "48° ± 12° round from the runner's side"),
    ],
)
def test_where_the_camera_stands(fakes: ModuleType, view: Any, yaw_deg: float, error_deg: float, words: str) -> None:
    analysis = fakes.side_view()
    scene = replace(analysis.scene, view=view, yaw_deg=yaw_deg, yaw_error_deg=error_deg)
    assert dict(scene_facts(replace(analysis, scene=scene)))["Camera stands"] == words


@pytest.mark.parametrize(
    ("roll_deg", "error_deg", "words"),
    [
        (7.0, 2.0, "aslant: verticals lean by 7° ± 2° to the right; all angles are turned back by it"),
        (-7.0, 2.0, "aslant: verticals lean by 7° ± 2° to the left; all angles are turned back by it"),
        (-0.4, 1.8, "level, within 2°"),
        (0.0, 4.0, "taken to be level, within 4°; it could not be measured"),
    ],
)
def test_how_the_camera_is_held(fakes: ModuleType, roll_deg: float, error_deg: float, words: str) -> None:
    analysis = fakes.side_view()
    scene = replace(analysis.scene, roll_deg=roll_deg, roll_error_deg=error_deg)
    assert dict(scene_facts(replace(analysis, scene=scene)))["Camera held"] == words


def test_a_playback_speed_that_is_not_known_is_no_number(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    speed = Quantity(1.0, float("nan"), "not known: 8 times (60 %) or 10 times (38 %)")
    unknown = replace(analysis, calibration=replace(analysis.calibration, capture_speed=speed))
    assert calibration_facts(unknown)[0] == ("Playback speed against real time", "unknown", speed.source)
