"""Any keypoint file as a track on the program's own skeleton."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gait.errors import KeypointFileError, NoPerson
from gait.model import Track, Video
from gait.pose.keypoint_files import coco, frame_list, native, openpose, trc
from gait.pose.keypoint_files.imagining import check_fits, imagined_video
from gait.pose.keypoint_files.mapping import LEAST_SCORE, on_the_skeleton
from gait.pose.keypoint_files.opening import open_source
from gait.pose.keypoint_files.recording import Recording, Source
from gait.pose.which_runner import WhichRunner

SMALLEST_PERSON_SHARE = 0.05  # of the frames, as for videos


@dataclass(frozen=True, slots=True)
class KeypointFormat:
    """One way of writing keypoints: its name, whether a file is of it, and how it is read.

    `read` raises `ValueError` with the reason where the file isn't what it looked like.
    """

    name: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], Recording]


# Asked in this order.
FORMATS = (
    KeypointFormat("gait npz", native.recognises, native.read),
    KeypointFormat("TRC", trc.recognises, trc.read),
    KeypointFormat("OpenPose JSON", openpose.recognises, openpose.read),
    KeypointFormat("COCO JSON", coco.recognises, coco.read),
    KeypointFormat("RTMPose or MMPose JSON", frame_list.recognises, frame_list.read),
)


@dataclass(frozen=True, slots=True)
class KeypointFile:
    """Where keypoints come from that this program didn't find; its `repr` is the provenance, as a pose model's."""

    name: str
    format: str
    sha256: str
    least_score: float | None = LEAST_SCORE  # None: what this program wrote, taken as it is

    @property
    def is_own(self) -> bool:
        """Whether this program wrote the file."""
        return self.least_score is None


def read_keypoints(
    path: str | Path,
    *,
    fps: float | None = None,
    video: Video | None = None,
    which: WhichRunner | None = None,
) -> tuple[Track, KeypointFile]:
    """Read a keypoint file of another tool, its format told from its content.

    Keypoints are taken by name onto the program's skeleton; those that the file lacks are NaN with confidence 0
    throughout. Points with a score below 0.3 are unknown. Of several people the runner is chosen as in
    clips. Frames without a person, and frame numbers that the file leaves out, are NaN.

    Parameters
    ----------
    path
        The file; for OpenPose also the folder with a file for each frame.
    fps
        Frame rate, which goes before the file's own.
    video
        The clip of the same recording, which gives size and time stamps; None takes the file's, and where it has
        no picture size, the smallest picture that holds all points.
    which
        Who is the runner among several people; None leaves it to the program.

    Returns
    -------
    track
        The keypoints, nothing repaired.
    source
        What was read, for the provenance.

    Raises
    ------
    FileMissing, EmptyFile
        There is nothing to read.
    KeypointFileError
        It is of no known format, damaged, of another skeleton, not in pixels, too short, or not of this clip.
    NoPerson
        Fewer than 5 % of the frames have a person, or nobody is where the runner was said to be.
    ConfigError
        Nobody says the frame rate, `fps` is none, or there is no such runner.
    """
    path = Path(path).resolve()
    source, sha256 = open_source(path)
    name = path.name
    recording, form = _recording(source, name)
    try:
        xy, confidence, skeleton, history = on_the_skeleton(recording, which or WhichRunner(), name=name)
        _check_person(confidence, name)
        if video is None:
            video = imagined_video(recording, xy, path, fps=fps, sha256=sha256)
        else:
            check_fits(video, recording, len(xy))
    except ValueError as error:
        raise KeypointFileError(f"{name} can't be analysed: {error}.") from error
    least_score = None if recording.is_own else LEAST_SCORE
    read = KeypointFile(name, f"{form}, {recording.layout}", sha256, least_score)
    return Track(xy, confidence, skeleton, video, history), read


def _check_person(confidence: NDArray[np.float32], name: str) -> None:
    """Refuse a file that (nearly) never holds a person."""
    n_seen = int((confidence > 0).any(axis=1).sum())
    if n_seen < SMALLEST_PERSON_SHARE * len(confidence):
        raise NoPerson(f"{name} holds a person in {n_seen} of {len(confidence)} frames. Is it the right file?")


def _recording(source: Source, name: str) -> tuple[Recording, str]:
    """What a file of any known format says, and the name of the format."""
    for form in FORMATS:
        if form.recognises(source):
            try:
                return form.read(source), form.name
            except (
                ValueError,
                TypeError,
                KeyError,
                IndexError,
                AttributeError,
                OverflowError,
            ) as error:  # what a foreign layout may lack
                why = str(error) if isinstance(error, ValueError) else "it isn't laid out as usual"
                raise KeypointFileError(f"{name} looks like {form.name}, but {why}. Write or copy it again.") from error
    known = ", ".join(form.name for form in FORMATS)
    raise KeypointFileError(
        f"{name} is no keypoint file of a known format. There are: {known}; docs/keypoint-files.md."
    )
