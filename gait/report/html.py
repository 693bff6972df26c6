"""The report: one HTML file that needs nothing else, reads well on a phone and on paper."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import cv2
import jinja2
from markupsafe import Markup

from gait.model import Analysis
from gait.report import others, sections, wording
from gait.report.drawing import Picture
from gait.report.figures import Panel, course_panels, curve_panels, curves_left_out
from gait.report.keyframes import STILL_SIZE_PX, draw_key_frame, key_frames
from gait.report.overlay import Overlay
from gait.report.palette import ON_WHITE

_JPEG_QUALITY = 84


@dataclass(frozen=True, slots=True)
class Still:
    """A key frame as the page shows it."""

    title: str
    side: str
    caption: str
    address: str


def write_html(
    analysis: Analysis,
    path: Path,
    key_pictures: Mapping[int, Picture],
    video_name: str | None = None,
    *,
    show_face: bool = False,
) -> None:
    """Write the report of one clip.

    Parameters
    ----------
    path : the HTML file.
    key_pictures : the frames (h, w, 3) RGB of `key_frames(analysis)` by frame index, with nothing drawn on them;
        a key frame whose picture is missing is left out.
    video_name : file name of the annotated video beside the report, if there is one.
    show_face : leave heads as they are.
    """
    stills = _stills(analysis, key_pictures, show_face=show_face)
    page = template("report.html.j2").render(_context(analysis, stills, video_name))
    path.write_text(page, encoding="utf-8", newline="\n")


def template(name: str) -> jinja2.Template:
    """One of the pages."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates"), encoding="utf-8"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(name)


def _context(analysis: Analysis, stills: tuple[Still, ...], video_name: str | None) -> dict[str, Any]:
    withheld, lead = sections.withheld(analysis), sections.lead(analysis)
    warnings = sections.warnings(analysis)
    findings = {kind: sections.findings(analysis, kind) for kind in ("observation", "limit", "advice")}
    poor_legs = any(leg.grade in ("C", "D") for leg in analysis.scene.legs.values())
    return {
        "analysis": analysis,
        "colours": ON_WHITE,
        "lead": lead,
        "made": analysis.provenance.created_utc[:16].replace("T", " ") + " UTC",
        "has_pictures": sections.has_pictures(analysis),
        "overall": sections.overall(analysis),
        "findings": findings,
        "groups": sections.cards(analysis),
        "beside_others": others.beside_others(analysis),
        "at_speed": others.at_speed(analysis),
        "numbers": others.numbers(analysis),
        "stills": stills,
        "still_size": STILL_SIZE_PX,
        "video_address": quote(video_name) if video_name else "",
        "curves": inlined(curve_panels(analysis)),
        "curves_left_out": curves_left_out(analysis),
        "courses": inlined(course_panels(analysis)),
        "changes": sections.changes(analysis),
        "withheld": withheld,
        "infos": wording.by_group(analysis.metrics.info.values()),
        "by_repair": sections.by_repair(analysis),
        "scene_facts": sections.scene_facts(analysis),
        "calibration_facts": sections.calibration_facts(analysis),
        "warnings": warnings,
        "filming": wording.FILMING if lead or withheld or warnings or poor_legs else (),
        "grades": wording.GRADES,
        "disclaimers": wording.DISCLAIMERS,
        "linked": wording.linked,
        "prose": wording.prose,
        "unit": wording.unit,
        "duration": wording.duration,
        "settings": wording.settings(analysis.provenance.config),
    }


def inlined(panels: tuple[Panel, ...]) -> list[dict[str, Any]]:
    """Figures as the pages take them."""
    # Made by figures.py, which escapes what comes from outside: safe to stand in the page.
    return [{"title": panel.title, "note": panel.note, "svg": Markup(panel.svg)} for panel in panels]


def _stills(analysis: Analysis, pictures: Mapping[int, Picture], *, show_face: bool) -> tuple[Still, ...]:
    wanted = [key_frame for key_frame in key_frames(analysis) if key_frame.index in pictures]
    if not wanted:
        return ()
    overlay = Overlay(analysis, show_face=show_face)
    stills = []
    for key_frame in wanted:
        drawn = draw_key_frame(pictures[key_frame.index], overlay, key_frame)
        shown = ", ".join(wording.still_value(name, value) for name, value in key_frame.values.items())
        caption = f"{shown}{' · ' if shown else ''}at {key_frame.file_time_s:.2f}\u202fs"
        stills.append(Still(key_frame.title, key_frame.side, caption, _data_address(drawn)))
    return tuple(stills)


def _data_address(picture_rgb: Picture) -> str:
    """A picture as a JPEG inside an address."""
    _, encoded = cv2.imencode(".jpg", picture_rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return "data:image/jpeg;base64," + base64.b64encode(encoded.tobytes()).decode("ascii")
