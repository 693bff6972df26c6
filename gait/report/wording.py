"""Numbers and fixed sentences of the report."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from gait.model import Grade, MetricInfo, SideOrBoth, View

GROUPS: Mapping[str, str] = {
    "temporal": "Rhythm",
    "overstride": "Where the foot lands",
    "sagittal": "Posture from the side",
    "frontal": "Alignment from the rear or front",
}
GRADES: Mapping[Grade, str] = {
    "A": "well supported: the leg is clearly seen in enough strides, and the interval is narrow",
    "B": "supported: the interval is up to half as wide as it may be, or there are few strides",
    "C": "rough: the interval is wide or the leg is the far one; best for comparing clips filmed in the same way",
    "D": "barely supported: the interval is nearly as wide as it may be for the value to be shown",
}
VIEWS: Mapping[View, str] = {
    "left": "Seen from the left",
    "right": "Seen from the right",
    "rear": "Seen from the rear",
    "front": "Seen from the front",
    "oblique": "Seen at an angle",
}
SIDE_WORDS: Mapping[SideOrBoth, str] = {"left": "Left", "right": "Right", "both": "Both"}
NOTES: Mapping[str, str] = {
    "frontal_plane_projection_deg": (
        "People call this knee valgus, which says more than it is: an angle in the picture, which mixes inward bending "
        "of the knee with rotation of the leg. There is no published limit for running."
    )
}
FILMING = (
    "Put the phone on a tripod or a shelf, level, at the height of your hips, in landscape for a side view.",
    "Film square to the treadmill: exactly from the side, or exactly from behind with the belt in the middle.",
    "Stand 3 to 5 metres away and use the normal lens, not the wide one; you fill most of the height.",
    "Keep both feet in the picture all the time, and nothing (rails, console, towel) in front of the legs.",
    "Choose 120 or 240 frames per second if your phone can; 60 is fair, 30 is for cadence and posture.",
    "Use bright light, so that the picture is sharp: fast shutter, no night mode, no stabilisation, exposure locked.",
    "Wear fitted clothes and shoes that stand out from the belt; film 30 seconds or more at a steady speed.",
    "Only one person in the picture. Note speed, incline and shoes, and film from the same place next time.",
)
DISCLAIMERS = (
    "This report measures and describes running form for general fitness. It does not diagnose, treat, prevent or "
    "predict any disease or injury.",
    "All values are estimates from one camera in two dimensions, with the error that is shown. No value is a verdict: "
    "almost no measure of running form has a limit that is known to matter for injury.",
    "With pain, swelling, a locking joint, pain at night or pain that stays, stop and see a clinician. Don't change "
    "how you run because of this report alone.",
    "Values haven't been validated for children, after surgery, or for people with neurological conditions.",
    "The video was analysed on this computer and was not sent anywhere. A face makes a person identifiable: think "
    "about whom you share pictures with.",
)
_UNITS = {
    "deg": "degrees",
    "°": "degrees",
    "spm": "steps/min",
    "leg_lengths": "leg lengths",
    "pct": "%",
    "ratio": "",
    "1": "",
}
_STILL_WORDS = {
    "knee_flexion_deg": "knee",
    "shank_angle_deg": "shank",
    "trunk_lean_deg": "trunk",
    "frontal_plane_projection_deg": "projection",
    "femoral_adduction_deg": "thigh",
}
_DOI = re.compile(r"(?:doi:\s?)?\b(10\.\d{4,9}/[^\s,;]+)")


def by_group(infos: Iterable[MetricInfo]) -> list[MetricInfo]:
    """Metrics in the order of the groups."""
    order = list(GROUPS)
    return sorted(infos, key=lambda info: order.index(info.group))


def number(value: float, decimals: int, *, signed: bool = False) -> str:
    """A number with a true minus sign; never "-0.0"."""
    rounded = round(value, decimals) + 0.0
    text = f"{rounded:+.{decimals}f}" if signed and rounded else f"{rounded:.{decimals}f}"
    return text.replace("-", "−")


def unit(name: str) -> str:
    """A unit as people write it."""
    return _UNITS.get(name, name)


def after_number(name: str) -> str:
    """A unit as it follows a number: the sign for degrees, else after a narrow space; empty for pure numbers."""
    written = unit(name)
    return {"": "", "degrees": "°"}.get(written, f"\u202f{written}")


def interval(ci95: tuple[float, float], decimals: int) -> str:
    """A 95 % interval in words that stay clear with negative numbers."""
    return f"{number(ci95[0], decimals)} to {number(ci95[1], decimals)}"


def prose(text: str) -> str:
    """A reason or warning as people write it: signs for minus, plus-minus and degrees."""
    signed = re.sub(r"(?<![\w.)])-(?=\d)", "−", text.replace("+- ", "±").replace("+-", "±"))
    return re.sub(r"(?<=\d) deg\b", "°", signed)


def sentence(text: str) -> str:
    """A reason as a sentence of its own."""
    written = prose(text)
    return written[:1].upper() + written[1:] + ("" if written.endswith((".", "!", "?")) else ".")


def duration(seconds: float) -> str:
    """A length of time as people say it."""
    if seconds < 60:
        return f"{seconds:.1f}\u202fs"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}\u202fmin {rest}\u202fs" if rest else f"{minutes}\u202fmin"


def with_unit(value: float, info: MetricInfo) -> str:
    """A value of a metric as text."""
    return f"{number(value, info.decimals)}{after_number(info.unit)}"


def linked(reference: str) -> tuple[tuple[str, str], ...]:
    """A reference cut into (text, address) parts; the address of a DOI, else empty."""
    parts: list[tuple[str, str]] = []
    start = 0
    for match in _DOI.finditer(reference):
        doi = match.group(1).rstrip(".)")
        parts += [(reference[start : match.start()], ""), (f"doi:{doi}", f"https://doi.org/{doi}")]
        start = match.start(1) + len(doi)
    parts.append((reference[start:], ""))
    return tuple(part for part in parts if part[0])


def still_value(name: str, value: float) -> str:
    """A value drawn into a still: an angle by its joint, or the ankle-to-hip distance."""
    if name in _STILL_WORDS:
        return f"{_STILL_WORDS[name]} {number(value, 0)}°"
    return f"{number(value, 2)} leg lengths"


def settings(config: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Settings as (room.key, value) lines."""
    lines: list[tuple[str, str]] = []
    for key, value in config.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            lines += settings(value, f"{name}.")
        elif value is None or (isinstance(value, float) and math.isnan(value)):
            lines.append((name, "not set"))
        else:
            lines.append((name, str(value)))
    return lines
