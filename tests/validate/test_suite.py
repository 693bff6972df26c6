"""Every suite keeps the contract: cases that can be sent to a worker, named once, of seeds that aren't mixed."""

import itertools
import pickle
import re

import pytest

from gait.errors import ConfigError
from gait.validate.rows import Row
from gait.validate.seeds import SEEDS, seed_of
from gait.validate.suite import SUITE_NAMES, Suite, crossed, load_suite


@pytest.fixture(params=SUITE_NAMES)
def any_suite(request: pytest.FixtureRequest) -> Suite:
    suite = load_suite(request.param)
    if suite.missing():
        pytest.skip(suite.missing())
    return suite


def test_a_suite_says_what_it_shows_and_what_it_does_not(any_suite: Suite) -> None:
    assert any_suite.name in SUITE_NAMES
    for text in (any_suite.title, any_suite.shows, any_suite.shows_not):
        assert text
    for text in (any_suite.shows, any_suite.shows_not):
        assert text.endswith(".")


@pytest.mark.parametrize("seeds", SEEDS)
def test_cases_have_names_for_files_and_can_be_sent_to_a_worker(any_suite: Suite, seeds: str) -> None:
    cases = any_suite.cases(seeds)  # type: ignore[arg-type]
    names = [case.name for case in cases]
    assert names
    assert len(set(names)) == len(names)
    for case in cases:
        assert re.fullmatch(r"[\w .,+-]+", case.name), "a name is part of a file name, on Windows too"
        assert case.condition
        assert all(path.is_file() for path in case.files)
    pickle.loads(pickle.dumps(cases))


def test_seeds_for_tuning_testing_and_gate_are_disjoint() -> None:
    ranges = sorted(SEEDS.values(), key=lambda seeds: seeds.start)
    assert all(before.stop <= after.start for before, after in itertools.pairwise(ranges))
    assert seed_of("testing", 7) in SEEDS["testing"]
    for number in (-1, len(SEEDS["gate"])):
        with pytest.raises(IndexError):
            seed_of("gate", number)


def test_simulated_cases_of_two_purposes_share_no_seed() -> None:
    suite = load_suite("events")
    used = {seeds: {case.run.args[1] for case in suite.cases(seeds)} for seeds in SEEDS}  # type: ignore[attr-defined]
    for seeds, numbers in used.items():
        assert all(number in SEEDS[seeds] for number in numbers)


def test_crossed_gives_every_setting_the_same_runners() -> None:
    class Setting:
        def __init__(self, name: str) -> None:
            self.name = name

    def measure(setting: Setting, seed: int, case: str) -> list[Row]:
        return [Row("s", case, setting.name, "seed", "both", "", 0.0, float(seed))]

    cases = crossed([Setting("a"), Setting("b")], 3, "tuning", measure)
    rows = [row for case in cases for row in case.run()]
    by_condition = {name: [row.estimate for row in rows if row.condition == name] for name in ("a", "b")}
    assert by_condition["a"] == by_condition["b"] == [seed_of("tuning", i) for i in range(3)]
    assert [row.case for row in rows] == [case.name for case in cases]


def test_an_unknown_suite_is_refused() -> None:
    with pytest.raises(ConfigError, match="There is no suite angels; there are events, angles"):
        load_suite("angels")
