"""`gait metrics`: what is measured, from the register and the evidence table."""

import json
from pathlib import Path
from typing import Any

from gait.errors import ConfigError
from gait.metrics import in_order

PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"


def test_every_metric_is_listed_with_what_it_owes(invoke: Any) -> None:
    listed = {one["name"]: one for one in json.loads(invoke("metrics", "--json").output)}
    assert list(listed) == list(in_order())
    for name, metric in in_order().items():
        one = listed[name]
        assert (one["unit"], one["definition"]) == (metric.info.unit, metric.info.definition)
        assert one["reference"] == metric.info.reference
        assert one["largest_useful_half_width"] > 0
        assert len(one["why"]) > 20
    assert listed["knee_flexion_at_contact_deg"]["pose_error_half_width"] == 19.0
    assert listed["cadence_spm"]["pose_error_source"] is None
    assert listed["step_width_cm"]["view"] == "rear, front"


def test_the_page_is_what_the_command_prints(invoke: Any) -> None:
    """Who changes a metric or its evidence runs `gait metrics --markdown > docs/metrics.md`."""
    assert invoke("metrics", "--markdown").output == PAGE.read_text(encoding="utf-8")


def test_the_terminal_gets_a_paragraph_each(invoke: Any) -> None:
    paragraphs = invoke("metrics").output.strip().split("\n\n")
    assert len(paragraphs) == len(in_order())
    assert paragraphs[0].startswith("Cadence (cadence_spm)\n")
    assert "shown up to +- 4 steps/min" in paragraphs[0]
    assert "each side; needs the feet" in "".join(paragraphs)


def test_one_form_at_a_time(invoke: Any) -> None:
    ended = invoke("metrics", "--json", "--markdown")
    assert ended.exit_code == ConfigError.exit_code
    assert "not both" in ended.stderr
