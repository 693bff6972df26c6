from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from gait.model import SIDES, FloatArray, LegQuality, MetricTable
from gait.report import Overlay, draw_key_frame, key_frames
from gait.report.drawing import Pen
from gait.report.keyframes import STILL_SIZE_PX
from gait.report.palette import ON_VIDEO


def test_contact_and_midstance_of_each_leg_the_near_one_first(fakes: ModuleType) -> None:
    frames = key_frames(fakes.side_view())
    assert [f.title for f in frames] == [
        "Initial contact, left",
        "Midstance, left",
        "Initial contact, right",
        "Midstance, right",
    ]


def test_frames_lie_at_the_moments_they_name(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    for frame in key_frames(analysis):
        phase = fakes.leg_phase(frame.side)[frame.index] % 1
        wanted = 0.0 if frame.moment == "initial_contact" else fakes.DUTY / 2
        # Half a frame of 1/60 s in a stride of 0.714 s.
        assert (phase - wanted + 0.5) % 1 - 0.5 == pytest.approx(0, abs=0.0125)


def test_values_are_those_of_the_frame_and_the_stride(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    contact = key_frames(analysis)[0]
    assert set(contact.values) == {"knee_flexion_deg", "shank_angle_deg", "ankle_to_hip_at_contact_leg_lengths"}
    assert contact.values["knee_flexion_deg"] == analysis.angles.table["left_knee_flexion_deg"][contact.index]
    table = analysis.metrics.values
    rows = table[(table["side"] == "left") & (np.abs(table["time_s"] - contact.file_time_s) < 0.02)]
    assert rows["ankle_to_hip_at_contact_leg_lengths"].tolist() == [
        contact.values["ankle_to_hip_at_contact_leg_lengths"]
    ]


def test_the_most_ordinary_stride_is_chosen(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    table = analysis.metrics.values.copy()
    names = [info.name for info in fakes.INFO if info.view != "frontal"]
    # Of the nine strides that count, one is the median of all metrics.
    table["rejected"] = table["stride"].map(lambda k: "cut off" if k == 9 else "")
    for name in names:
        table[name] = table["stride"].map(lambda k: 100.0 if k == 6 else 100.0 + (-1) ** k * (1 + k))
    analysis = replace(analysis, metrics=MetricTable(table, analysis.metrics.info, analysis.metrics.summary))
    for frame in key_frames(analysis):
        start = 0.1 + (0 if frame.side == "left" else fakes.PERIOD_S / 2) + 6 * fakes.PERIOD_S
        assert -0.01 <= frame.file_time_s - start <= 0.15


def test_rejected_strides_are_not_shown(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    before = key_frames(analysis)[0]
    table = analysis.metrics.values.copy()
    chosen = (table["side"] == "left") & (np.abs(table["time_s"] - before.file_time_s) < 0.02)
    table.loc[chosen, "rejected"] = "ankle hidden"
    metrics = MetricTable(table, analysis.metrics.info, analysis.metrics.summary)
    assert key_frames(replace(analysis, metrics=metrics))[0].index != before.index


def test_slow_motion_finds_the_stride_by_real_time(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    normal = key_frames(analysis)
    table = analysis.metrics.values.copy()
    table["time_s"] /= 8
    events = replace(analysis.events, time_s=analysis.events.file_time_s / 8)
    slow = replace(analysis, events=events, metrics=replace(analysis.metrics, values=table))
    assert [f.index for f in key_frames(slow)] == [f.index for f in normal]


def test_withheld_values_are_not_drawn_in(fakes: ModuleType) -> None:
    right = next(f for f in key_frames(fakes.side_view()) if f.title == "Initial contact, right")
    assert "shank_angle_deg" not in right.values
    assert "knee_flexion_deg" in right.values


def test_a_knee_angle_goes_with_the_metric_of_its_moment(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    summary = tuple(
        replace(s, estimate=None, ci95=None, withheld="unsure") if s.name == "knee_flexion_at_contact_deg" else s
        for s in analysis.metrics.summary
    )
    frames = key_frames(replace(analysis, metrics=replace(analysis.metrics, summary=summary)))
    assert {(f.moment, "knee_flexion_deg" in f.values) for f in frames} == {
        ("initial_contact", False),
        ("midstance", True),
    }


def test_a_leg_that_is_hardly_seen_has_no_stills(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    legs = {"left": LegQuality("A"), "right": LegQuality("D", ("hidden",))}
    frames = key_frames(replace(analysis, scene=replace(analysis.scene, legs=legs)))
    assert {f.side for f in frames} == {"left"}


def test_a_far_leg_whose_values_are_all_withheld_has_no_stills(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    summary = tuple(
        replace(s, estimate=None, ci95=None, withheld="can't be believed") if s.side == "right" else s
        for s in analysis.metrics.summary
    )
    frames = key_frames(replace(analysis, metrics=replace(analysis.metrics, summary=summary)))
    assert {f.side for f in frames} == {"left"}


@pytest.mark.parametrize("name", ["feet_hidden", "not_running", "nothing_found"])
def test_without_events_there_are_no_key_frames(fakes: ModuleType, name: str) -> None:
    assert key_frames(fakes.ANALYSES[name]()) == ()


def test_projection_angle_is_drawn_at_midstance_from_behind(fakes: ModuleType) -> None:
    for frame in key_frames(fakes.rear_view()):
        angles = {"frontal_plane_projection_deg", "femoral_adduction_deg"}
        assert set(frame.values) == (angles if frame.moment == "midstance" else set())


@pytest.mark.parametrize("name", ["side_view", "rear_view"])
def test_still_shows_the_leg_in_its_colour_and_hides_the_head(fakes: ModuleType, name: str) -> None:
    analysis = fakes.ANALYSES[name]()
    overlay, open_faced = Overlay(analysis), Overlay(analysis, show_face=True)
    for frame in key_frames(analysis):
        picture = fakes.picture(analysis, frame.index)
        still = draw_key_frame(picture, overlay, frame)
        assert still.shape == (STILL_SIZE_PX[1], STILL_SIZE_PX[0], 3)
        blue = (np.abs(still.astype(int) - ON_VIDEO[frame.side]) <= 6).all(axis=2)
        assert blue.sum() > 800
        # The fake's head is black and white noise: open it keeps dark specks at the top, blurred it has none.
        specks = [(s[: STILL_SIZE_PX[1] // 5].max(axis=2) < 75).sum() for s in (
            still, draw_key_frame(picture, open_faced, frame)
        )]  # fmt: skip
        assert specks[0] == 0
        assert specks[1] > 20


@pytest.mark.parametrize("name", ["side_view", "rear_view"])
def test_verticals_lean_as_the_camera_is_held(fakes: ModuleType, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Angles are read against the plumb line, so that is what they are drawn against."""
    drawn: list[float] = []
    dashed = Pen.dashed

    def watched(self: Pen, start: FloatArray, end: FloatArray, *rest: Any) -> None:
        span = np.subtract(end, start)
        drawn.append(float(np.degrees(np.arctan2(span[0], -span[1])) + 90) % 180 - 90)
        dashed(self, start, end, *rest)

    monkeypatch.setattr(Pen, "dashed", watched)
    leaning = {}
    for roll_deg in (0.0, 8.0):
        analysis = fakes.ANALYSES[name]()
        overlay = Overlay(replace(analysis, scene=replace(analysis.scene, roll_deg=roll_deg)))
        drawn.clear()
        for frame in key_frames(analysis):
            draw_key_frame(fakes.picture(analysis, frame.index), overlay, frame)
        leaning[roll_deg] = np.array(drawn)
    vertical = np.abs(leaning[0.0]) < 1e-6
    assert vertical.sum() >= len(SIDES)
    assert leaning[8.0][vertical] == pytest.approx(8.0)
    assert leaning[8.0][~vertical] == pytest.approx(leaning[0.0][~vertical])


def test_values_change_the_still(fakes: ModuleType) -> None:
    analysis = fakes.side_view()
    overlay = Overlay(analysis)
    for frame in key_frames(analysis):
        picture = fakes.picture(analysis, frame.index)
        bare = draw_key_frame(picture, overlay, replace(frame, values={}))
        for name, value in frame.values.items():
            one = draw_key_frame(picture, overlay, replace(frame, values={name: value}))
            assert (one != bare).any(axis=2).sum() > 1000, name
    assert {f.side for f in key_frames(analysis)} == set(SIDES)


def test_the_leg_is_drawn_where_the_outline_has_it(fakes: ModuleType) -> None:
    """Knee axes 30 px beside the knees: from behind the still shows the leg there."""
    analysis = fakes.rear_view()
    track = analysis.track
    names = tuple(f"{side}_knee_axis" for side in SIDES)
    beside = np.stack([track.point(f"{side}_knee") + np.array([30, 0]) for side in SIDES], axis=1)
    skeleton = replace(track.skeleton, names=(*track.skeleton.names, *names))
    xy = np.concatenate([track.xy, beside], axis=1)
    confidence = np.concatenate([track.confidence, np.ones((len(xy), 2))], axis=1)
    with_axes = replace(analysis, track=replace(track, xy=xy, confidence=confidence, skeleton=skeleton))
    for frame in key_frames(analysis):
        picture = fakes.picture(analysis, frame.index)
        stills = [draw_key_frame(picture, Overlay(one), replace(frame, values={})) for one in (analysis, with_axes)]
        assert (stills[0] != stills[1]).any(axis=2).sum() > 300
