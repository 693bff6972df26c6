"""`gait cache`: the keypoints kept between runs."""

from __future__ import annotations

import typer

from gait.cli.console import one_sentence

app = typer.Typer(help="The keypoints kept between runs.", no_args_is_help=True)


@app.command("list")
@one_sentence
def list_entries() -> None:
    """Say which clips have keypoints in the cache."""
    from gait.pose import KeypointCache

    cache = KeypointCache()
    entries = cache.list()
    for entry in entries:
        size = f"{entry.n_bytes / 1e6:.1f} MB"
        typer.echo(f"{entry.file_name}  {entry.n_frames} frames  {size}  {entry.content_hash[:12]}  {entry.estimator}")
    typer.echo(f"{len(entries)} clips, {sum(entry.n_bytes for entry in entries) / 1e6:.1f} MB in {cache.directory}")


@app.command("clear")
@one_sentence
def clear() -> None:
    """Delete all keypoints from the cache."""
    from gait.pose import KeypointCache

    typer.echo(f"{KeypointCache().clear()} clips removed from the cache.")
