"""The download against a small local server that answers as figshare does."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from gait.errors import FileMissing, GaitError
from gait.validate import rbds_download
from gait.validate.rbds_download import LIST, RECORD, downloaded, rbds_folder

NAMES = ("RBDS001runT25forces.txt", "RBDS001runT25markers.txt", "RBDS001static.txt")
OTHERS = ("RBDSinfo.xlsx", "RBDS001runT25.c3d", "RBDS001processed.txt", "../RBDS001static.txt")


class Figshare:
    """The record's files as the server has them, and what it was asked for."""

    def __init__(self) -> None:
        self.contents = {name: f"content of {name}".encode() for name in (*NAMES, *OTHERS)}
        self.tells_md5 = True
        self.broken: set[str] = set()
        self.asked: list[str] = []
        self.url = ""

    def answer(self, path: str) -> tuple[int, bytes]:
        self.asked.append(path)
        parts = urlparse(path)
        if parts.path == f"/v2/articles/{RECORD}/files":
            query = parse_qs(parts.query)
            page, size = int(query["page"][0]), int(query["page_size"][0])
            return 200, json.dumps(self.entries()[(page - 1) * size : page * size]).encode()
        name = parts.path.removeprefix("/files/")
        return (503, b"") if name in self.broken or name not in self.contents else (200, self.contents[name])

    def entries(self) -> list[dict[str, Any]]:
        return [
            {"id": i, "name": name, "size": len(content), "download_url": f"{self.url}/files/{name}"}
            | ({"computed_md5": hashlib.md5(content).hexdigest()} if self.tells_md5 else {})
            for i, (name, content) in enumerate(self.contents.items())
        ]

    @property
    def files_asked(self) -> list[str]:
        return sorted(path.removeprefix("/files/") for path in self.asked if path.startswith("/files/"))


@pytest.fixture
def figshare() -> Iterator[Figshare]:
    record = Figshare()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, content = record.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        record.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield record
        server.shutdown()
        thread.join()


def fetch(figshare: Figshare, cache: Path) -> Path:
    return rbds_folder(cache=cache, base_url=f"{figshare.url}/v2")


def hashes(cache: Path) -> dict[str, str]:
    return {file["name"]: file["sha256"] for file in json.loads((cache / LIST).read_text(encoding="utf-8"))["files"]}


@pytest.mark.parametrize("tells_md5", [True, False])
def test_all_that_is_wanted_and_nothing_else(figshare: Figshare, tmp_path: Path, tells_md5: bool) -> None:
    figshare.tells_md5 = tells_md5
    folder = fetch(figshare, tmp_path / "new" / "rbds")
    assert sorted(path.name for path in folder.iterdir()) == sorted((*NAMES, LIST))
    assert figshare.files_asked == sorted(NAMES)
    for name in NAMES:
        assert (folder / name).read_bytes() == figshare.contents[name]
        assert hashes(folder)[name] == hashlib.sha256(figshare.contents[name]).hexdigest()


def test_a_list_of_many_pages(figshare: Figshare, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three pages of two, and a last one that is full, so that a fourth has to be asked for."""
    monkeypatch.setattr(rbds_download, "PAGE_SIZE", 2)
    del figshare.contents[OTHERS[-1]]
    assert len(figshare.contents) == 6
    fetch(figshare, tmp_path)
    assert figshare.files_asked == sorted(NAMES)


def test_a_finished_download_needs_no_network(figshare: Figshare, tmp_path: Path) -> None:
    assert downloaded(tmp_path) is None
    fetch(figshare, tmp_path)
    figshare.asked.clear()
    assert rbds_folder(cache=tmp_path, base_url="http://127.0.0.1:1/nothing") == tmp_path
    assert not figshare.asked
    assert downloaded(tmp_path) == tmp_path


def test_an_interrupted_download_goes_on(figshare: Figshare, tmp_path: Path) -> None:
    figshare.broken = {NAMES[1]}
    with pytest.raises(GaitError, match=rf"{NAMES[1]} can't be downloaded .*try again later") as caught:
        fetch(figshare, tmp_path)
    assert "\n" not in str(caught.value)
    assert downloaded(tmp_path) is None
    assert list(tmp_path.glob("*.txt")) == [tmp_path / NAMES[0]], "nothing is left of what broke off"
    figshare.broken, figshare.asked = set(), []
    fetch(figshare, tmp_path)
    assert figshare.files_asked == sorted(NAMES[1:]), "what is there isn't asked for again"
    assert downloaded(tmp_path) == tmp_path


def test_a_file_that_changed_on_the_disk_is_told(figshare: Figshare, tmp_path: Path) -> None:
    fetch(figshare, tmp_path)
    (tmp_path / NAMES[2]).write_bytes(b"another content")
    with pytest.raises(GaitError, match=rf"{NAMES[2]} has changed since it was downloaded; delete it"):
        fetch(figshare, tmp_path)
    (tmp_path / NAMES[2]).unlink()
    fetch(figshare, tmp_path)
    assert (tmp_path / NAMES[2]).read_bytes() == figshare.contents[NAMES[2]]


def test_a_file_that_changed_at_figshare_is_told(figshare: Figshare, tmp_path: Path) -> None:
    """The hash of the first download counts, not the one that figshare tells today."""
    fetch(figshare, tmp_path)
    first = hashes(tmp_path)
    (tmp_path / NAMES[0]).unlink()
    figshare.contents[NAMES[0]] = b"a new version"
    with pytest.raises(GaitError, match="isn't the file that was downloaded first"):
        fetch(figshare, tmp_path)
    assert not (tmp_path / NAMES[0]).exists()
    assert hashes(tmp_path) == first


def test_a_file_that_arrives_damaged_is_told(figshare: Figshare, tmp_path: Path) -> None:
    entries = figshare.entries()
    figshare.entries = lambda: entries  # type: ignore[method-assign]
    figshare.contents[NAMES[0]] = b"cut o"
    with pytest.raises(GaitError, match=f"{NAMES[0]} .* isn't whole"):
        fetch(figshare, tmp_path)
    assert not (tmp_path / NAMES[0]).exists()


def test_no_network_and_no_such_files_are_told(figshare: Figshare, tmp_path: Path) -> None:
    with pytest.raises(GaitError, match=r"can't be had from http://127.0.0.1:1/v2 .*or download them by hand"):
        rbds_folder(cache=tmp_path, base_url="http://127.0.0.1:1/v2")
    figshare.contents = {"RBDS.zip": b""}
    with pytest.raises(GaitError, match="has no files named like"):
        fetch(figshare, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_damaged_list_is_told(tmp_path: Path) -> None:
    (tmp_path / LIST).write_text('{"files": [{"name": 1', encoding="utf-8")
    with pytest.raises(GaitError, match="is damaged; delete"):
        rbds_folder(cache=tmp_path)


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    assert rbds_folder(tmp_path) == tmp_path
    with pytest.raises(FileMissing, match="nowhere is missing; name a folder"):
        rbds_folder(tmp_path / "nowhere")


def test_progress_counts_files(figshare: Figshare, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    rbds_folder(cache=tmp_path, base_url=f"{figshare.url}/v2", progress=lambda *step: told.append(step))
    assert told == [("download", i, 3) for i in range(4)]
