"""What `import gait` offers, and what it costs."""

import ast
import importlib.metadata
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import gait

NAMES = [
    "Analysis",
    "Config",
    "GaitError",
    "RunClip",
    "analyze",
    "analyze_keypoints",
    "analyze_session",
    "analyze_track",
    "load_config",
    "load_session",
    "load_track",
    "save_config",
    "save_track",
    "write_report",
    "write_session",
]
HEAVY = {"mediapipe", "matplotlib", "pandas", "cv2", "scipy", "av", "jinja2", "rich", "typer"}


def modules_after(program: str, *arguments: str) -> set[str]:
    """Names of the outermost modules that a fresh interpreter has loaded after a program."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys\nprint()\nprint(*sys.modules)", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in ended.stdout.splitlines()[-1].split()}


def test_public_names() -> None:
    assert gait.__all__ == NAMES
    assert dir(gait) == sorted([*NAMES, "__version__"])


def test_every_public_name_is_there_and_documented() -> None:
    for name in NAMES:
        found = getattr(gait, name)
        assert found.__name__ == name
        assert (inspect.getdoc(found) or "").strip()
        assert getattr(gait, name) is found


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(gait.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If)]
    seen = {alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert sorted(seen) == NAMES
    for name, module in seen.items():
        assert getattr(importlib.import_module(str(module)), name) is getattr(gait, name)


def test_unknown_name() -> None:
    with pytest.raises(AttributeError, match="analyse"):
        gait.analyse  # noqa: B018
    assert not hasattr(gait, "pipeline_")


def test_version_is_that_of_the_package() -> None:
    assert importlib.metadata.version("rungait") == gait.__version__


def test_command_is_installed() -> None:
    (entry,) = importlib.metadata.entry_points(group="console_scripts", name="gait")
    assert entry.value == "gait.cli:main"


def test_import_loads_nothing_heavy() -> None:
    loaded = modules_after("import gait")
    assert "gait" in loaded
    assert loaded & (HEAVY | {"numpy"}) == set()


def test_a_result_type_needs_no_video_or_model() -> None:
    loaded = modules_after("import gait; gait.Analysis, gait.GaitError")
    assert "numpy" in loaded  # so the list of modules is that of the program
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("arguments", [["--help"], ["analyze", "--help"], ["cache", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    program = "from gait.cli import main\ntry:\n    main()\nexcept SystemExit as end:\n    assert not end.code"
    loaded = modules_after(program, *arguments)
    assert "typer" in loaded
    assert loaded & (HEAVY - {"typer", "rich"}) == set()


def test_errors_have_one_base_and_exit_codes() -> None:
    from gait import errors

    kinds = [kind for kind in vars(errors).values() if inspect.isclass(kind)]
    assert len(kinds) > 10
    assert all(issubclass(kind, gait.GaitError) for kind in kinds)
    codes = [kind.exit_code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert not {0, 1, 2, 3, errors.INTERRUPTED} & set(codes)  # 3: `gait check` found the clip not good enough
