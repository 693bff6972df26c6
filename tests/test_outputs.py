"""The folder of a report: whole or not at all."""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import jsonschema
import numpy as np
import pytest

import gait
from gait.config import Output
from gait.errors import OutputError
from gait.export import EXPORTERS
from gait.model import Analysis
from gait.outputs import check_writable, default_folder, write_report

FILES = {"report.html", "annotated.mp4", "summary.json", "strides.csv", "angles.csv", "keypoints.npz"}
NO_VIDEO = Output(video=False)
SCHEMA = Path(gait.__file__).parent / "export" / "summary.schema.json"


def listing(folder: Path) -> dict[str, bytes]:
    """All files in a folder, hidden ones too, with contents."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def written(analysis_written: Any) -> Path:
    """The folder that the command line made of the side clip."""
    folder, ended = analysis_written
    assert ended.returncode == 0, ended.stderr
    return Path(folder)


@pytest.fixture(scope="module")
def clip_analysis(analysis_two_seconds: Path) -> Analysis:
    """An analysis whose report is quickly drawn."""
    return gait.analyze(analysis_two_seconds)


def test_all_files_are_there_and_nothing_else(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == FILES
    assert all(path.stat().st_size > 500 for path in written.iterdir())
    assert list(written.parent.iterdir()) == [written]
    docs = gait.write_report.__doc__ or ""
    assert set(re.findall(r"`(\w+\.\w+)`", docs)) == FILES


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_folder_has_the_users_usual_permissions(written: Path, tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    assert written.stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_summary_fits_its_schema(written: Path) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    summary = json.loads((written / "summary.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(summary)
    assert summary["view"] == "left"
    assert 20 < len(summary["events"]) < 60
    assert summary["metrics"]["cadence_spm"]["both"]["estimate"] == pytest.approx(166.9, abs=0.5)


def test_video_is_h264_with_the_index_in_front_and_every_frame_at_its_time(
    written: Path, analysis_side: Analysis
) -> None:
    path = written / "annotated.mp4"
    data = path.read_bytes()
    assert data[4:8] == b"ftyp"
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.codec.canonical_name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"  # the only one that all browsers play
        assert (stream.width, stream.height) == (1280, 720)
        time_s = sorted(float(packet.pts * packet.time_base) for packet in container.demux(stream) if packet.size)
    video = analysis_side.video
    assert len(time_s) == video.n_frames
    np.testing.assert_allclose(time_s, video.file_time_s - video.file_time_s[0], rtol=0, atol=1e-4)


def test_something_is_drawn_over_the_runner(written: Path) -> None:
    """The skeleton changes the picture where the runner is, and most of the rest stays."""
    sample = Path(gait.__file__).parents[1] / "sample_videos" / "side.mp4"
    pictures = []
    for path in (written / "annotated.mp4", sample):
        with av.open(str(path)) as container:
            pictures.append(next(container.decode(video=0)).to_ndarray(format="rgb24").astype(int))
    changed = np.abs(pictures[0] - pictures[1]).max(axis=-1) > 60
    assert changed[150:650, 400:900].sum() > 2000
    assert changed.mean() < 0.1


def test_keypoints_load_again(written: Path, analysis_side: Analysis) -> None:
    track = gait.load_track(written / "keypoints.npz")
    np.testing.assert_array_equal(track.xy, analysis_side.track.xy)
    np.testing.assert_array_equal(track.confidence, analysis_side.track.confidence)
    assert track.skeleton == analysis_side.track.skeleton
    assert track.history == analysis_side.track.history
    assert track.video.content_hash == analysis_side.video.content_hash


def test_page_needs_nothing_but_the_video_beside_it(written: Path) -> None:
    page = (written / "report.html").read_text(encoding="utf-8")
    sources = re.findall(r"""\b(?:src|srcset|poster|data)\s*=\s*["']([^"']*)""", page)
    assert "annotated.mp4" in sources
    assert {source for source in sources if not source.startswith("data:")} == {"annotated.mp4"}
    assert not re.search(r"<(?:link|iframe|object|embed|base)\b", page)
    assert not re.search(r"@import|<script[^>]*\bsrc|\bfetch\(|XMLHttpRequest", page)
    assert [url for url in re.findall(r"url\(([^)]*)\)", page) if not url.startswith(("data:", "#"))] == []


def test_without_video(clip_analysis: Analysis, tmp_path: Path) -> None:
    page = write_report(clip_analysis, tmp_path / "out", output=NO_VIDEO)
    assert page == tmp_path / "out" / "report.html"
    assert {path.name for path in page.parent.iterdir()} == FILES - {"annotated.mp4"}
    text = page.read_text(encoding="utf-8")
    assert "<video" not in text
    assert "annotated.mp4" not in text


def test_page_of_a_report_with_video_has_one(written: Path) -> None:
    assert "<video" in (written / "report.html").read_text(encoding="utf-8")


def test_other_files_are_left_alone_and_older_ones_replaced(clip_analysis: Analysis, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "report.html").write_text("not in the way")
    (tmp_path / "summary.json").write_text("an older one")
    write_report(clip_analysis, tmp_path, output=NO_VIDEO)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert (tmp_path / "sub" / "report.html").read_text() == "not in the way"
    assert json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))["view"] == "left"
    names = {path.name for path in tmp_path.iterdir()}
    assert names == FILES - {"annotated.mp4"} | {"notes.txt", "sub"}


def test_video_of_an_older_report_goes_with_it(clip_analysis: Analysis, tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text(f"older {name}")
    write_report(clip_analysis, tmp_path, output=NO_VIDEO)
    assert {path.name for path in tmp_path.iterdir()} == FILES - {"annotated.mp4"}
    assert not any(data.startswith(b"older") for data in listing(tmp_path).values())


def test_progress_counts_the_frames_of_the_video(clip_analysis: Analysis, tmp_path: Path) -> None:
    steps: list[tuple[str, int, int]] = []
    write_report(clip_analysis, tmp_path / "out", progress=lambda *step: steps.append(step))
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    assert steps == [("report", done, 120) for done in range(121)]


def raise_os_error(*_args: object, **_kwargs: object) -> None:
    raise OSError(28, "No space left on device")


def raise_bug(*_args: object, **_kwargs: object) -> None:
    raise ZeroDivisionError


def press_ctrl_c(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture(
    params=[(raise_os_error, OutputError), (raise_bug, ZeroDivisionError), (press_ctrl_c, KeyboardInterrupt)]
)
def failure(request: pytest.FixtureRequest) -> tuple[Callable[..., None], type[BaseException]]:
    """What fails, and as what it arrives at the caller."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(params=["new", "older"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A folder that isn't there yet, or one with an older report: each has to be as before in the end."""
    folder = tmp_path / "deep" / "out"
    if request.param == "older":
        folder.mkdir(parents=True)
        for name in FILES:
            (folder / name).write_text(f"older {name}")
        (folder / "notes.txt").write_text("mine")
    before = listing(tmp_path)
    yield folder
    assert listing(tmp_path) == before
    assert (tmp_path / "deep").exists() == (request.param == "older")


@pytest.mark.parametrize("place", ["summary.json", "angles.csv"])
def test_exporter_that_fails(
    clip_analysis: Analysis, folder: Path, failure: Any, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail, arrives = failure
    monkeypatch.setattr("gait.outputs.EXPORTERS", {**EXPORTERS, place: fail})
    with pytest.raises(arrives):
        write_report(clip_analysis, folder, output=NO_VIDEO)


@pytest.mark.parametrize("place", ["save_track", "write_html", "draw_frame"])
def test_page_keypoints_or_video_that_fail(
    clip_analysis: Analysis, folder: Path, failure: Any, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail, arrives = failure
    monkeypatch.setattr(f"gait.outputs.{place}", fail)
    with pytest.raises(arrives):
        write_report(clip_analysis, folder, output=Output(video=place == "draw_frame"))


@pytest.mark.parametrize("name", ["angles.csv", "keypoints.npz", "report.html"])
def test_file_that_cannot_be_replaced(
    clip_analysis: Analysis, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on Windows, where another program holds the file: those already moved come back."""
    for existing in FILES:
        (tmp_path / existing).write_text(f"older {existing}")
    before = listing(tmp_path)
    replace = Path.replace

    def hold(self: Path, target: Path) -> Path:
        if self == tmp_path / name or Path(target) == tmp_path / name:
            raise PermissionError(13, "The process cannot access the file because it is being used")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", hold)
    with pytest.raises(OutputError, match="being used"):
        write_report(clip_analysis, tmp_path, output=NO_VIDEO)
    assert listing(tmp_path) == before


def test_folder_in_the_way_of_a_file(clip_analysis: Analysis, tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    (tmp_path / "report.html" / "mine.txt").write_text("mine")
    (tmp_path / "angles.csv").write_text("older")
    before = listing(tmp_path)
    with pytest.raises(OutputError):
        write_report(clip_analysis, tmp_path, output=NO_VIDEO)
    assert listing(tmp_path) == before


def test_check_writable_leaves_nothing(tmp_path: Path) -> None:
    check_writable(tmp_path / "a" / "b")
    check_writable(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("mine")
    for out in ("file", "file/b"):
        with pytest.raises(OutputError, match="is a file, not a folder"):
            check_writable(tmp_path / out)


@pytest.mark.parametrize(
    ("clip", "folder"), [("run.mp4", "run_gait"), ("a/my run.MOV", "a/my run_gait"), ("a/b.c.mp4", "a/b.c_gait")]
)
def test_default_folder(clip: str, folder: str) -> None:
    assert default_folder(Path(clip)) == Path(folder)
