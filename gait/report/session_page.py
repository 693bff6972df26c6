"""The page of a session: what changed over a run, clip by clip. Nothing is computed: values are looked up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from gait.model import MetricInfo, Quantity, Session, SessionClip, SessionPair, SideOrBoth
from gait.report import sections, wording
from gait.report.figures import course_panels
from gait.report.html import inlined, template
from gait.report.palette import ON_WHITE


@dataclass(frozen=True, slots=True)
class ClipLine:
    """A clip as the page lists it."""

    name: str
    address: str
    at: str
    length: str
    view: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of one clip as text; empty where it is withheld."""

    estimate: str = ""
    interval: str = ""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One metric and side, clip by clip."""

    label: str
    unit: str
    side: str
    word: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class BothLine:
    """One metric and side as the view shows it that shows it better."""

    label: str
    unit: str
    side: str
    word: str
    estimate: str
    interval: str
    grade: str
    view: str


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """What both views tell, each by itself."""

    label: str
    side: str
    word: str
    values: tuple[str, str]
    agrees: bool


def write_session_html(session: Session, path: Path, reports: Sequence[str]) -> None:
    """Write the page of a session; `reports` are the paths of the clips' own pages, from this one's folder."""
    clips = session.clips
    first, last = session.clips[0].analysis.provenance, session.clips[-1].analysis.provenance
    heads = _said(session.clips)
    page = template("session.html.j2").render(
        title=f"{first.file_name} to {last.file_name}",
        colours=ON_WHITE,
        made=last.created_utc[:16].replace("T", " ") + " UTC",
        version=last.gait_version,
        findings=[wording.prose(run.finding.text) for run in session.runs if run.finding],
        notes=[wording.prose(note) for note in session.notes],
        said=list(heads),
        clips=[
            _clip_line(clip, address, tuple(column[i] for column in heads.values()))
            for i, (clip, address) in enumerate(zip(session.clips, reports, strict=True))
        ],
        runs=[
            {
                "view": wording.VIEWS[run.analysis.scene.view],
                "apart": run.apart,
                "analysis": run.analysis,
                "changes": sections.changes(run.analysis),
                "courses": inlined(course_panels(run.analysis)),
            }
            for run in session.runs
        ],
        pairs=[
            {
                "side": clips[pair.side].analysis.provenance.file_name,
                "frontal": clips[pair.frontal].analysis.provenance.file_name,
                "borrowed": pair.borrowed,
                "agreement": _agreement(pair, clips[pair.side].analysis.metrics.info),
                "lines": _both(pair, clips),
            }
            for pair in session.pairs
        ],
        values=_values(session.clips),
        disclaimers=wording.DISCLAIMERS,
        duration=wording.duration,
        linked=wording.linked,
    )
    path.write_text(page, encoding="utf-8", newline="\n")


def _both(pair: SessionPair, clips: Sequence[SessionClip]) -> list[BothLine]:
    """The pair's table as text."""
    lines = []
    for summary, number in pair.table:
        analysis = clips[number].analysis
        info = analysis.metrics.info[summary.name]
        if summary.estimate is None or summary.ci95 is None:
            raise ValueError(f"{summary.name} is withheld")
        lines.append(
            BothLine(
                label=info.label,
                unit=wording.unit(info.unit),
                side=summary.side,
                word=wording.SIDE_WORDS[summary.side],
                estimate=wording.number(summary.estimate, info.decimals),
                interval=wording.interval(summary.ci95, info.decimals),
                grade=summary.grade or "",
                view=analysis.scene.view,
            )
        )
    return lines


def _agreement(pair: SessionPair, infos: Mapping[str, MetricInfo]) -> list[AgreementLine]:
    """What both views tell, as text."""
    return [
        AgreementLine(
            label=infos[one.name].label,
            side=one.side,
            word=wording.SIDE_WORDS[one.side],
            values=(_with_error(one.from_side, infos[one.name]), _with_error(one.from_frontal, infos[one.name])),
            agrees=one.agrees,
        )
        for one in pair.agreement
    ]


def _with_error(quantity: Quantity, info: MetricInfo) -> str:
    """A value and its half-width."""
    value, error = (wording.number(number, info.decimals) for number in (quantity.value, quantity.error))
    return f"{value} \u00b1 {error}{wording.after_number(info.unit)}"


def _clip_line(clip: SessionClip, address: str, said: tuple[str, ...]) -> ClipLine:
    """A clip with what was said of it."""
    analysis = clip.analysis
    return ClipLine(
        name=analysis.provenance.file_name,
        address=quote(address),
        at=wording.duration(clip.run_s),
        length=wording.duration(analysis.video.duration_s * analysis.calibration.capture_speed.value),
        view=wording.VIEWS[analysis.scene.view],
        said=said,
    )


def _said(clips: Sequence[SessionClip]) -> dict[str, list[str]]:
    """What was said of the clips, a column each, where something was."""
    columns = {
        "Belt": ["" if clip.speed_mps is None else f"{3.6 * clip.speed_mps:.1f}\u202fkm/h" for clip in clips],
        "Incline": ["" if clip.incline_pct is None else f"{clip.incline_pct:g}\u202f%" for clip in clips],
        "Shoes": [clip.shoes for clip in clips],
    }
    return {head: column for head, column in columns.items() if any(column)}


def _values(clips: Sequence[SessionClip]) -> list[ValueLine]:
    """The metrics that any clip shows."""
    found = []
    for info in wording.by_group(clips[0].analysis.metrics.info.values()):
        sides: tuple[SideOrBoth, ...] = ("left", "right") if info.per_side else ("both",)
        for side in sides:
            cells = tuple(_cell(clip, info.name, side) for clip in clips)
            if any(cell.estimate for cell in cells):
                unit = wording.unit(info.unit)
                found.append(ValueLine(info.label, unit, side, wording.SIDE_WORDS[side], cells))
    return found


def _cell(clip: SessionClip, name: str, side: SideOrBoth) -> Cell:
    """One value; empty where it is withheld."""
    summary, info = clip.analysis.metrics.get(name, side), clip.analysis.metrics.info[name]
    if summary is None or summary.withheld or summary.estimate is None or summary.ci95 is None:
        return Cell()
    return Cell(wording.number(summary.estimate, info.decimals), wording.interval(summary.ci95, info.decimals))
