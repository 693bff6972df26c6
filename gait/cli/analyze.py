"""`gait analyze`: clips in, reports out."""

from __future__ import annotations

import enum
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gait.cli.console import one_sentence, say_error, shown_progress
from gait.cli.run import analyze_run, is_session_file
from gait.errors import ConfigError, GaitError

if TYPE_CHECKING:
    from gait.config import Config
    from gait.model import Analysis, MetricSummary, Progress


class View(enum.StrEnum):
    """Where the camera stands."""

    auto = "auto"
    left = "left"
    right = "right"
    rear = "rear"
    front = "front"


@one_sentence
def analyze(
    clips: Annotated[
        list[Path] | None,
        typer.Argument(metavar="CLIP", help="Videos of one runner each.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the report; by default beside the clip, named after it.")
    ] = None,
    view: Annotated[View, typer.Option(help="Side of the runner that faces the camera.")] = View.auto,
    speed_kmh: Annotated[float | None, typer.Option(help="Belt or running speed in km/h; gives centimetres.")] = None,
    pace: Annotated[str | None, typer.Option(help="The same as minutes per kilometre, for instance 5:30.")] = None,
    incline: Annotated[float | None, typer.Option(help="Slope of the belt in per cent.")] = None,
    height_cm: Annotated[float | None, typer.Option(help="How tall the runner is, in centimetres.")] = None,
    mass_kg: Annotated[float | None, typer.Option(help="The runner's mass in kilograms; gives leg stiffness.")] = None,
    standing: Annotated[
        Path | None,
        typer.Option(help="Clip of the runner standing still, the camera as in the run; angles are told over it too."),
    ] = None,
    capture_fps: Annotated[
        float | None, typer.Option(help="Frames per second that the camera took, for slow-motion clips.")
    ] = None,
    runner: Annotated[
        int | None,
        typer.Option(help="Which of several people is the runner, counted from the left as they come into sight."),
    ] = None,
    roi: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y,W,H",
            help="Part of the picture with the middle of the runner's body: pixels, or shares if all are at most 1.",
        ),
    ] = None,
    keypoints: Annotated[
        Path | None,
        typer.Option(
            help="Keypoints of another tool (a file, or a folder of one JSON a frame), with or without a clip."
        ),
    ] = None,
    fps: Annotated[
        float | None, typer.Option(help="Frame rate of the keypoints where their file doesn't say it.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings as a TOML file.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="ROOM.KEY=VALUE", help="One setting; may be repeated.")
    ] = None,
    no_video: Annotated[bool, typer.Option("--no-video", help="Don't write the annotated video.")] = False,
    show_face: Annotated[bool, typer.Option("--show-face", help="Leave faces as they are.")] = False,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="2min,20min,...",
            help="When each clip began, if all are of one run, to compare them; or give a session file (TOML) as CLIP.",
        ),
    ] = None,
    together: Annotated[
        bool, typer.Option("--together", help="The clips show the same running from two sides: one table of both.")
    ] = False,
) -> None:
    """Analyse clips and write a report for each: page, annotated video and data."""
    known = _known(
        speed_kmh=speed_kmh,
        pace=pace,
        incline=incline,
        height_cm=height_cm,
        mass_kg=mass_kg,
        capture_fps=capture_fps,
    )
    _check_range("--runner", runner, 1, 99)
    which = {key: value for key, value in (("number", runner), ("roi", roi)) if value is not None}
    settings = _config(config, set_ or [], view, known, which, video=not no_video, show_face=show_face)
    if keypoints is not None or fps is not None:
        if at is not None or together:
            raise ConfigError("--at and --together go with clips, not with --keypoints.")
        if standing is not None:
            raise ConfigError("--standing goes with clips, not with --keypoints.")
        _keypoints(keypoints, clips or [], out, settings, fps=fps)
        return
    if not clips:
        raise typer.BadParameter("give a clip, or keypoints with --keypoints", param_hint="CLIP")
    if together and at is not None:
        raise ConfigError("Give either --together or --at; with --at clips of two sides stand together as well.")
    if at is not None or together or is_session_file(clips):
        analyze_run(clips, ",".join("0" for _ in clips) if together else at, out, settings, standing)
        return
    failed: GaitError | None = None
    for clip, folder in zip(clips, _folders(clips, out), strict=True):
        try:
            _one(clip, folder, settings, standing)
        except GaitError as error:
            if len(clips) == 1:
                raise
            say_error(f"{clip.name}: {error}")
            failed = failed or error
    if failed is not None:
        raise typer.Exit(failed.exit_code)


def _folders(clips: list[Path], out: Path | None) -> list[Path]:
    """Where the reports go: each clip has its own folder."""
    from gait.outputs import default_folder

    if len(clips) == 1 and out is not None:
        return [out]
    folders = [default_folder(clip) if out is None else out / clip.stem for clip in clips]
    if len(set(folders)) < len(folders):
        raise ConfigError(
            "Some clips have the same name, so their reports would share a folder; analyse each by itself."
        )
    return folders


def _one(clip: Path, folder: Path, settings: Config, standing: Path | None) -> None:
    """Analyse one clip, write its report and show the main results."""
    from gait.outputs import check_writable
    from gait.pipeline import analyze as run

    check_writable(folder)
    with shown_progress() as progress:
        _report(run(clip, settings, standing=standing, progress=progress), folder, settings, progress)


def _keypoints(file: Path | None, clips: list[Path], out: Path | None, settings: Config, *, fps: float | None) -> None:
    """Analyse keypoints of another tool, with the clip they were found in where there is one."""
    from gait.outputs import check_writable, default_folder
    from gait.pipeline import analyze_keypoints

    if file is None:
        raise ConfigError("--fps is the frame rate of keypoints; give them with --keypoints, or leave it out.")
    if len(clips) > 1:
        raise ConfigError("--keypoints goes with one clip; analyse each clip by itself.")
    _check_range("--fps", fps, 1, 100_000)
    clip = clips[0] if clips else None
    folder = out or default_folder(clip or file)
    check_writable(folder)
    with shown_progress() as progress:
        _report(analyze_keypoints(file, settings, fps=fps, clip=clip), folder, settings, progress)


def _report(analysis: Analysis, folder: Path, settings: Config, progress: Progress) -> None:
    """Write the report and show the main results."""
    from gait.outputs import write_report

    page = write_report(analysis, folder, output=settings.output, progress=progress)
    _show(analysis, page)


def _config(
    path: Path | None,
    assignments: list[str],
    view: View,
    known: dict[str, float],
    which: dict[str, int | str],
    *,
    video: bool,
    show_face: bool,
) -> Config:
    """Settings from the file, then --set, then the options of their own."""
    from gait.config import Config, load_config, parse_assignment

    settings = Config() if path is None else load_config(path)
    assigned: dict[str, dict[str, Any]] = {}
    for assignment in assignments:
        for room, values in parse_assignment(assignment).items():
            assigned.setdefault(room, {}).update(values)
    settings = settings.with_values(assigned, source="--set")
    options: dict[str, dict[str, Any]] = {"calibration": known}
    if which:
        options["runner"] = {"number": None, "roi": "", **which}  # what the command line says goes before the file
    if view != View.auto:
        options["scene"] = {"view": view.value}
    options["output"] = ({} if video else {"video": False}) | ({"show_face": True} if show_face else {})
    return settings.with_values(options, source="command line")


def _known(
    *,
    speed_kmh: float | None,
    pace: str | None,
    incline: float | None,
    height_cm: float | None,
    mass_kg: float | None,
    capture_fps: float | None,
) -> dict[str, float]:
    """What the user knows, checked, as settings of the calibration."""
    _check_range("--incline", incline, -50, 50)
    _check_range("--height-cm", height_cm, 100, 250)
    _check_range("--mass-kg", mass_kg, 20, 250)
    _check_range("--capture-fps", capture_fps, 1, 100_000)
    known = {
        "speed_mps": _speed_mps(speed_kmh, pace),
        "incline_pct": incline,
        "height_m": None if height_cm is None else height_cm / 100,
        "mass_kg": mass_kg,
        "capture_fps": capture_fps,
    }
    return {key: value for key, value in known.items() if value is not None}


def _speed_mps(speed_kmh: float | None, pace: str | None) -> float | None:
    """Speed in m/s from km/h or from a pace as minutes and seconds per kilometre."""
    if speed_kmh is not None and pace is not None:
        raise ConfigError("Give either --speed-kmh or --pace, not both.")
    _check_range("--speed-kmh", speed_kmh, 2, 45)
    if pace is None:
        return None if speed_kmh is None else speed_kmh / 3.6
    match = re.fullmatch(r"(\d{1,2})(?::([0-5]\d))?(?:\s*(?:min)?/km)?", pace.strip())
    if match is None:
        raise ConfigError(f"--pace {pace}: write minutes and seconds per kilometre, for instance 5:30.")
    seconds_per_km = int(match[1]) * 60 + int(match[2] or 0)
    if not 80 <= seconds_per_km <= 1800:
        raise ConfigError("--pace must lie within 1:20 and 30:00.")
    return 1000 / seconds_per_km


def _check_range(option: str, value: float | None, low: float, high: float) -> None:
    """Refuse a number that can't be meant."""
    if value is not None and not low <= value <= high:
        raise ConfigError(f"{option} must lie within {low:g} and {high:g}.")


def _show(analysis: Analysis, page: Path) -> None:
    """The main results as a table, and where the report is."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    shown = [summary for summary in analysis.metrics.summary if summary.estimate is not None]
    scene = analysis.scene
    seen = "obliquely" if scene.view == "oblique" else f"from the {scene.view}"
    console.print(f"{analysis.provenance.file_name}: seen {seen}, {analysis.video.duration_s:.1f} s", highlight=False)
    for finding in analysis.findings:
        if finding.kind == "limit":
            console.print(finding.text, highlight=False)
    for warning in analysis.warnings:
        console.print(warning, highlight=False)
    if shown:
        table = Table("", "", "value", "95 % interval", "unit", "grade", box=None, pad_edge=False)
        for column in (2, 3):
            table.columns[column].justify = "right"
        for summary in shown:
            table.add_row(*_cells(analysis, summary))
        console.print(table)
    names = {s.name for s in analysis.metrics.summary} - {s.name for s in shown}
    if names:
        console.print(f"{len(names)} metrics are withheld; the report says why.", highlight=False)
    console.print(f"Report: {page}", highlight=False, soft_wrap=True)


def _cells(analysis: Analysis, summary: MetricSummary) -> tuple[str, ...]:
    """One row of the table."""
    info = analysis.metrics.info[summary.name]
    low, high = summary.ci95 or (float("nan"), float("nan"))
    side = "" if summary.side == "both" else summary.side
    places = info.decimals
    interval = f"{low:.{places}f} to {high:.{places}f}"
    return info.label, side, f"{summary.estimate:.{places}f}", interval, info.unit, summary.grade or ""
