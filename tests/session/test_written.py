"""What is written of a session: a folder for each clip, the page, and the data."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pandas as pd
import pytest
from simulated_run import AT_S, CADENCE, analysed, session

from gait.export.summary import SCHEMA
from gait.model import Analysis, Session
from gait.outputs import write_session

SAID = {"shoes": ("old", "old", "new <b>"), "speed_mps": (3.0, 3.0, 3.0), "incline_pct": (None, 1.0, 1.0)}


def named(analysis: Analysis, name: str) -> Analysis:
    """The same of another file."""
    video = replace(analysis.video, path=Path(name))
    raw = replace(analysis.raw_track, video=video)
    return replace(analysis, video=video, raw_track=raw, provenance=replace(analysis.provenance, file_name=name))


@pytest.fixture(scope="module")
def told() -> Session:
    names = ("start.mp4", "middle.mp4", "end & over.mp4")
    return session([named(one, name) for one, name in zip(analysed("left", CADENCE), names, strict=True)], **SAID)


@pytest.fixture(scope="module")
def folder(told: Session, tmp_path_factory: Any) -> Path:
    out: Path = tmp_path_factory.mktemp("session") / "reports"
    assert write_session(told, out) == out / "session.html"
    return out


def test_every_clip_has_its_folder_and_the_session_its_files(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == [
        "end & over", "middle", "session.html", "session.json", "start", "strides.csv",
    ]  # fmt: skip
    assert (folder / "start" / "report.html").is_file()


def test_data_of_the_session(folder: Path, told: Session) -> None:
    document = json.loads((folder / "session.json").read_text(encoding="utf-8"))
    assert [clip["file"] for clip in document["clips"]] == ["start.mp4", "middle.mp4", "end & over.mp4"]
    assert [clip["run_s"] for clip in document["clips"]] == list(AT_S)
    assert [clip["shoes"] for clip in document["clips"]] == list(SAID["shoes"])
    assert document["clips"][2]["report"] == "end & over/report.html"
    (run,) = document["runs"]
    assert (run["view"], run["clips"], run["apart"]) == ("left", [0, 1, 2], None)
    assert run["finding"].startswith("Changed over the run: cadence")
    assert len(document["notes"]) == len(told.notes) == 2
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    of_drift = {"$ref": "#/$defs/drift", "$defs": schema["$defs"]}
    jsonschema.validate(run["drift"], of_drift)
    assert run["drift"]["beside"][0]["references"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**run["drift"], "beside": None}, of_drift)


def test_strides_of_the_session(folder: Path, told: Session) -> None:
    table = pd.read_csv(folder / "strides.csv")
    assert table["clip"].unique().tolist() == [0, 1, 2]
    assert set(table["view"]) == {"left"}
    for i, clip in enumerate(told.clips):
        own = table[table["clip"] == i]
        assert len(own) == len(clip.analysis.metrics.values)
        assert own["time_s"].min() == pytest.approx(AT_S[i] + 0.5, abs=0.6)
        assert own["time_s"].max() < AT_S[i] + 25
        assert own["file"].unique().tolist() == [clip.analysis.provenance.file_name]


def test_page_of_the_session(folder: Path) -> None:
    page = (folder / "session.html").read_text(encoding="utf-8")
    assert "<h1>start.mp4 to end &amp; over.mp4</h1>" in page
    assert '<a href="end%20%26%20over/report.html">end &amp; over.mp4</a>' in page
    assert "new &lt;b&gt;" in page
    assert "<b>Cadence</b>" in page
    assert page.index("Changed over the run: cadence by −") < page.index("The clips") < page.index("Early and late")
    assert "The shoes were changed by 12 minutes into the run" in page
    assert "time, min" in page
    assert '<a href="https://doi.org/10.3389/fphys.2021.646042">doi:10.3389/fphys.2021.646042</a>' in page
    assert "What studies found when runners tired" in page
    assert "diagnos" in page
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_another_session_in_the_same_folder_replaces_it(told: Session, tmp_path: Path) -> None:
    write_session(told, tmp_path)
    before = (tmp_path / "session.json").read_bytes()
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    write_session(replace(told, notes=()), tmp_path)
    assert (tmp_path / "session.json").read_bytes() != before
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_clips_of_the_same_name_are_numbered(told: Session, tmp_path: Path) -> None:
    alike = tuple(replace(clip, analysis=named(clip.analysis, "run.mp4")) for clip in told.clips)
    write_session(replace(told, clips=alike), tmp_path)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"1_run", "2_run", "3_run"}
