"""The RBDS recordings from their figshare record, each file's hash recorded at the first download and checked since."""

from __future__ import annotations

import json
import logging
import re
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from gait.errors import FileMissing, GaitError, MissingExtra
from gait.model import Progress, no_progress
from gait.pose.cache import default_directory, replacing

RECORD = 4543435  # doi:10.6084/m9.figshare.4543435, CC BY 4.0
FIGSHARE = "https://api.figshare.com/v2"
WANTED = re.compile(r"RBDS\d{3}(static|runT\d{2}(markers|forces))\.txt")  # of 28 people, some 300 MB
LIST = "files.json"
PAGE_SIZE = 500
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class RecordedFile:
    """A file of the record: where it is, and its SHA-256 since it was downloaded first (empty before).

    `md5` is what figshare says of it, empty where it doesn't.
    """

    name: str
    url: str
    md5: str = ""
    sha256: str = ""


def rbds_folder(
    folder: Path | None = None,
    *,
    cache: Path | None = None,
    base_url: str = FIGSHARE,
    wanted: re.Pattern[str] = WANTED,
    progress: Progress = no_progress,
) -> Path:
    """A folder with the recordings: the one that is given, else the user's cache, downloaded as far as needed.

    Parameters
    ----------
    folder
        A folder with the files; nothing is downloaded then.
    cache
        Where downloads are kept; None is `rbds` in the cache of gait. What is there already isn't downloaded again, so
        an interrupted download goes on where it stopped, and a finished one needs no network.
    base_url
        Where figshare's interface is.
    wanted
        Which files of the record.
    progress
        Called as `progress("download", done, total)`, in files.

    Raises
    ------
    FileMissing
        The given folder isn't there.
    MissingExtra
        pooch isn't installed.
    GaitError
        figshare can't be reached, or a file isn't the one that was downloaded first.
    """
    if folder is not None:
        if not folder.is_dir():
            raise FileMissing(f"{folder} is missing; name a folder that holds the RBDS files.")
        return folder
    cache = cache or default_directory() / "rbds"
    files = _recorded(cache) or _listed(base_url, wanted)
    progress("download", 0, len(files))
    for i, name in enumerate(sorted(files)):
        known = files[name]
        files[name] = _fetched(known, cache)
        if files[name] != known:
            _record(cache, files)
        progress("download", i + 1, len(files))
    return cache


def downloaded(cache: Path | None = None) -> Path | None:
    """The folder of a finished download; None where there is none."""
    cache = cache or default_directory() / "rbds"
    files = _recorded(cache)
    done = files and all(file.sha256 and (cache / name).is_file() for name, file in files.items())
    return cache if done else None


def _recorded(cache: Path) -> dict[str, RecordedFile]:
    """The files of an earlier download by name; empty where there was none."""
    path = cache / LIST
    if not path.is_file():
        return {}
    try:
        files = [RecordedFile(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))["files"]]
    except (ValueError, KeyError, TypeError):
        raise GaitError(f"{path} is damaged; delete {cache} and download again.") from None
    return {file.name: file for file in files}


def _record(cache: Path, files: dict[str, RecordedFile]) -> None:
    """Write down what is known of the files."""
    content = {"record": RECORD, "files": [asdict(files[name]) for name in sorted(files)]}
    with replacing(cache / LIST) as part:
        part.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _listed(base_url: str, wanted: re.Pattern[str]) -> dict[str, RecordedFile]:
    """The wanted files of the record, from figshare's list of it."""
    entries: list[dict[str, Any]] = []
    while True:
        page = len(entries) // PAGE_SIZE + 1
        url = f"{base_url}/articles/{RECORD}/files?page={page}&page_size={PAGE_SIZE}"
        try:
            with _opened(url) as answer:
                more = json.load(answer)
            entries += more
        except (OSError, ValueError, TypeError) as error:
            raise GaitError(f"The list of the RBDS files can't be had from {base_url} ({error}); {_BY_HAND}") from None
        if len(more) < PAGE_SIZE:
            break
    files = {
        entry["name"]: RecordedFile(entry["name"], entry["download_url"], entry.get("computed_md5") or "")
        for entry in entries
        if wanted.fullmatch(entry["name"])
    }
    if not files:
        raise GaitError(f"figshare's record {RECORD} has no files named like RBDS001static.txt; {_BY_HAND}")
    return files


_BY_HAND = f"try again later, or download them by hand from doi.org/10.6084/m9.figshare.{RECORD} and name the folder."


def _fetched(file: RecordedFile, cache: Path) -> RecordedFile:
    """A file that lies in the cache and is the one that was downloaded first; with its hash."""
    try:
        import pooch
    except ImportError:
        raise MissingExtra("The download needs pooch: pip install 'rungait[validate]'.") from None
    path = cache / file.name
    if file.sha256 and path.is_file():
        if pooch.file_hash(str(path)) != file.sha256:
            raise GaitError(f"{path} has changed since it was downloaded; delete it to download it again.")
        return file
    first_hash = f"md5:{file.md5}" if file.md5 else None
    pooch.get_logger().setLevel(logging.WARNING)  # the command line shows the progress
    try:
        pooch.retrieve(
            file.url,
            known_hash=f"sha256:{file.sha256}" if file.sha256 else first_hash,
            fname=file.name,
            path=cache,
            downloader=_download,
        )
    except ValueError:  # pooch's word for a wrong hash
        told = "the file that was downloaded first" if file.sha256 else "whole"
        raise GaitError(f"{file.name} as {file.url} gives it isn't {told}; {_BY_HAND}") from None
    except OSError as error:
        raise GaitError(f"{file.name} can't be downloaded ({error}); {_BY_HAND}") from None
    return RecordedFile(file.name, file.url, file.md5, pooch.file_hash(str(path)))


def _download(url: str, output_file: str, _pooch: object) -> None:
    """What pooch calls to fill a file."""
    with _opened(url) as answer, Path(output_file).open("wb") as file:
        shutil.copyfileobj(answer, file)
        if answer.length:
            raise OSError(f"it broke off {answer.length} bytes before its end")


@contextmanager
def _opened(url: str) -> Iterator[HTTPResponse]:
    """The answer of a server; a refusal is an OSError without an open connection."""
    try:
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
            yield answer
    except HTTPError as refusal:
        with refusal:
            raise OSError(f"the server said {refusal.code} {refusal.reason}") from None
