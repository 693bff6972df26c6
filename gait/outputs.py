"""An analysis into a folder: everything appears, or nothing does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.config import Output
from gait.errors import OutputError
from gait.export import EXPORTERS, write_session_strides, write_session_summary
from gait.model import Analysis, Progress, Session, no_progress
from gait.pose import save_track
from gait.report import PLAIN_GROUND, Overlay, draw_frame, has_pictures, key_frames, write_html, write_session_html
from gait.video import frames, write_video

Picture = NDArray[np.uint8]
REPORT, VIDEO, KEYPOINTS = "report.html", "annotated.mp4", "keypoints.npz"
OWN_FILES = frozenset({REPORT, VIDEO, KEYPOINTS, *EXPORTERS})
SESSION, SESSION_DATA, SESSION_STRIDES = "session.html", "session.json", "strides.csv"
SESSION_FILES = frozenset({SESSION, SESSION_DATA, SESSION_STRIDES})


def write_report(
    analysis: Analysis, out: str | Path, *, output: Output | None = None, progress: Progress = no_progress
) -> Path:
    """Write the report of a clip into a folder, which is made if need be, and return the path of its page.

    Files: `report.html`, `annotated.mp4`, `summary.json`, `strides.csv`, `angles.csv`, `keypoints.npz`. They are made
    beside the folder and moved into it when all are there; files of the same names are replaced, others left alone.
    Keypoints without a clip give no annotated video, and stills on plain ground.

    Raises
    ------
    OutputError
        The folder can't be written, or the clip or keypoint file itself lies there under the name of a result.
    """
    output = output or Output()
    folder = Path(out)
    source = analysis.video.path
    for name in (VIDEO, KEYPOINTS):
        if (folder / name).exists() and source.exists() and (folder / name).samefile(source):
            what = "clip" if has_pictures(analysis) else "keypoints"
            raise OutputError(f"The report would replace the {what} {source}; choose another folder with --out.")
    with _staging(folder) as stage:
        for name, write in EXPORTERS.items():
            write(analysis, stage / name)
        save_track(analysis.track, stage / KEYPOINTS)
        if has_pictures(analysis):
            pictures = _pass_over_video(analysis, stage, output, progress)
        else:
            pictures = _plain_ground(analysis)
        video_name = VIDEO if (stage / VIDEO).exists() else None
        write_html(analysis, stage / REPORT, pictures, video_name, show_face=output.show_face)
    return folder / REPORT


def write_session(
    session: Session, out: str | Path, *, output: Output | None = None, progress: Progress = no_progress
) -> Path:
    """Write the reports of a session into a folder, and return the path of the session's page.

    Each clip has a folder of its own there, as `write_report` makes it; `session.html`, `session.json` and
    `strides.csv` follow when all of them are there.

    Raises
    ------
    OutputError
        As `write_report`.
    """
    folder = Path(out)
    names = _folder_names(session)
    for clip, name in zip(session.clips, names, strict=True):
        write_report(clip.analysis, folder / name, output=output, progress=progress)
    reports = [f"{name}/{REPORT}" for name in names]
    with _staging(folder, SESSION_FILES) as stage:
        write_session_summary(session, stage / SESSION_DATA, reports)
        write_session_strides(session, stage / SESSION_STRIDES)
        write_session_html(session, stage / SESSION, reports)
    return folder / SESSION


def _folder_names(session: Session) -> list[str]:
    """The clips' names without their endings, numbered where two have the same."""
    stems = [clip.analysis.video.path.stem for clip in session.clips]
    return [stem if stems.count(stem) == 1 else f"{i + 1}_{stem}" for i, stem in enumerate(stems)]


def check_writable(out: str | Path) -> None:
    """Fail early, before the long stages, where the folder can't be written."""
    with _staging(Path(out)):
        pass


def default_folder(clip: Path) -> Path:
    """Where the report of a clip, or of a file or folder of keypoints, goes if nobody says: beside it."""
    named = clip.resolve() if clip.is_dir() else clip  # "." has no name
    return named.with_name(f"{named.name if named.is_dir() else named.stem}_gait")


def _plain_ground(analysis: Analysis) -> dict[int, Picture]:
    """A plain picture for each still of an analysis that has no pictures."""
    video = analysis.video
    ground = np.full((video.height_px, video.width_px, 3), PLAIN_GROUND, np.uint8)
    return {key.index: ground for key in key_frames(analysis)}


def _pass_over_video(analysis: Analysis, stage: Path, output: Output, progress: Progress) -> dict[int, Picture]:
    """Decode the clip once: write the annotated video, and keep the pictures that the page shows."""
    wanted = {key.index for key in key_frames(analysis)}
    pictures: dict[int, Picture] = {}
    video = analysis.video

    def drawn() -> Iterator[Picture]:
        overlay = Overlay(analysis, show_face=output.show_face)
        for index, picture in enumerate(frames(video)):
            progress("report", index, video.n_frames)
            if index in wanted:
                pictures[index] = picture.copy()
            yield draw_frame(picture, overlay, index)
        progress("report", video.n_frames, video.n_frames)

    if output.video:
        time_s = video.file_time_s - video.file_time_s[0]
        write_video(stage / VIDEO, drawn(), time_s=time_s, width_px=video.width_px, height_px=video.height_px)
    else:
        for index in sorted(wanted):
            pictures[index] = next(iter(frames(video, index, index + 1)))
    return pictures


@contextmanager
def _staging(folder: Path, own: frozenset[str] = OWN_FILES) -> Iterator[Path]:
    """A temporary folder near the wanted one, whose files move there in the end; gone in any case.

    Files of an older result, named in `own`, go where the new one hasn't them.
    """
    try:
        home = _nearest_folder(folder)
        stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=home))
    except OSError as error:
        raise _cannot_write(folder, error) from error
    try:
        made = stage / "made"
        made.mkdir()  # with the user's usual permissions, which mkdtemp's folder hasn't
        yield made
        _move_all(made, folder, own)
    except OSError as error:
        raise _cannot_write(folder, error) from error
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _nearest_folder(folder: Path) -> Path:
    """The folder itself where it exists, else its nearest parent that does."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:  # a drive that isn't there is its own parent
        place = place.parent
    if place.exists() and not place.is_dir():
        raise OutputError(f"{place} is a file, not a folder; choose another folder with --out.")
    return place


def _move_all(made: Path, folder: Path, own: frozenset[str]) -> None:
    """Move the finished files to their place, all of them or none; the page last, as it leans on the others.

    What an older report left there and the new one hasn't (its video) goes.
    """
    new = {path.name for path in made.iterdir()}
    if not new:
        return
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        made.rename(folder)
        return
    older = made.with_name("older")
    older.mkdir()
    begun: list[str] = []
    try:
        for name in sorted(new | own, key=lambda name: name in (REPORT, SESSION)):
            begun.append(name)
            if (folder / name).is_file():
                (folder / name).replace(older / name)
            if name in new:
                (made / name).replace(folder / name)
    except BaseException:
        _put_back(older, made, folder, begun, new)
        raise


def _put_back(older: Path, made: Path, folder: Path, begun: list[str], new: set[str]) -> None:
    """Undo a move that failed half-way: what is new goes, what was there comes back."""
    for name in begun:
        if name in new and not (made / name).exists():
            (folder / name).unlink(missing_ok=True)
        if (older / name).exists():
            (older / name).replace(folder / name)


def _cannot_write(folder: Path, error: OSError) -> OutputError:
    """What is wrong with an output folder, and what to do."""
    why = error.strerror or str(error)
    return OutputError(f"The report can't be written to {folder} ({why}); choose another folder with --out.")
