"""The runner's values beside those of others at the same speed, and the numbers for comparing clips."""

from __future__ import annotations

from dataclasses import dataclass

from gait.model import Analysis, Comparison, MetricInfo, Place, Side, SideOrBoth
from gait.report.readouts import is_withheld
from gait.report.wording import SIDE_WORDS, by_group, interval, number, with_unit

SHOWN_SD = 4.0  # to each side of the others' mean
PLACES: dict[Place, str] = {
    "higher": "higher than in most of them",
    "lower": "lower than in most of them",
    "not told apart": "not told apart from them",
    "unknown": "how much they differ isn't known",
}


@dataclass(frozen=True, slots=True)
class Beside:
    """One value beside those of others."""

    label: str
    side: SideOrBoth
    word: str
    value: str
    usual: str
    place: str
    bar: tuple[float, float, float] | None  # low, middle, high in per cent of the strip; None without an SD
    source: str


@dataclass(frozen=True, slots=True)
class Number:
    """One value with what serves for comparing it with another clip's."""

    label: str
    side: SideOrBoth
    word: str
    estimate: str
    interval: str
    detectable: str
    over_standing: str


def beside_others(analysis: Analysis) -> tuple[Beside, ...]:
    """All comparisons of what is shown, in the order of the groups."""
    of_metric: dict[str, list[Comparison]] = {}
    for comparison in analysis.comparisons:
        if is_withheld(analysis, comparison.name, comparison.side):
            continue
        of_metric.setdefault(comparison.name, []).append(comparison)
    infos = by_group(analysis.metrics.info.values())
    return tuple(_beside(info, one) for info in infos for one in of_metric.get(info.name, []))


def at_speed(analysis: Analysis) -> str:
    """The speed at which the runner is compared, with its half-width."""
    belt = analysis.calibration.belt_speed_mps
    spread = "" if belt is None else f" ± {belt.error:.1f}"
    return "".join(f"{one.speed_mps:.1f}{spread} m/s" for one in analysis.comparisons[:1])


def _beside(info: MetricInfo, one: Comparison) -> Beside:
    estimate = one.usual + one.away
    spread = "" if one.sd is None else f", SD {number(one.sd, info.decimals)}"
    bar = None
    if one.sd:
        ends = (one.away - one.error, one.away, one.away + one.error)
        low, middle, high = (50 + 50 * max(-1.0, min(1.0, end / one.sd / SHOWN_SD)) for end in ends)
        bar = (low, middle, high)
    return Beside(
        label=info.label,
        side=one.side,
        word=SIDE_WORDS[one.side],
        value=with_unit(estimate, info),
        usual=f"{with_unit(one.usual, info)}{spread}",
        place=PLACES[one.place],
        bar=bar,
        source=one.source,
    )


def numbers(analysis: Analysis) -> tuple[Number, ...]:
    """What is shown, with the smallest change that could be told and the value over standing."""
    found = []
    order: tuple[SideOrBoth, ...] = ("both", "left", "right")
    for info in by_group(analysis.metrics.info.values()):
        for side in order:
            summary = analysis.metrics.get(info.name, side)
            if summary is None or summary.withheld or summary.estimate is None or summary.ci95 is None:
                continue
            over, least = summary.over_standing, summary.detectable_change
            found.append(
                Number(
                    info.label, side, _side_word(side), with_unit(summary.estimate, info),
                    interval(summary.ci95, info.decimals),
                    "" if least is None else with_unit(least, info),
                    "" if over is None else f"{with_unit(over.value, info)} ± {number(over.error, info.decimals)}",
                )
            )  # fmt: skip
    return tuple(found)


def _side_word(side: Side | SideOrBoth) -> str:
    return "" if side == "both" else SIDE_WORDS[side]
