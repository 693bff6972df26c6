"""`gait simulate`: a rendered runner as a video, with all that is true about it."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from gait.cli.console import one_sentence, say_error, shown_progress
from gait.errors import INTERRUPTED, ConfigError, OutputError

if TYPE_CHECKING:
    from gait.simulate.render.plan import Renderer


@one_sentence
def simulate(
    preset: Annotated[str | None, typer.Option(metavar="NAME", help="What kind of clip; --list names them.")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="CLIP.mp4", help="The video to write; CLIP.truth.json goes beside it.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="Say what presets there are.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Who runs, where and how it is filmed; a number gives a clip.")] = 0,
    seconds: Annotated[float | None, typer.Option(min=0.5, max=3600, help="How long is filmed, in real time.")] = None,
    fps: Annotated[float | None, typer.Option(min=5, max=1000, help="Frames per second of the camera.")] = None,
    size: Annotated[
        str | None, typer.Option(metavar="WxH", help="Pixels of the upright picture, for instance 1280x720.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=64, help="Worker processes; by default one per processor.")
    ] = None,
    renderer: Annotated[
        str, typer.Option(metavar="painter|ray", help="Who paints; ray is finer, slow, and needs numba.")
    ] = "painter",
) -> None:
    """Render a runner whose every movement is known.

    Such clips prove the arithmetic, the event logic, the repair and the drift test; they don't prove how well the pose
    model sees people.
    """
    if list_:
        _list()
        return
    if preset is None or out is None:
        raise ConfigError("Say which clip and where to: gait simulate --preset side-clean --out clip.mp4.")
    from gait.simulate.render.clip import write_clip
    from gait.simulate.render.presets import plan_of
    from gait.simulate.render.truth_file import truth_path

    if out.suffix.lower() != ".mp4":
        raise OutputError(f"{out} isn't an MP4 file; give --out a name that ends in .mp4.")
    plan = plan_of(preset, seed).changed(duration_s=seconds, fps=fps, size_px=_size_px(size))
    plan = replace(plan, renderer=cast("Renderer", renderer))  # the plan refuses others
    try:
        with shown_progress() as progress:
            write_clip(plan, out, progress=progress, jobs=jobs or os.cpu_count() or 1)
    except KeyboardInterrupt:
        say_error("Interrupted; no clip was written.")
        raise typer.Exit(INTERRUPTED) from None
    typer.echo(f"Clip: {out}")
    typer.echo(f"Truth: {truth_path(out)}")


def _list() -> None:
    """A line per preset."""
    from gait.simulate.render.presets import PRESETS

    for name, preset in PRESETS.items():
        typer.echo(f"{name:<16}  {preset.__doc__}")


def _size_px(text: str | None) -> tuple[int, int] | None:
    """Width and height from `1280x720`."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+)x(\d+)", text.strip().lower())
    width_px, height_px = (int(match[1]), int(match[2])) if match else (0, 0)
    if not (16 <= width_px <= 7680 and 16 <= height_px <= 7680) or width_px % 2 or height_px % 2:
        raise ConfigError(f'--size "{text}" isn\'t a size: give an even width and height in pixels, such as 1280x720.')
    return width_px, height_px
