"""What each section of the report says, as plain nouns for the template. Nothing is computed: values are looked up."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gait.model import SIDES, Analysis, DriftEntry, MetricInfo, MetricSummary, Quantity, Scene
from gait.report.readouts import is_withheld
from gait.report.wording import (
    GROUPS,
    NOTES,
    SIDE_WORDS,
    VIEWS,
    after_number,
    by_group,
    duration,
    interval,
    number,
    prose,
    sentence,
    unit,
    with_unit,
)

_CARD_REASON_CHARACTERS = 90
PER_10_MIN_FROM_S = 600.0  # in shorter clips what happens in ten minutes is a guess
VERDICTS = {"drifted": "changed", "stable": "no change found", "can't tell": "can't tell"}


@dataclass(frozen=True, slots=True)
class Lead:
    """What stands first where the clip can't be analysed: what is wrong."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One side of a metric: the estimate as text, or the reason why there is none."""

    side: str
    word: str
    estimate: str
    unit: str
    interval: str
    n: int
    grade: str
    withheld: str
    bar: tuple[float, float, float] | None  # low, estimate, high in per cent of the card's common scale


@dataclass(frozen=True, slots=True)
class Card:
    """One metric with its sides."""

    label: str
    plain: str
    note: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """A reason, and what is withheld for it."""

    reason: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of early against late."""

    label: str
    side: str
    word: str
    early: str
    late: str
    change: str
    interval: str
    unit: str
    n_early: int
    n_late: int
    verdict: str
    told: str


def lead(analysis: Analysis) -> Lead | None:
    """What is wrong with the clip as a whole; None where nothing is."""
    scene = analysis.scene
    if scene.is_running is False:
        reason = scene.not_running or "the movement in it isn't that of a runner"
        return Lead("This clip doesn't show running", sentence(reason))
    if scene.is_running is None:
        return Lead(
            "No strides could be found", sentence(scene.not_running or "it can't be told whether this is running")
        )
    if scene.feet_hidden and len(analysis.events) == 0:
        return Lead("The feet can't be seen well enough", f"{sentence(scene.feet_hidden)} So most values are withheld.")
    if len(analysis.events) == 0:
        return Lead("No foot contacts were found", "Without them there are no strides, and nothing to measure in them.")
    if not any(not s.withheld for s in analysis.metrics.summary):
        reason = next(iter(warnings(analysis)), "The reasons stand below.")
        return Lead("No value is certain enough to be shown", reason)
    return None


def findings(analysis: Analysis, kind: str) -> tuple[str, ...]:
    """Findings of one kind; not those that only repeat what is wrong with the clip, which leads already."""
    said = [reason for reason in (analysis.scene.not_running, analysis.scene.feet_hidden) if reason]
    repeated = said if lead(analysis) is not None else []
    texts = [finding.text for finding in analysis.findings if finding.kind == kind]
    return tuple(prose(text) for text in texts if kind != "limit" or not any(reason in text for reason in repeated))


def has_pictures(analysis: Analysis) -> bool:
    """Whether there is a clip behind an analysis; keypoints that were read from a file alone have no codec."""
    return bool(analysis.video.codec)


def overall(analysis: Analysis) -> str:
    """The clip in one line: view, length, and how much of it could be measured."""
    parts = [
        VIEWS[analysis.scene.view],
        f"{duration(analysis.video.duration_s)} of {'video' if has_pictures(analysis) else 'keypoints'}",
    ]
    shown = sum(1 for s in analysis.metrics.summary if not s.withheld)
    total = len(analysis.metrics.summary)
    if total:
        parts.append(f"{shown} of {total} values shown, {total - shown} withheld")
    return " · ".join(parts)


def cards(analysis: Analysis) -> tuple[tuple[str, tuple[Card, ...]], ...]:
    """Metrics that have a value, by group, in the order of the groups."""
    table = analysis.metrics
    groups = []
    for group, title in GROUPS.items():
        infos = [info for info in table.info.values() if info.group == group]
        found = [_card(info, [s for s in table.summary if s.name == info.name]) for info in infos]
        members = tuple(card for card in found if any(not row.withheld for row in card.rows))
        if members:
            groups.append((title, members))
    return tuple(groups)


def _card(info: MetricInfo, summaries: Sequence[MetricSummary]) -> Card:
    order = ("both", *SIDES)
    ordered = sorted(summaries, key=lambda summary: order.index(summary.side))
    bounds = [bound for s in ordered if s.ci95 is not None and not s.withheld for bound in s.ci95]
    scale = (min(bounds), max(bounds)) if bounds else None
    several = sum(1 for s in ordered if not s.withheld and s.ci95 is not None) > 1
    rows = tuple(_row(info, summary, scale if several else None) for summary in ordered)
    return Card(info.label, info.plain, NOTES.get(info.name, ""), rows)


def _row(info: MetricInfo, summary: MetricSummary, scale: tuple[float, float] | None) -> Row:
    if summary.withheld or summary.estimate is None:
        reason = _short(prose(summary.withheld)) or "could not be measured"
        return Row(summary.side, SIDE_WORDS[summary.side], "", "", "", 0, "", reason, None)
    bar, degrees = None, after_number(info.unit) == "°"
    if scale is not None and summary.ci95 is not None and scale[1] > scale[0]:
        low, middle, high = (
            100 * (value - scale[0]) / (scale[1] - scale[0])
            for value in (summary.ci95[0], summary.estimate, summary.ci95[1])
        )
        bar = (low, middle, high)
    return Row(
        summary.side,
        SIDE_WORDS[summary.side],
        number(summary.estimate, info.decimals) + ("°" if degrees else ""),
        "" if degrees else after_number(info.unit),
        interval(summary.ci95, info.decimals) if summary.ci95 is not None else "",
        summary.n,
        summary.grade or "",
        "",
        bar,
    )


def _short(reason: str) -> str:
    """A reason cut to its first clause where it is long; the section on what is withheld has all of it."""
    clause = re.split(r"[;:]", reason)[0]
    return reason if len(reason) <= _CARD_REASON_CHARACTERS or clause == reason else f"{clause} …"


def withheld(analysis: Analysis) -> tuple[Withheld, ...]:
    """What is withheld, by reason."""
    reasons: dict[str, dict[str, list[str]]] = {}
    table = analysis.metrics
    for info in by_group(table.info.values()):
        for summary in (s for s in table.summary if s.name == info.name and s.withheld):
            reasons.setdefault(summary.withheld, {}).setdefault(info.label, []).append(summary.side)
    return tuple(
        Withheld(sentence(reason), tuple(_with_sides(label, sides) for label, sides in labels.items()))
        for reason, labels in reasons.items()
    )


def _with_sides(label: str, sides: Sequence[str]) -> str:
    return f"{label} ({sides[0]})" if sides in (["left"], ["right"]) else label


def changes(analysis: Analysis) -> tuple[Change, ...]:
    """Early against late, for the metrics that are shown."""
    lines, drift = [], analysis.drift
    long = bool(drift.early_s and drift.late_s and drift.late_s[1] - drift.early_s[0] >= PER_10_MIN_FROM_S)
    for entry in analysis.drift.entries:
        info = analysis.metrics.info[entry.name]
        if is_withheld(analysis, entry.name, entry.side):
            continue
        low, high = (number(bound, info.decimals, signed=True) for bound in entry.ci95)
        lines.append(
            Change(
                info.label, entry.side, SIDE_WORDS[entry.side],
                number(entry.early, info.decimals), number(entry.late, info.decimals),
                number(entry.change, info.decimals, signed=True), f"{low} to {high}", unit(info.unit),
                entry.n_early, entry.n_late, VERDICTS.get(entry.verdict or "", ""),
                _told(entry, info, long=long, voided=drift.voided),
            )
        )  # fmt: skip
    return tuple(lines)


def _told(entry: DriftEntry, info: MetricInfo, *, long: bool, voided: str) -> str:
    """What stands behind the verdict: how fast and since when, how small a change would have been found, or why not."""
    said = []
    if long and entry.verdict == "drifted" and entry.per_10_min is not None and entry.per_10_min_ci95 is not None:
        low, high = (number(bound, info.decimals, signed=True) for bound in entry.per_10_min_ci95)
        said.append(f"{number(entry.per_10_min, info.decimals, signed=True)} per 10 minutes ({low} to {high})")
    if entry.begins_s is not None:
        low_s, middle_s, high_s = entry.begins_s
        said.append(f"since {duration(middle_s)} ({duration(low_s)} to {duration(high_s)})")
    if entry.reason and entry.reason != voided:  # that stands above the table
        said.append(entry.reason)
    if entry.verdict != "drifted" and entry.detectable is not None:
        said.append(f"a change of {with_unit(entry.detectable, info)} would have been found in 80 of 100 such runs")
    return "; ".join(said)


def by_repair(analysis: Analysis) -> tuple[tuple[str, str, str, str], ...]:
    """What the repair of the keypoints changed in what is shown: label, side, by how much, unit."""
    lines = []
    for summary in analysis.metrics.summary:
        info = analysis.metrics.info[summary.name]
        if not summary.withheld and summary.by_repair is not None:
            change = number(summary.by_repair, info.decimals, signed=True)
            if float(number(abs(summary.by_repair), info.decimals)) > 0:
                side = "" if summary.side == "both" else summary.side
                lines.append((info.label, side, change, after_number(info.unit)))
    return tuple(lines)


def scene_facts(analysis: Analysis) -> list[tuple[str, str]]:
    """What the camera sees, line by line."""
    scene, video = analysis.scene, analysis.video
    picture = f"{video.width_px} × {video.height_px} pixels, {float(video.fps):.1f} frames/s"
    facing = {
        -1: "towards the left of the picture",
        1: "towards the right of the picture",
        0: "along the camera's axis",
    }
    facts = [
        ("View", VIEWS[scene.view]),
        ("Runner faces", facing[scene.direction]),
        ("Running", _running(analysis)),
        ("Camera stands", _yaw(scene)),
        ("Camera held", _roll(scene)),
        ("Picture", f"{picture}, {video.codec}" if has_pictures(analysis) else f"{picture}; none was given"),
    ]
    if scene.feet_hidden:
        facts.append(("Feet", sentence(scene.feet_hidden)))
    return facts


def _yaw(scene: Scene) -> str:
    """How far from square the camera stands, and to which side where that is sure."""
    if scene.view == "oblique":
        return f"{number(scene.yaw_deg, 0)}° ± {number(scene.yaw_error_deg, 0)}° round from the runner's side"
    if abs(scene.yaw_deg) <= scene.yaw_error_deg:
        return f"square to the runner, within {number(abs(scene.yaw_deg) + scene.yaw_error_deg, 0)}°"
    if scene.is_side_view:
        side = f"towards the runner's {'front' if scene.yaw_deg > 0 else 'back'}"
    else:
        side = f"so that the running goes to the picture's {'right' if scene.yaw_deg > 0 else 'left'}"
    return f"{number(abs(scene.yaw_deg), 0)}° ± {number(scene.yaw_error_deg, 0)}° aside of square, {side}"


def _roll(scene: Scene) -> str:
    """How far from level the camera is held, and to which side where that is sure."""
    if scene.roll_deg == 0:
        return f"taken to be level, within {number(scene.roll_error_deg, 0)}°; it could not be measured"
    if abs(scene.roll_deg) <= scene.roll_error_deg:
        return f"level, within {number(abs(scene.roll_deg) + scene.roll_error_deg, 0)}°"
    side = "right" if scene.roll_deg > 0 else "left"
    amount = f"{number(abs(scene.roll_deg), 0)}° ± {number(scene.roll_error_deg, 0)}°"
    return f"aslant: verticals lean by {amount} to the {side}; all angles are turned back by it"


def _running(analysis: Analysis) -> str:
    word = {True: "yes", False: "no", None: "can't be told"}[analysis.scene.is_running]
    return f"{word}: {prose(analysis.scene.not_running)}" if analysis.scene.not_running else word


def calibration_facts(analysis: Analysis) -> list[tuple[str, str, str]]:
    """Scale and speed: what, value with error, source."""
    calibration = analysis.calibration
    quantities: tuple[tuple[str, Quantity | None, int, str], ...] = (
        ("Playback speed against real time", calibration.capture_speed, 3, ""),
        ("Leg length", calibration.leg_length_px, 0, "pixels"),
        ("Pixels per metre", calibration.px_per_m, 0, ""),
        ("Belt speed", calibration.belt_speed_mps, 2, "m/s"),
    )
    lines = []
    for label, quantity, decimals, unit_name in quantities:
        if quantity is None or math.isnan(quantity.error):
            lines.append((label, "unknown", quantity.source if quantity else ""))
            continue
        error = f" ± {number(quantity.error, decimals)}" if quantity.error else ""
        value = f"{number(quantity.value, decimals)}{error}{after_number(unit_name)}"
        lines.append((label, value, quantity.source))
    return lines


def warnings(analysis: Analysis) -> tuple[str, ...]:
    """All warnings, each once."""
    found = (*analysis.warnings, *analysis.scene.warnings, *analysis.calibration.warnings)
    return tuple(dict.fromkeys(sentence(warning) for warning in found))
