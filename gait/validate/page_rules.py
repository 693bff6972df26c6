"""The table of docs/accuracy.md in which rules of the literature stand beside `gait` on the same keypoints."""

from __future__ import annotations

from dataclasses import replace

from gait.validate.compare_rules import BY, OURS
from gait.validate.frame_rules import FRAME_RULES
from gait.validate.labels import Label, label_of, shown_number, shown_share
from gait.validate.page_tables import command, table
from gait.validate.results import SuiteResult
from gait.validate.rows import BY_RULE
from gait.validate.statistics import Figures

ABOUT = f"""**What folding brings.** The near leg's events by rules of the literature, on the same keypoints from which
`{OURS}` reads its own: repaired and levelled. The rules look at one stride after the other, each peak refined between
frames by a parabola; `{OURS}` looks at all strides folded into one. The low-pass filter (0.4 of the frame rate, at most
20 Hz for feet and 12 Hz for the knee) and the windows in which the rules look are ours, as only the papers' abstracts
could be read; *approximation* means that not even the rule's exact form was found. Zeni's rule was made for walking. A
simulated foot's path is made up: with simulated runners the rules' scatter tells more than their bias. The thresholds
of `{OURS}` were found on the force plate's recordings, which flatters it there; these filters and windows were checked
on them too, in the rules' favour.

Contact, toe-off and contact time in ms: bias / RMSE of each / RMSE of a clip's mean. Who knows a rule's bias for their
runners can take it off; the difference between RMSE and bias stays. Cadence: RMSE in steps/min, by the near leg's
contacts. Found: share of the contacts, those made up counted against it."""
_TIMES = (
    ("Contact", "initial_contact"),
    ("Toe-off", "toe_off"),
    ("Contact time", "contact_time"),
)
_MS = Label("", "ms", 0)


def without_rules(result: SuiteResult) -> SuiteResult:
    """The result without the figures of this comparison, which stand in a table of their own."""
    return replace(result, figures=tuple(one for one in result.figures if not one.metric.startswith(BY_RULE)))


def of_suite(result: SuiteResult) -> str:
    """The comparison of a suite: a line per condition and rule; empty where there is none."""
    found: dict[str, dict[str, Figures]] = {}
    for figures in result.figures:
        if figures.metric.startswith(BY_RULE):
            found.setdefault(figures.condition, {})[figures.metric.removeprefix(BY_RULE)] = figures
    if not found:
        return ""
    header = ["Condition", "Clips", "Events by", *(name for name, _ in _TIMES), "Cadence", "Found"]
    lines, last = [], ""
    for condition, own in found.items():
        setting, _, rule = condition.rpartition(BY)
        n_clips = str(max(one.n_clips for one in own.values()))
        cells = [_three(own, kind) for _, kind in _TIMES]
        named = f"**{rule}**" if rule == OURS else rule
        first = ["", ""] if setting == last else [setting, n_clips]
        lines.append([*first, named, *cells, _cadence(own), _found(own)])
        last = setting
    references = f"Rules: {'; '.join(dict.fromkeys(rule.reference for rule in FRAME_RULES))}."
    return "\n\n".join([ABOUT, table(header, lines, left=3), references, command(result)])


def _three(own: dict[str, Figures], kind: str) -> str:
    """Bias, RMSE of each event and RMSE of a clip's mean; dashes where there is nothing."""
    each, mean = (own.get(f"{kind}{which}_ms") for which in ("_error", "_mean_error"))
    if each is None or each.agreement is None:
        return "–"
    texts = [shown_number(each.agreement.bias, _MS, signed=True), shown_number(each.agreement.rmse, _MS)]
    if mean is not None and mean.agreement is not None:
        texts.append(shown_number(mean.agreement.rmse, _MS))
    return " / ".join(texts)


def _cadence(own: dict[str, Figures]) -> str:
    """RMSE of the cadence."""
    cadence = own.get("cadence_spm")
    if cadence is None or cadence.agreement is None:
        return "–"
    return shown_number(cadence.agreement.rmse, label_of("cadence_spm", cadence.unit))


def _found(own: dict[str, Figures]) -> str:
    """Share of the contacts that were found, those made up counted against it."""
    found = own.get("contacts_found")
    return shown_share(1 + found.agreement.bias) if found is not None and found.agreement is not None else "–"
