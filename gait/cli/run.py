"""Several clips of one run: what `gait analyze` does with `--at` or a session file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gait.cli.console import shown_progress
from gait.errors import ConfigError

if TYPE_CHECKING:
    from gait.config import Config
    from gait.model import Session
    from gait.session import RunClip


def is_session_file(clips: list[Path]) -> bool:
    """Whether what was given is a session file."""
    return len(clips) == 1 and clips[0].suffix.lower() == ".toml"


def analyze_run(clips: list[Path], at: str | None, out: Path | None, settings: Config, standing: Path | None) -> None:
    """Analyse clips of one run, write their reports and that of the run, and show what changed."""
    from gait.outputs import check_writable, default_folder, write_session
    from gait.session import analyze_session

    chosen = _clips(clips, at)
    # Beside the session file, or beside the first clip under a name that its own report doesn't take.
    folder = out or (default_folder(clips[0]) if at is None else clips[0].with_name(f"{clips[0].stem}_run_gait"))
    check_writable(folder)
    with shown_progress() as progress:
        session = analyze_session(chosen, settings, standing=standing, progress=progress)
        page = write_session(session, folder, output=settings.output, progress=progress)
    _show(session, page)


def _clips(clips: list[Path], at: str | None) -> tuple[RunClip, ...]:
    """The clips with their times."""
    from gait.session import RunClip, load_session, seconds_of

    if at is None:
        return load_session(clips[0])
    if is_session_file(clips):
        raise ConfigError("A session file says itself when each clip began; leave --at out.")
    times = at.split(",")
    if len(times) != len(clips):
        raise ConfigError(
            f"--at gives {len(times)} times for {len(clips)} clips; give one for each, with commas between."
        )
    return tuple(RunClip(clip, seconds_of(time.strip())) for clip, time in zip(clips, times, strict=True))


def _show(session: Session, page: Path) -> None:
    """What changed, and where the report is."""
    from rich.console import Console

    console = Console()
    for run in session.runs:
        seen = f"Seen from the {run.analysis.scene.view}"
        text = run.finding.text if run.finding else run.analysis.drift.note
        console.print(f"{seen}, {len(run.clips)} clips: {text}", highlight=False, markup=False)
    for pair in session.pairs:
        names = [session.clips[number].analysis.provenance.file_name for number in (pair.side, pair.frontal)]
        same = "agree" if all(one.agrees for one in pair.agreement) else "differ"
        text = f"{names[0]} and {names[1]}: {len(pair.table)} values together; on cadence and contact time they {same}."
        console.print(text, highlight=False, markup=False)
    for note in session.notes:
        console.print(note, highlight=False, markup=False)
    console.print(f"Report: {page}", highlight=False, markup=False, soft_wrap=True)
