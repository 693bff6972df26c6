"""`gait analyze` on the side clip, in a process of its own."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from gait.model import Analysis

Written = tuple[Path, subprocess.CompletedProcess[str]]


def test_results_as_a_table_and_where_the_report_is(analysis_written: Written, analysis_side: Analysis) -> None:
    folder, ended = analysis_written
    assert ended.returncode == 0
    assert ended.stderr == ""
    lines = ended.stdout.splitlines()
    assert lines[0] == "side.mp4: seen from the left, 8.0 s"
    assert lines[-1] == f"Report: {folder / 'report.html'}"
    cadence = analysis_side.metrics.get("cadence_spm")
    assert cadence is not None
    assert cadence.estimate is not None
    assert cadence.ci95 is not None
    (row,) = [line for line in lines if line.startswith("Cadence")]
    low, high = cadence.ci95
    assert row.split() == [
        "Cadence", f"{cadence.estimate:.1f}", f"{low:.1f}", "to", f"{high:.1f}", "steps/min", cadence.grade,
    ]  # fmt: skip
    withheld = {s.name for s in analysis_side.metrics.summary} - {
        s.name for s in analysis_side.metrics.summary if s.estimate is not None
    }
    assert f"{len(withheld)} metrics are withheld; the report says why." in lines


def test_same_numbers_as_in_python(analysis_written: Written, analysis_side: Analysis) -> None:
    """Another process, other hash seeds: to the last digit the same."""
    summary = json.loads((analysis_written[0] / "summary.json").read_text(encoding="utf-8"))
    for expected in analysis_side.metrics.summary:
        got = summary["metrics"][expected.name][expected.side]
        assert got["estimate"] == expected.estimate
        assert got["ci95"] == (None if expected.ci95 is None else list(expected.ci95))
        assert got["withheld"] == (expected.withheld or None)
    assert [event["file_time_s"] for event in summary["events"]] == analysis_side.events.file_time_s.tolist()
    assert summary["provenance"]["config"]["calibration"]["speed_mps"] == 12.3 / 3.6


def test_default_folder_is_beside_the_clip(analysis_two_seconds: Path, tmp_path: Path, invoke: Any) -> None:
    clip = tmp_path / "my run.mp4"
    clip.write_bytes(analysis_two_seconds.read_bytes())
    ended = invoke("analyze", clip, "--no-video")
    assert ended.exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my run.mp4", "my run_gait"]
    assert sorted(path.name for path in (tmp_path / "my run_gait").iterdir()) == [
        "angles.csv", "keypoints.npz", "report.html", "strides.csv", "summary.json",
    ]  # fmt: skip


def test_reason_is_told_where_nothing_can_be_shown(analysis_two_seconds: Path, tmp_path: Path, invoke: Any) -> None:
    """Two seconds aren't enough for any value: said, not raised."""
    ended = invoke("analyze", analysis_two_seconds, "--no-video", "--out", tmp_path / "out")
    assert ended.exit_code == 0
    said = " ".join(ended.stdout.split())
    assert "No value could be measured well enough to be shown" in said
    assert "film" in said.lower()
    assert "metrics are withheld" in said


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help(invoke: Any, arguments: list[str]) -> None:
    ended = invoke(*arguments)
    for command in ("analyze", "check", "doctor", "cache"):
        assert f"  {command} " in ended.output
