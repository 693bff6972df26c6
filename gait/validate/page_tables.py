"""The tables of docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gait.validate.labels import Label, label_of, shown_number, shown_share
from gait.validate.published import Published
from gait.validate.results import SuiteResult
from gait.validate.rows import SHARE
from gait.validate.statistics import Figures

LONGEST_REASON = 130
FEW_CONDITIONS = 3  # with more of them, every metric has a table of its own
# The page's first table: where a reader looks who reads nothing else.
HEADLINES = (
    ("forceplate", "side, near leg, 30 fps, 8 mm noise", "initial_contact_error_ms"),
    ("forceplate", "side, near leg, 30 fps, 8 mm noise", "toe_off_error_ms"),
    ("forceplate", "side, near leg, 60 fps, 8 mm noise", "contact_time_s"),
    ("forceplate", "rear, 60 fps, 8 mm noise", "initial_contact_error_ms"),
    ("real", "treadmill_left_30fps", "cadence_spm"),
    ("events", "side, 30 fps, MediaPipe's errors", "cadence_spm"),
    ("events", "side, 30 fps, MediaPipe's errors", "initial_contact_error_ms"),
    ("events", "side, 30 fps, MediaPipe's errors", "toe_off_error_ms"),
    ("events", "side, 30 fps, MediaPipe's errors", "contact_time_s"),
    ("angles", "60 fps, MediaPipe's errors, as filmed", "ankle_to_hip_at_contact_leg_lengths"),
    ("angles", "60 fps, MediaPipe's errors, as filmed", "trunk_lean_deg"),
    ("sideview", "clean, 30 fps", "ankle_to_hip_at_contact_leg_lengths"),
    ("sideview", "clean, 60 fps", "ankle_to_hip_at_contact_leg_lengths"),
    ("sideview", "clean, 60 fps", "shank_angle_at_contact_deg"),
    ("sideview", "clean, 60 fps", "foot_strike_angle_deg"),
    ("sideview", "clean, 60 fps", "knee_flexion_at_contact_deg"),
    ("sideview", "clean, 60 fps", "trunk_lean_deg"),
    ("sideview", "clean, 60 fps", "vertical_oscillation_cm"),
    *(
        ("rearview", condition, metric)
        for metric in (
            "frontal_plane_projection_deg",
            "femoral_adduction_deg",
            "lateral_trunk_lean_deg",
            "step_width_cm",
        )
        for condition in ("rear, clean, 60 fps", "rear, indoor, 30 fps")
    ),
    ("rearview", "rear, clean, 60 fps", "contralateral_pelvic_drop_deg"),
    ("rearview", "rear, clean, 60 fps", "hip_adduction_deg"),
    ("drift", "nothing changes, alpha 0.75", "change_of_cadence_spm"),
)
Column = tuple[str, Callable[[Figures, Label], str]]


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> str:
    """A Markdown table, the first `left` columns to the left and the others to the right."""
    marks = ["---" if i < left else "---:" for i in range(len(header))]
    lines = [header, marks, *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def command(result: SuiteResult) -> str:
    """The line under a table: how to make it again."""
    return f"`gait validate {result.name}`"


def at_a_glance(results: Sequence[SuiteResult]) -> str:
    """The main figures of all suites."""
    found = {(f.suite, f.condition, f.metric): f for result in results for f in result.figures}
    lines = []
    for key in HEADLINES:
        figures = found.get(key)
        if figures is not None:
            label = label_of(figures.metric, figures.unit)
            texts = [write(figures, label) for _, write in _HEADLINE_COLUMNS]
            lines.append([label.text, figures.suite, figures.condition, label.unit, *texts])
    if not lines:
        return ""
    header = ["What", "Suite", "Condition", "Unit", *(name for name, _ in _HEADLINE_COLUMNS)]
    return f"## At a glance\n\n{table(header, lines, left=4)}\n\n`gait validate --all --page docs/accuracy.md`"


def of_suite(result: SuiteResult) -> str:
    """All tables of a suite: shares first, then values."""
    shares = [figures for figures in result.figures if figures.unit == SHARE]
    values = [figures for figures in result.figures if figures.unit != SHARE]
    parts = [_shares(shares, result)] if shares else []
    conditions = list(dict.fromkeys(figures.condition for figures in values))
    metrics = list(dict.fromkeys(figures.metric for figures in values))
    if len(conditions) <= FEW_CONDITIONS:
        for condition in conditions:
            own = [figures for figures in values if figures.condition == condition]
            parts.append(_values(condition, own, result, by_metric=True))
    else:
        for metric in metrics:
            own = [figures for figures in values if figures.metric == metric]
            label = label_of(metric, own[0].unit)
            parts.append(_values(f"{label.text} ({label.unit})", own, result, by_metric=False))
    return "\n\n".join(parts)


def _shares(figures: Sequence[Figures], result: SuiteResult) -> str:
    """Conditions by what came out right, in per cent."""
    metrics = list(dict.fromkeys(one.metric for one in figures))
    found = {(one.condition, one.metric): one for one in figures}
    lines = []
    for condition in dict.fromkeys(one.condition for one in figures):
        own = [found.get((condition, metric)) for metric in metrics]
        n_clips = max(one.n_clips for one in own if one is not None)
        lines.append([condition, str(n_clips), *(_share(one) for one in own)])
    header = ["Condition", "Clips", *(label_of(metric, SHARE).text for metric in metrics)]
    return f"{table(header, lines)}\n\n{command(result)}"


def _share(figures: Figures | None) -> str:
    """Mean share that came out right; how many weren't judged, where there are such."""
    if figures is None:
        return ""
    right = shown_share(1 + figures.agreement.bias) if figures.agreement else "–"
    return right if figures.withheld == 0 else f"{right} ({shown_share(figures.withheld)} not judged)"


def _values(title: str, figures: Sequence[Figures], result: SuiteResult, *, by_metric: bool) -> str:
    """One table of values with its title, the reasons for withholding and the command."""
    labels = [label_of(one.metric, one.unit) for one in figures]
    written = [[write(one, label) for _, write in _COLUMNS] for one, label in zip(figures, labels, strict=True)]
    kept = [i for i, (name, _) in enumerate(_COLUMNS) if name in _ALWAYS or any(line[i] != "–" for line in written)]
    lines = []
    for one, label, texts in zip(figures, labels, written, strict=True):
        first = f"{label.text} ({label.unit})" if by_metric else one.condition
        lines.append([first, *(texts[i] for i in kept)])
    header = ["Metric" if by_metric else "Condition", *(_COLUMNS[i][0] for i in kept)]
    parts = [f"**{title}**", table(header, lines), _reasons(figures), command(result)]
    return "\n\n".join(part for part in parts if part)


def _reasons(figures: Sequence[Figures]) -> str:
    """The most frequent reasons of a table's figures."""
    counts: dict[str, int] = {}
    for one in figures:
        for reason, count in one.reasons:
            counts[reason] = counts.get(reason, 0) + count
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:3]
    return "Withheld: " + "; ".join(f"*{_shortened(reason)}* ({count})" for reason, count in most) + "." if most else ""


def _shortened(reason: str) -> str:
    """A reason in one line of a page, cut after a word."""
    plain = reason.replace("+-", "±")
    if len(plain) <= LONGEST_REASON:
        return plain
    return f"{plain[:LONGEST_REASON].rsplit(' ', 1)[0].rstrip(',;:')} […]"


def of_published(figures: Sequence[Published]) -> str:
    """What others published, with source and conditions."""
    if not figures:
        return ""
    lines = [[one.method, one.found, one.conditions, f"[{one.source}]({one.address})", one.status] for one in figures]
    header = ["Method", "Found", "Conditions", "Source", "Read in"]
    note = "Other people, other runners, other laboratories: beside ours, not against ours."
    return f"**Published by others.** {note}\n\n{table(header, lines, left=5)}"


def _n(figures: Figures, _: Label) -> str:
    return f"{figures.n} ({figures.n_clips})"


def _bias(figures: Figures, label: Label) -> str:
    return shown_number(figures.agreement.bias if figures.agreement else None, label, signed=True)


def _rmse(figures: Figures, label: Label) -> str:
    return shown_number(figures.agreement.rmse if figures.agreement else None, label)


def _limits(figures: Figures, label: Label) -> str:
    agreement = figures.agreement
    if agreement is None or agreement.limits is None:
        return "–"
    low, high = (shown_number(end, label, signed=True) for end in agreement.limits)
    return f"{low} to {high} (± {shown_number(agreement.limits_error, label)})"


def _slope(figures: Figures, _: Label) -> str:
    line = figures.line
    if line is None:
        return "–"
    return f"{line.slope:.2f} ({line.ci95[0]:.2f} to {line.ci95[1]:.2f})".replace("-", "−")


def _held(figures: Figures, _: Label) -> str:
    intervals = figures.intervals
    if intervals is None:
        return "–"
    low, high = (f"{100 * end:.0f}" for end in intervals.ci95)
    return f"{shown_share(intervals.coverage)} ({low} to {high})"


def _half_width(figures: Figures, label: Label) -> str:
    return shown_number(figures.intervals.half_width if figures.intervals else None, label)


def _withheld(figures: Figures, _: Label) -> str:
    return shown_share(figures.withheld)


def _unshown(figures: Figures, label: Label) -> str:
    return shown_number(figures.unshown_rmse, label)


_COLUMNS: tuple[Column, ...] = (
    ("Values (clips)", _n),
    ("Bias", _bias),
    ("RMSE", _rmse),
    ("95 % limits", _limits),
    ("Slope", _slope),
    ("Intervals hold the truth", _held),
    ("±", _half_width),
    ("Withheld", _withheld),
    ("Error of the withheld", _unshown),
)
_ALWAYS = ("Values (clips)", "Bias", "RMSE", "Withheld")
_HEADLINE_COLUMNS = tuple(column for column in _COLUMNS if column[0] not in ("95 % limits", "Slope"))
