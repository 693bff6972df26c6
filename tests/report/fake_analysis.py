"""Made-up analyses for the tests of report and export: a stick runner with plausible numbers, no measurement."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gait.model import (
    SIDES,
    Analysis,
    AngleCurve,
    Angles,
    Calibration,
    Drift,
    DriftEntry,
    Events,
    Finding,
    HistoryEntry,
    LegQuality,
    MetricInfo,
    MetricSummary,
    MetricTable,
    Provenance,
    Quantity,
    Scene,
    Skeleton,
    Track,
    Video,
)

FPS = 60
N_FRAMES = 480
PERIOD_S = 0.714
DUTY = 0.36
FACE = ("nose", "left_eye", "right_eye", "left_ear", "right_ear", "mouth_left", "mouth_right")
BODY = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
NAMES = (*FACE, *(f"{side}_{joint}" for joint in BODY for side in SIDES))
CHAINS = (("shoulder", "elbow", "wrist"), ("shoulder", "hip", "knee", "ankle", "heel", "foot_index", "ankle"))
EDGES = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    *((f"{side}_{a}", f"{side}_{b}") for side in SIDES for chain in CHAINS for a, b in zip(chain, chain[1:])),  # noqa: B905, RUF007
)
SKELETON = Skeleton(NAMES, EDGES, tuple((f"left_{j}", f"right_{j}") for j in BODY))
KNEE_KNOTS = ([0, 0.04, 0.15, 0.36, 0.5, 0.68, 0.85, 0.95, 1], [13, 22, 43, 20, 45, 98, 60, 14, 13])
THIGH_KNOTS = ([0, 0.15, 0.36, 0.45, 0.65, 0.85, 1], [26, 18, -20, -22, 5, 38, 26])


def leg_phase(side: str) -> NDArray[np.float64]:
    """Phase of each frame in the stride of one leg; 0 at its initial contact."""
    time_s = np.arange(N_FRAMES) / FPS
    return (time_s - (0.1 if side == "left" else 0.1 + PERIOD_S / 2)) / PERIOD_S


def leg_angles(side: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Thigh to vertical and knee flexion of each frame, degrees."""
    phase = leg_phase(side) % 1
    return np.interp(phase, *THIGH_KNOTS), np.interp(phase, *KNEE_KNOTS)


def _sideways(direction: int) -> dict[str, NDArray[np.float64]]:
    def step(angle_deg: NDArray[np.float64] | float, length: float) -> NDArray[np.float64]:
        rad = np.radians(angle_deg) * np.ones(N_FRAMES)
        return np.stack([direction * length * np.sin(rad), length * np.cos(rad)], axis=-1)

    bounce = 12 * np.cos(4 * np.pi * leg_phase("left"))
    pelvis = np.stack([np.full(N_FRAMES, 640.0), 330 - bounce], axis=-1)
    points: dict[str, NDArray[np.float64]] = {}
    neck = pelvis - step(-7.0, 165)
    head = neck - step(-4.0, 62)
    for name, dx, dy in zip(FACE, (30, 24, 20, 2, 0, 22, 20), (0, -9, -9, -3, -3, 14, 14), strict=True):
        points[name] = head + np.array([direction * dx, dy])
    for side, depth in (("left", -3.0), ("right", 3.0)):
        thigh, knee = leg_angles(side)
        swing = np.interp(leg_phase(side) % 1, [0, 0.5, 1], [-35, 30, -35])
        points[f"{side}_shoulder"] = neck + np.array([depth, 8])
        points[f"{side}_elbow"] = points[f"{side}_shoulder"] + step(swing, 80)
        points[f"{side}_wrist"] = points[f"{side}_elbow"] + step(swing + 80, 70)
        points[f"{side}_hip"] = pelvis + np.array([depth, 0])
        points[f"{side}_knee"] = points[f"{side}_hip"] + step(thigh, 135)
        points[f"{side}_ankle"] = points[f"{side}_knee"] + step(thigh - knee, 130)
        points[f"{side}_heel"] = points[f"{side}_ankle"] + step(thigh - knee - 20, 25)
        points[f"{side}_foot_index"] = points[f"{side}_heel"] + step(thigh - knee + 86, 65)
    return points


def _from_behind() -> dict[str, NDArray[np.float64]]:
    ones = np.ones(N_FRAMES)
    bounce = 12 * np.cos(4 * np.pi * leg_phase("left"))
    points: dict[str, NDArray[np.float64]] = {}
    for name, dx, dy in zip(FACE, (0, -8, 8, -18, 18, -6, 6), (0, -9, -9, -3, -3, 14, 14), strict=True):
        points[name] = np.stack([640 + dx * ones, 100 - bounce + dy], axis=-1)
    for side, sign in (("left", -1), ("right", 1)):
        phase = leg_phase(side) % 1
        lift = 120 * np.clip(np.sin(np.pi * (phase - DUTY) / (1 - DUTY)), 0, None) * (phase > DUTY)
        sway = 6 * np.sin(2 * np.pi * phase)
        for joint, dx, y in (("shoulder", 52, 170), ("elbow", 78, 250), ("wrist", 58, 300), ("hip", 27, 335)):
            points[f"{side}_{joint}"] = np.stack([640 + sign * dx * ones, y - bounce], axis=-1)
        points[f"{side}_knee"] = np.stack([640 + sign * 16 + sign * sway, 470 - bounce - lift * 0.1], axis=-1)
        points[f"{side}_ankle"] = np.stack([640 + sign * 14 * ones, 600 - bounce * 0.3 - lift], axis=-1)
        points[f"{side}_heel"] = points[f"{side}_ankle"] + np.array([0, 20])
        points[f"{side}_foot_index"] = points[f"{side}_ankle"] + np.array([sign * 7, 30])
    return points


def _track(points: dict[str, NDArray[np.float64]], video: Video) -> Track:
    xy = np.stack([points[name] for name in NAMES], axis=1) * (video.height_px / 720)
    confidence = np.full(xy.shape[:2], 0.95)
    history = (
        HistoryEntry("clean", "legs exchanged back", 14, N_FRAMES, ((1.2, 1.5), (4.0, 4.0))),
        HistoryEntry("clean", "gaps filled", 37, N_FRAMES * len(NAMES)),
    )
    return Track(xy, confidence, SKELETON, video, history)


def _video(name: str) -> Video:
    times = np.arange(N_FRAMES) / FPS
    return Video(
        Path(f"/clips/{name}"), 1280, 720, N_FRAMES, Fraction(FPS), times, codec="h264", content_hash="5f" * 32
    )


def _events() -> Events:
    rows = []
    for side in SIDES:
        offset = 0.1 if side == "left" else 0.1 + PERIOD_S / 2
        for k in range(11):
            start = offset + k * PERIOD_S
            rows += [(start, "initial_contact", side), (start + DUTY * PERIOD_S, "toe_off", side)]
    rows = sorted(row for row in rows if row[0] < N_FRAMES / FPS)
    time_s, kind, side_of = zip(*rows, strict=True)
    return Events(time_s, time_s, kind, side_of, np.full(len(rows), 0.006), ("folded cycle",) * len(rows))


def no_events() -> Events:
    return Events([], [], (), (), [], ())


INFO = (
    MetricInfo(
        "cadence_spm", "temporal", "spm", "Cadence", "How many steps you take in a minute, both feet counted.",
        "any", "Slope of initial-contact times over step number.", "Heiderscheit 2011, 10.1249/MSS.0b013e3181ebedf4",
        per_side=False,
    ),
    MetricInfo(
        "contact_time_s", "temporal", "s", "Ground contact time", "How long each foot stays on the ground.",
        "any", "Initial contact to toe-off of the same foot.", "Malisoux 2023, 10.1177/23259671231204629", decimals=3,
    ),
    MetricInfo(
        "ankle_to_hip_at_contact_leg_lengths", "overstride", "leg lengths", "Ankle ahead of hip at contact",
        "How far in front of your hip the foot lands; the main sign of overstriding.",
        "side", "Horizontal distance of ankle and middle of the hips at initial contact over leg length.",
        "Lieberman 2015, 10.1242/jeb.125500", decimals=2,
    ),
    MetricInfo(
        "knee_flexion_at_contact_deg", "overstride", "deg", "Knee flexion at contact",
        "How bent the knee is when the foot lands; 0 is straight.",
        "side", "180 degrees less the angle hip, knee, ankle at initial contact.", "Damsted 2015",
    ),
    MetricInfo(
        "shank_angle_at_contact_deg", "overstride", "deg", "Shank angle at contact",
        "Lean of the lower leg when the foot lands; above 0 the ankle is ahead of the knee.",
        "side", "Angle of ankle to knee against the vertical at initial contact.",
        "Souza 2016, 10.1016/j.pmr.2015.08.006",
    ),
    MetricInfo(
        "peak_stance_knee_flexion_deg", "sagittal", "deg", "Peak knee flexion in stance",
        "How far the knee gives while the foot carries you.", "side", "Largest knee flexion from contact to toe-off.",
        "Dingenen 2018, 10.1016/j.ptsp.2018.06.009",
    ),
    MetricInfo(
        "trunk_lean_deg", "sagittal", "deg", "Trunk lean", "How far the upper body leans forward.",
        "side", "Mean angle of hips to shoulders against the vertical over the stride.",
        "Teng 2014, 10.2519/jospt.2014.5249", per_side=False,
    ),
    MetricInfo(
        "frontal_plane_projection_deg", "frontal", "deg", "Frontal plane projection angle",
        "How far the knee falls inward of the line from hip to ankle in the picture.",
        "frontal", "Angle of thigh and shank in the image at midstance; positive: knee inward.",
        "Willson and Davis 2008, 10.2519/jospt.2008.2706",
    ),
    MetricInfo(
        "femoral_adduction_deg", "frontal", "deg", "Femoral adduction", "How far the thigh slants towards the midline.",
        "frontal", "Angle of hip to knee against the vertical at midstance.",
        "Dingenen 2018, 10.1016/j.ptsp.2018.06.009",
    ),
    MetricInfo(
        "step_width_cm", "frontal", "cm", "Step width", "How far apart your feet land, side to side.",
        "frontal", "Sideways distance of following heel positions at midstance.", "Meardon 2012", per_side=False,
    ),
)  # fmt: skip
CENTRES = {
    "cadence_spm": 168.07, "contact_time_s": 0.257, "ankle_to_hip_at_contact_leg_lengths": 0.243,
    "knee_flexion_at_contact_deg": 13.4, "shank_angle_at_contact_deg": 11.7, "peak_stance_knee_flexion_deg": 42.9,
    "trunk_lean_deg": 7.1, "frontal_plane_projection_deg": 4.2, "femoral_adduction_deg": 8.3, "step_width_cm": 5.4,
}  # fmt: skip
NEEDS_FRONTAL = "needs a clip from the rear or the front"
NEEDS_SIDE = "needs a clip from the side"


def _values(view: str, rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for k in range(10):
        for side in SIDES:
            time_s = (0.1 if side == "left" else 0.1 + PERIOD_S / 2) + k * PERIOD_S
            row = {"stride": k, "side": side, "time_s": time_s, "rejected": ""}
            for info in INFO:
                seen = info.view == "any" or (info.view == "side") == (view == "left")
                centre = CENTRES[info.name]
                row[info.name] = centre + 0.04 * centre * rng.standard_normal() if seen else np.nan
            rows.append(row)
    rows[7]["rejected"] = "ankle hidden in 9 of 43 frames"
    rows[7]["knee_flexion_at_contact_deg"] = 31.0
    return pd.DataFrame(rows)


def _summary(view: str, withheld: dict[tuple[str, str], str]) -> tuple[MetricSummary, ...]:
    rows = []
    for info in INFO:
        seen = info.view == "any" or (info.view == "side") == (view == "left")
        for k, side in enumerate(SIDES if info.per_side else ("both",)):
            reason = withheld.get((info.name, side), "")
            if not seen:
                reason = NEEDS_FRONTAL if info.view == "frontal" else NEEDS_SIDE
            if reason:
                rows.append(MetricSummary(info.name, side, None, None, 0, None, reason))
                continue
            centre = CENTRES[info.name] * (1 + 0.06 * k)
            half = 0.05 * CENTRES[info.name]
            rows.append(
                MetricSummary(
                    info.name, side, centre, (centre - half, centre + half), 10 - k, "AB"[k], by_repair=-0.04 * (k + 1)
                )
            )
    return tuple(rows)


def _angle_table(view: str) -> pd.DataFrame:
    times = np.arange(N_FRAMES) / FPS
    table = {"frame": np.arange(N_FRAMES), "file_time_s": times, "time_s": times, "phase": leg_phase("left")}
    for side in SIDES:
        thigh, knee = leg_angles(side)
        if view == "left":
            table[f"{side}_knee_flexion_deg"] = knee
            table[f"{side}_shank_angle_deg"] = thigh - knee
            table["trunk_lean_deg"] = np.full(N_FRAMES, 7.0)
        else:
            phase = leg_phase(side) % 1
            table[f"{side}_frontal_plane_projection_deg"] = np.where(phase < DUTY, 4 * np.sin(8 * phase), np.nan)
            table[f"{side}_femoral_adduction_deg"] = np.where(phase < DUTY, 7 + 2 * np.sin(8 * phase), np.nan)
    frame = pd.DataFrame(table)
    frame.loc[:3, [c for c in frame if str(c).endswith("_deg")]] = np.nan
    return frame


def _curves(view: str) -> tuple[AngleCurve, ...]:
    percent = np.linspace(0, 100, 101)
    curves = []
    for k, side in enumerate(SIDES):
        knee = np.interp(percent / 100, *KNEE_KNOTS) + 2 * k
        thigh = np.interp(percent / 100, *THIGH_KNOTS)
        wave = 4 * np.sin(percent / 100 * np.pi * 2) + k
        names = (
            [("knee_flexion_deg", "Knee flexion", knee), ("shank_angle_deg", "Shank angle", thigh - knee)]
            if view == "left"
            else [("frontal_plane_projection_deg", "Frontal plane projection angle", wave)]
        )
        curves += [
            AngleCurve(name, label, side, "deg", percent, mean, mean - 4, mean + 4, 10 - k, 100 * DUTY)
            for name, label, mean in names
        ]
    return tuple(curves)


def _drift() -> Drift:
    entry = DriftEntry(
        "cadence_spm", "both", 168.6, 167.4, -1.2, (-2.0, -0.4), 6, 6, "drifted",
        per_10_min=-6.0, per_10_min_ci95=(-9.0, -3.0), p=0.001, q=0.002, memory=0.7, begins_s=(1.0, 3.0, 6.0),
        detectable=1.1,
    )  # fmt: skip
    knee = DriftEntry(
        "knee_flexion_at_contact_deg", "left", 13.1, 13.8, 0.7, (-0.9, 2.3), 5, 5, "stable", detectable=2.3, q=0.4
    )
    hidden = DriftEntry("contact_time_s", "right", 0.777, 0.787, 0.01, (-0.01, 0.03), 5, 5)
    return Drift((entry, knee, hidden), (0.1, 3.5), (4.4, 7.9), "The clip lasts 8 s; fatigue needs minutes.")


def _provenance(name: str) -> Provenance:
    return Provenance(
        "0.1.0", "3.11.9", "Linux-6.1-x86_64", {"numpy": "1.26.4", "mediapipe": "0.10.21"}, "MediaPipe pose, full",
        name, "5f" * 32, "2026-11-30T10:00:00Z",
        {"events": {"harmonics": 12, "limits_s": (0.1, 0.5), "speed_kmh": float("nan")}, "out": Path("out")},
    )  # fmt: skip


def side_view(*, name: str = "easy run.mp4") -> Analysis:
    """Seen from the left; two values withheld for the far leg."""
    video = _video(name)
    track = _track(_sideways(-1), video)
    withheld = {
        ("contact_time_s", "right"): "its interval of ±0.031 s is wider than 0.020 s; film at 120 fps or more",
        ("shank_angle_at_contact_deg", "right"): "the far leg is hidden at contact in 6 of 10 strides",
    }
    legs = {"left": LegQuality("A"), "right": LegQuality("C", ("hidden behind the near leg in 31 % of frames",))}
    scene = Scene("left", -1, "left", True, yaw_deg=2.1, yaw_error_deg=3.0, segments=((0, N_FRAMES),), legs=legs)
    calibration = Calibration(
        Quantity(1.0, 0.0, "no sign of slow motion"),
        Quantity(291.0, 6.0, "thigh, shank and ankle height at midstance"),
        incline_pct=1.0, warnings=("speed unknown: step length is not given",),
    )  # fmt: skip
    findings = (
        Finding("You took 168 steps a minute.", ("cadence_spm",)),
        Finding("Your left foot lands 0.24 leg lengths ahead of your hip.", ("ankle_to_hip_at_contact_leg_lengths",)),
        Finding("The right leg is the far one: its values are less certain.", (), "limit"),
        Finding("A 5 to 10 % higher cadence is the best-studied change; talk it over with a clinician.", (), "advice"),
    )
    metrics = MetricTable(
        _values("left", np.random.default_rng(1)), {i.name: i for i in INFO}, _summary("left", withheld)
    )
    return Analysis(
        video, track, track, scene, calibration, None, _events(), pd.DataFrame(), metrics,
        Angles(_angle_table("left"), _curves("left")), _drift(), findings,
        ("The picture is blurred by motion in 4 % of frames.",), _provenance(name),
    )  # fmt: skip


def rear_view() -> Analysis:
    """Seen from the rear, in half-speed slow motion."""
    base = side_view(name="rear <b>&.mov")
    track = _track(_from_behind(), base.video)
    legs = {"left": LegQuality("A"), "right": LegQuality("B", ("shoe hidden in 4 % of frames",))}
    scene = Scene("rear", 0, None, True, yaw_deg=1.0, yaw_error_deg=4.0, legs=legs)
    values = _values("rear", np.random.default_rng(2))
    withheld = {("step_width_cm", "both"): "no scale from pixels to centimetres; enter your height"}
    return replace(
        base, raw_track=track, track=track, scene=scene, angles=Angles(_angle_table("rear"), _curves("rear")),
        calibration=Calibration(Quantity(0.5, 0.0, "entered"), None, Quantity(310.0, 9.0, "entered height")),
        metrics=MetricTable(values, base.metrics.info, _summary("rear", withheld)),
        findings=(Finding("Your right knee stays over the foot.", ("frontal_plane_projection_deg",)),),
    )  # fmt: skip


def feet_hidden() -> Analysis:
    """Side view with the feet outside the picture: what needs contacts is withheld."""
    base = side_view(name="no feet.mp4")
    reason = "the feet are hidden in 84 % of frames"
    hidden = {(s.name, s.side): reason for s in base.metrics.summary if s.name not in ("cadence_spm", "trunk_lean_deg")}
    xy = base.track.xy.copy()
    for joint in ("ankle", "heel", "foot_index"):
        for side in SIDES:
            xy[:, NAMES.index(f"{side}_{joint}")] = np.nan
    return replace(
        base, track=base.track.with_xy(xy), scene=replace(base.scene, feet_hidden=reason), events=no_events(),
        findings=base.findings[:1],
        metrics=replace(base.metrics, summary=_summary("left", hidden)), angles=replace(base.angles, curves=()),
    )  # fmt: skip


def not_running() -> Analysis:
    """A walking clip: nothing is measured."""
    base = side_view(name="walk.mp4")
    reason = "this is not running: one foot is always on the ground"
    return replace(
        base,
        scene=replace(base.scene, is_running=False, not_running="one foot is always on the ground, as in walking"),
        cycle=None, events=no_events(), findings=(),
        drift=Drift((), None, None, "Change is only looked at in running."),
        metrics=MetricTable(
            pd.DataFrame(columns=["stride", "side", "time_s", "rejected"]), base.metrics.info,
            tuple(MetricSummary(s.name, s.side, None, None, 0, None, reason) for s in base.metrics.summary),
        ),
        angles=replace(base.angles, curves=()),
    )  # fmt: skip


def nothing_found() -> Analysis:
    """An empty clip: no points, no events, no metrics at all."""
    base = not_running()
    track = base.track.with_xy(np.full_like(base.track.xy, np.nan))
    table = base.angles.table.copy()
    table.loc[:, [c for c in table if str(c).endswith("_deg")]] = np.nan
    return replace(
        base, raw_track=track, track=track, scene=Scene("oblique", 0, None, None, "the legs can't be followed"),
        angles=Angles(table), metrics=MetricTable(pd.DataFrame(), {}, ()),
    )  # fmt: skip


ANALYSES = {make.__name__: make for make in (side_view, rear_view, feet_hidden, not_running, nothing_found)}


def picture(analysis: Analysis, index: int) -> NDArray[np.uint8]:
    """A frame (RGB) with a stick body and a head full of fine detail."""
    video = analysis.video
    rows, cols = np.mgrid[0 : video.height_px, 0 : video.width_px]
    image = np.stack([150 + rows // 9, 160 + rows // 12, 165 + cols // 30], axis=-1).clip(0, 255).astype(np.uint8)
    image[int(0.88 * video.height_px) :] = (70, 72, 76)
    xy = np.nan_to_num(analysis.raw_track.xy[index]).round().astype(int)
    for a, b in EDGES:
        cv2.line(image, xy[NAMES.index(a)].tolist(), xy[NAMES.index(b)].tolist(), (90, 80, 95), 22, cv2.LINE_AA)
    centre = xy[[NAMES.index(name) for name in FACE]].mean(axis=0)
    head = (rows - centre[1]) ** 2 + (cols - centre[0]) ** 2 < (0.055 * video.height_px) ** 2
    detail = np.random.default_rng(3).integers(60, 240, (*head.shape, 1), dtype=np.uint8)
    image[head] = np.broadcast_to(detail, image.shape)[head]
    return image
