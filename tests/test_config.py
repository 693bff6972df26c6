"""Settings: from and to TOML, and what is refused."""

import math
import string
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gait.config import Config, load_config, parse_assignment, save_config
from gait.errors import ConfigError
from gait.pose import MediaPipe

CHANGED = Config().with_values(
    {
        "pose": {"min_tracking_confidence": 0.7},
        "scene": {"view": "rear", "roll_error_deg": 1},
        "clean": {"max_gap_s": 1e-05},
        "calibration": {"height_m": 1.68, "incline_pct": -2.5},
        "metrics": {"min_strides": 7},
        "output": {"video": False},
    },
    source="test",
)


def every_setting() -> list[tuple[str, str, Any]]:
    return [(room, key, value) for room, keys in Config().as_dict().items() for key, value in keys.items()]


@pytest.mark.parametrize("config", [Config(), CHANGED], ids=["defaults", "changed"])
def test_round_trip(config: Config, tmp_path: Path) -> None:
    path = tmp_path / "gait.toml"
    save_config(config, path)
    assert load_config(path) == config
    assert b"\r" not in path.read_bytes()
    save_config(load_config(path), tmp_path / "again.toml")
    assert (tmp_path / "again.toml").read_bytes() == path.read_bytes()


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    gap_s=st.floats(0, 1),
    strides=st.integers(2, 1000),
    height_m=st.none() | st.floats(1, 2.5),
    video=st.booleans(),
)
def test_every_number_survives_the_round_trip(
    tmp_path: Path, gap_s: float, strides: int, height_m: float | None, *, video: bool
) -> None:
    values = {"clean": {"max_gap_s": gap_s}, "metrics": {"min_strides": strides}, "output": {"video": video}}
    config = Config().with_values({**values, "calibration": {"height_m": height_m}}, source="test")
    save_config(config, tmp_path / "gait.toml")
    assert load_config(tmp_path / "gait.toml") == config


def test_every_setting_is_saved_under_its_room(tmp_path: Path) -> None:
    save_config(CHANGED, tmp_path / "gait.toml")
    saved = tomllib.loads((tmp_path / "gait.toml").read_text(encoding="utf-8"))
    assert set(saved) == {field.name for field in fields(Config)}
    assert saved["calibration"] == {"height_m": 1.68, "incline_pct": -2.5}  # None isn't written: TOML has none
    assert saved["scene"]["view"] == "rear"
    assert saved["metrics"]["min_strides"] == 7


def test_what_a_file_does_not_name_keeps_its_default(tmp_path: Path) -> None:
    path = tmp_path / "gait.toml"
    path.write_text("[metrics]\nmin_strides = 7\n", encoding="utf-8")
    assert load_config(path) == replace(Config(), metrics=replace(Config().metrics, min_strides=7))
    path.write_text("", encoding="utf-8")
    assert load_config(path) == Config()


def refusal(values: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as caught:
        Config().with_values(values, source="run.toml")
    message = str(caught.value)
    assert message.startswith("run.toml: ")
    return message


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"clean": {"max_gap": 0.2}}, "unknown setting 'clean.max_gap', did you mean 'max_gap_s'?"),
        ({"scene": {"veiw": "left"}}, "unknown setting 'scene.veiw', did you mean 'view'?"),
        ({"metric": {"min_strides": 3}}, "unknown room 'metric', did you mean 'metrics'?"),
        ({"xyzzy": {}}, "unknown room 'xyzzy' (there are pose, runner, scene,"),
        ({"output": {"xyzzy": 1}}, "unknown setting 'output.xyzzy' (there are video, show_face)"),
        ({"scene": 3}, "'scene' must be a table of settings"),
    ],
)
def test_unknown_names_are_refused_with_a_suggestion(values: dict[str, Any], said: str) -> None:
    assert said in refusal(values)


@pytest.mark.parametrize(
    ("room", "key", "value", "said"),
    [
        ("clean", "max_gap_s", "long", "'clean.max_gap_s' can't be 'long'; it is a number"),
        ("clean", "max_gap_s", True, "can't be True; it is a number"),
        ("clean", "max_gap_s", math.nan, "can't be nan; it is a number"),
        ("clean", "max_gap_s", math.inf, "can't be inf; it is a number"),
        ("metrics", "min_strides", 5.0, "can't be 5.0; it is a whole number"),
        ("metrics", "min_strides", False, "can't be False; it is a whole number"),
        ("metrics", "min_strides", [5], "can't be [5]; it is a whole number"),
        ("output", "video", 1, "can't be 1; it is true or false"),
        ("scene", "view", "above", "can't be 'above'; it is auto or left or right or rear or front"),
        ("scene", "view", 1, "can't be 1; it is auto or left"),
        ("calibration", "height_m", "tall", "can't be 'tall'; it is a number"),
    ],
)
def test_wrong_types_are_refused(room: str, key: str, value: Any, said: str) -> None:
    assert said in refusal({room: {key: value}})


def test_all_faults_are_told_at_once() -> None:
    values = {
        "clean": {"max_gap": 0.2, "rounds": "two"},
        "scnee": {},
        "metrics": {"min_strides": 7},
        "output": {"video": "no"},
    }
    message = refusal(values)
    for fault in ("clean.max_gap", "clean.rounds", "scnee", "output.video"):
        assert f"'{fault}'" in message
    assert "min_strides" not in message


@pytest.mark.parametrize(("room", "key", "value"), every_setting(), ids=lambda part: str(part))
def test_every_setting_takes_its_own_default_and_no_list(room: str, key: str, value: Any) -> None:
    assert Config().with_values({room: {key: value}}, source="test") == Config()
    assert f"'{room}.{key}' can't be" in refusal({room: {key: [value]}})


def test_version_of_the_model_is_found_and_not_set(tmp_path: Path) -> None:
    assert "version" not in Config().as_dict()["pose"]
    assert "unknown setting 'pose.version'" in refusal({"pose": {"version": "1.0"}})
    with pytest.raises(TypeError):
        MediaPipe(version="1.0")  # type: ignore[call-arg]
    save_config(Config(), tmp_path / "gait.toml")
    assert "version" not in (tmp_path / "gait.toml").read_text(encoding="utf-8")


def test_nothing_changes_in_place() -> None:
    config = Config()
    changed = config.with_values({"metrics": {"min_strides": 7}}, source="test")
    assert (config.metrics.min_strides, changed.metrics.min_strides) == (Config().metrics.min_strides, 7)


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"[clean\n", "not a TOML file"), (b"\xff\xfe[\x00", "not a TOML file"), (None, "can't be read")],
)
def test_files_that_cannot_be_read(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "gait.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=said):
        load_config(path)


NAMES = st.text(string.ascii_lowercase + "_", min_size=1, max_size=12)
BLANKS = st.sampled_from(["", " "])


@settings(deadline=None)
@given(room=NAMES, key=NAMES, value=st.integers() | st.floats(allow_nan=False) | st.booleans(), blank=BLANKS)
def test_assignment_of_a_number_or_truth_value(room: str, key: str, value: Any, blank: str) -> None:
    written = str(value).lower() if isinstance(value, bool) else repr(value)
    parsed = parse_assignment(f"{room}.{key}{blank}={blank}{written}")
    assert parsed == {room: {key.rstrip(): value}}
    assert type(parsed[room][key]) is type(value)


@settings(deadline=None)
@given(room=NAMES, key=NAMES, word=st.from_regex(r"[a-z]{1,10}", fullmatch=True))
def test_assignment_of_a_word_with_or_without_quotes(room: str, key: str, word: str) -> None:
    value: Any = {"true": True, "false": False, "inf": math.inf}.get(word, word)
    if word != "nan":
        assert parse_assignment(f"{room}.{key}={word}") == {room: {key: value}}
    assert parse_assignment(f'{room}.{key}="{word}"') == {room: {key: word}}


@settings(deadline=None)
@given(text=st.text(max_size=30))
def test_any_other_text_is_refused_or_names_a_room_and_a_key(text: str) -> None:
    name = text.partition("=")[0].strip()
    room, _, key = name.partition(".")
    if "=" not in text or not room or not key:
        with pytest.raises(ConfigError, match=r"write room\.key=value"):
            parse_assignment(text)
    else:
        ((found_room, found_settings),) = parse_assignment(text).items()
        assert (found_room, list(found_settings)) == (room, [key])


@pytest.mark.parametrize(
    "assignment",
    [
        "cycle.slowest_hz=0",
        "cycle.n_harmonics=-1",
        "calibration.capture_fps=0",
        "calibration.height_m=17.8",
        "clean.outlier_sds=0",
        "metrics.min_strides=0",
        "fatigue.share=0.6",
        "pose.min_detection_confidence=5",
    ],
)
def test_a_number_out_of_its_range_is_refused_with_the_range(assignment: str) -> None:
    name = assignment.partition("=")[0].partition(".")[2]
    with pytest.raises(ConfigError, match=f"{name} can't be .*it lies within"):
        Config().with_values(parse_assignment(assignment), source="--set")


def test_a_pose_model_that_would_be_downloaded_is_refused() -> None:
    with pytest.raises(ConfigError, match="model_complexity"):
        Config().with_values({"pose": {"model_complexity": 2}}, source="test")
