"""`gait plan drift`: the smallest change that a way of filming would show."""

from __future__ import annotations

from typing import Any

import pytest

from gait.plan import Filming, Planned, plan_drift


def planned(**filming: Any) -> dict[str, Planned]:
    return {one.info.name: one for one in plan_drift(Filming(**filming))}


def test_more_film_shows_smaller_changes() -> None:
    short, sampled, whole = (
        planned(minutes=minutes, film_s=film_s) for minutes, film_s in ((10, 20.0), (40, 20.0), (40, 60.0))
    )
    assert {"cadence_spm", "trunk_lean_deg"} <= set(whole)
    for name in whole:
        assert whole[name].usual < 1.1 * sampled[name].usual  # where strides remember, filming more helps little
        assert sampled[name].usual < 0.8 * short[name].usual
        assert whole[name].usual < whole[name].long_memory


def test_the_rear_has_the_rears_metrics() -> None:
    found = planned(minutes=30, view="rear")
    assert "frontal_plane_projection_deg" in found
    assert not any(one.info.view == "side" for one in found.values())


def test_what_is_planned_is_what_the_test_finds() -> None:
    """A change of that size, put on strides with that scatter, is found in about 80 of 100 runs."""
    import numpy as np

    from gait.fatigue import line_over_run
    from gait.simulate.variation import fractional_noise

    one = planned(minutes=20)["trunk_lean_deg"]
    n = round(20 * 60 / 0.7)
    rng, found = np.random.default_rng(0), 0
    for _ in range(40):
        strides = one.stride_sd * fractional_noise(n, alpha=0.75, rng=rng) + one.usual * np.linspace(0, 1, n)
        found += line_over_run(np.arange(n, dtype=float), strides).p < 0.05
    assert 0.6 <= found / 40 <= 0.98


def test_the_command_lists_them(invoke: Any) -> None:
    result = invoke("plan", "drift", "--minutes", "20", "--fps", "30", "--sample", "20s/1min")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].split() == ["Metric", "unit", "stride", "SD", "found", "at", "worst"]
    assert any(line.startswith("Cadence") for line in lines)
    assert "80 of 100 runs" in result.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--sample", "often"], "as --sample 20s/60s"),
        (["--sample", "60s/20s"], "every_s"),
        (["--view", "above"], "The view is left, right, rear, front, not above."),
        (["--fps", "0"], "fps"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(invoke: Any, sentence: Any, options: list[str], said: str) -> None:
    result = invoke("plan", "drift", "--minutes", "20", *options)
    assert result.exit_code != 0
    assert said in sentence(result.stdout, result.stderr)
