"""How metrics are called in the tables and plots of accuracy, in which unit and with how many places."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gait.metrics import in_order
from gait.validate.rows import SHARE


@dataclass(frozen=True, slots=True)
class Label:
    """Name, unit, places after the point, and what values are multiplied by to be in that unit."""

    text: str
    unit: str
    decimals: int
    scale: float = 1.0
    is_share: bool = False  # of clips or frames that came out right: truth 1, estimates 0 to 1


_UNITS = {
    "s": ("ms", 0, 1000.0),
    "ms": ("ms", 1, 1.0),
    "deg": ("°", 1, 1.0),
    "leg lengths": ("% of leg length", 1, 100.0),
    "ratio": ("%", 1, 100.0),
    "cm": ("cm", 1, 1.0),
    "hip widths": ("hip widths", 2, 1.0),
    "%": ("%", 1, 1.0),
    "steps/min": ("steps/min", 2, 1.0),
    "m/s": ("m/s", 2, 1.0),
    "m": ("cm", 1, 100.0),
    "kN/m": ("kN/m", 1, 1.0),
}
_OWN = {
    "initial_contact_error_ms": "Initial contact, each",
    "initial_contact_mean_error_ms": "Initial contact, mean of a clip",
    "toe_off_error_ms": "Toe-off, each",
    "toe_off_mean_error_ms": "Toe-off, mean of a clip",
    "cadence_file_time_spm": "Cadence in the file's own time",
    "view_right": "View found",
    "direction_right": "Running direction found",
    "running_right": "Running told from walking",
    "yaw_deg": "Yaw of the camera",
    "roll_deg": "Roll of the camera",
    "trunk_lean_by_roll_deg": "Trunk lean, by roll alone",
    "contacts_found": "Contacts found",
    "nothing_shown": "Nothing shown",
    "feet_hidden_right": "Hidden feet noticed",
    "legs_right": "Frames with the right leg",
    "legs_right_before": "The same before repair",
    "near_knee_curve_deg": "Near knee's angle, RMS error",
    "near_knee_curve_before_deg": "Near knee's angle before repair, RMS error",
    "near_knee_curve_oracle_deg": "The same with the legs told apart by the truth",
    "far_knee_curve_deg": "Far knee's angle, RMS error",
    "far_knee_curve_before_deg": "Far knee's angle before repair, RMS error",
    "good_leg_kept": "Good far legs kept",
    "made_up_leg_refused": "Made-up far legs refused",
    "near_leg_kept": "Near legs kept",
    "no_times_shown": "No times shown",
    "factor_right": "Slow-motion factor right",
    "factor_right_or_withheld": "Slow-motion factor right or withheld",
    "belt_speed_mps": "Belt speed",
    "person_found": "Frames with a person",
    "legs_not_exchanged": "Frames whose legs aren't exchanged",
    "hip_off_leg_lengths": "Hip off the painted joint, median in stance",
    "knee_off_leg_lengths": "Knee off the painted joint, median in stance",
    "ankle_off_leg_lengths": "Ankle off the painted joint, median in stance",
    "heel_off_leg_lengths": "Heel off the painted joint, median in stance",
    "foot_index_off_leg_lengths": "Toe off the painted joint, median in stance",
    "shank_length_variation": "Variation of the near shank's length in the picture",
    "initial_contact_by_threshold_ms": "Initial contact by another threshold",
    "toe_off_by_threshold_ms": "Toe-off by another threshold",
    "contact_time_by_threshold_s": "Contact time by another threshold",
    "knee_flexion_deg_curve_error": "Knee flexion over the gait cycle, RMS off the true mean curve",
    "shank_angle_deg_curve_error": "Shank angle over the gait cycle, RMS off the true mean curve",
    "belt_scale_error_pct": "Scale from the belt's speed, off the true one",
    "frontal_plane_projection_deg_left_less_right": "Projection angle, left less right",
    "femoral_adduction_deg_left_less_right": "Femoral adduction, left less right",
    "frontal_plane_projection_deg_side_right": "Leg with the larger projection angle told, if over 3° apart",
    "femoral_adduction_deg_side_right": "Leg with the larger femoral adduction told, if over 3° apart",
    "scale_error_pct": "Scale that is used, off the true one",
}
_PREFIXES = {
    "change_of_": "Change of",
    "realised_change_of_": "Realised change of",
    "no_drift_claimed_in_": "No drift claimed in",
    "drift_found_in_": "Drift found in",
}


def label_of(metric: str, unit: str) -> Label:
    """The label of a metric; an unknown one keeps its name."""
    info = in_order().get(metric)
    for prefix, words in _PREFIXES.items():
        if metric.startswith(prefix):
            inner = label_of(metric.removeprefix(prefix), unit)
            return replace(inner, text=f"{words} {inner.text[0].lower()}{inner.text[1:]}")
    text = _OWN.get(metric) or (info.info.label if info else metric.replace("_", " "))
    if unit == SHARE:
        return Label(text, "%", 0, 100.0, is_share=True)
    shown, decimals, scale = _UNITS.get(unit, (unit, 2, 1.0))
    return Label(text, shown, decimals, scale)


def shown_number(value: float | None, label: Label, *, signed: bool = False) -> str:
    """A value in the unit of its label; a dash where there is none.

    >>> shown_number(-0.0121, Label("Contact time", "ms", 0, 1000.0), signed=True)
    '−12'
    """
    if value is None:
        return "–"
    text = f"{round(value * label.scale, label.decimals) + 0.0:{'+' if signed else ''}.{label.decimals}f}"
    zero = f"{0:.{label.decimals}f}"
    return zero if text.lstrip("+-") == zero else text.replace("-", "−")


def shown_share(share: float | None) -> str:
    """A share as whole per cent; a dash where there is none. 100 and 0 are kept for all and none.

    >>> shown_share(0.9999), shown_share(1.0), shown_share(None)
    ('> 99 %', '100 %', '–')
    """
    if share is None:
        return "–"
    if 0.995 <= share < 1:
        return "> 99 %"
    return "< 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")
