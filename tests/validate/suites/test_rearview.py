"""Who is rendered from the rear and front, and what is compared; nothing is rendered here."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gait.metrics import in_order
from gait.model import MetricSummary
from gait.simulate.camera import YAW_OF_VIEW_DEG
from gait.validate.compare import Place
from gait.validate.seeds import seed_of
from gait.validate.suites import rearview
from gait.validate.suites.rearview import N_CLIPS, SETTINGS, SUITE, side_rows, yaw_row

PLACE = Place("rearview", "0", "rear")
FPPA = "frontal_plane_projection_deg"


@pytest.fixture(scope="module")
def plans() -> list[Any]:
    settings = [setting for setting in SETTINGS for _ in range(setting.n_runners)]
    return [setting.plan(number, seed_of("tuning", number)) for number, setting in enumerate(settings)]


def test_at_least_fifty_clips_cover_what_is_asked(plans: list[Any]) -> None:
    assert N_CLIPS == len(plans) >= 50
    for name, low, high in (
        ("valgus_left_deg", -2, 14), ("valgus_right_deg", -2, 14), ("pelvic_drop_left_deg", 2, 10),
        ("pelvic_drop_right_deg", 2, 10), ("build", 0.75, 1.3), ("lateral_trunk_lean_deg", -4, 8),
    ):  # fmt: skip
        values = [getattr(plan.person.runner, name) for plan in plans]
        assert (min(values), max(values)) == (low, high), name
    apart = [plan.person.runner.valgus_left_deg - plan.person.runner.valgus_right_deg for plan in plans]
    assert np.mean(np.abs(apart) > 3) > 0.5, "both sides differ"
    assert (
        abs(
            np.corrcoef(
                [(p.person.runner.valgus_left_deg, p.person.runner.pelvic_drop_left_deg) for p in plans], rowvar=False
            )[0, 1]
        )
        < 0.35
    )
    yaws = [(p.camera.yaw_deg - YAW_OF_VIEW_DEG[p.view] + 180) % 360 - 180 for p in plans]
    assert (round(min(yaws), 6), round(max(yaws), 6)) == (-10, 10)
    assert {plan.view for plan in plans} == {"rear", "front"}
    assert len({plan.person.appearance for plan in plans}) == N_CLIPS
    assert {plan.exposure.brightness < 0.5 for plan in plans} == {True, False}


def test_every_clip_is_a_case() -> None:
    assert len(SUITE.cases("gate")) == 1
    cases = SUITE.cases("testing")
    assert len({case.name for case in cases}) == len(cases) == N_CLIPS


def analysis(left: float | None, right: float | None) -> Any:
    def summary(side: Any, value: float | None) -> MetricSummary:
        shown = None if value is None else (value - 5, value + 5)
        return MetricSummary(FPPA, side, value, shown, 9, "B" if shown else None, "" if shown else "too dark")

    values = {"left": summary("left", left), "right": summary("right", right)}
    scene = SimpleNamespace(yaw_deg=4.0, yaw_error_deg=3.0)
    return SimpleNamespace(metrics=SimpleNamespace(get=lambda _name, side: values[side]), scene=scene)


@pytest.mark.parametrize(
    ("left", "right", "true_left", "true_right", "told"),
    [(9.0, 4.0, 8.0, 3.0, [1.0]), (3.0, 4.0, 8.0, 3.0, [0.0]), (3.0, 4.0, 2.0, 8.0, [1.0]), (3.0, 4.0, 5.0, 3.0, [])],
)
def test_the_side_is_right_where_the_difference_has_the_truths_sign(
    left: float, right: float, true_left: float, true_right: float, told: list[float]
) -> None:
    rows = side_rows(PLACE, analysis(left, right), {(FPPA, "left"): true_left, (FPPA, "right"): true_right}, [FPPA])
    assert rows[0].truth == pytest.approx(true_left - true_right)
    assert rows[0].estimate == pytest.approx(left - right)
    assert [row.estimate for row in rows[1:]] == told


def test_one_leg_that_is_withheld_withholds_the_difference() -> None:
    (row,) = side_rows(PLACE, analysis(3.0, None), {(FPPA, "left"): 8.0, (FPPA, "right"): 1.0}, [FPPA])
    assert row.estimate is None
    assert row.withheld == "too dark"


def test_yaw_has_its_interval() -> None:
    row = yaw_row(PLACE, analysis(1.0, 1.0), 6.0)
    assert (row.truth, row.estimate, row.low, row.high) == (6.0, 4.0, 1.0, 7.0)


def test_every_frontal_metric_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the suite asks for are the metrics of these views, whoever adds one."""
    asked: list[str] = []

    def metric_rows(_place: Any, _analysis: Any, _truths: Any, names: Any) -> list[Any]:
        asked.extend(names)
        return []

    monkeypatch.setattr(rearview, "metric_rows", metric_rows)
    monkeypatch.setattr(rearview, "cached_clip", lambda _plan, folder: folder / "clip.mp4")
    monkeypatch.setattr(
        rearview,
        "analyze",
        lambda _clip, _config: SimpleNamespace(
            **vars(analysis(1.0, 2.0)) | {"scene": SimpleNamespace(view="rear", yaw_deg=0.0, yaw_error_deg=1.0)}
        ),
    )
    monkeypatch.setattr(rearview, "COMPARED", (FPPA,))
    rows = rearview.measure(SETTINGS[0], 0, seed_of("tuning", 0), "000")
    assert set(asked) == {name for name, metric in in_order().items() if metric.info.view == "frontal"}
    assert [row.metric for row in rows][:2] == ["view_right", "yaw_deg"]
