"""The comparison's table: a line per rule with its own numbers, and nothing of it among our own tables."""

from gait.validate import page_rules, page_tables
from gait.validate.results import SuiteResult, suite_result
from gait.validate.rows import BY_RULE, SHARE, Row
from gait.validate.run import Outcome
from gait.validate.suite import Suite

SUITE = Suite("events", "Events", "It shows events.", lambda _seeds: [])


def rows_of(rule: str, contact_ms: list[float], mean_ms: float) -> list[Row]:
    condition = f"side, 30 fps, by {rule}"
    rows = [
        Row("events", "c0", condition, f"{BY_RULE}initial_contact_error_ms", "left", "ms", 0.0, error)
        for error in contact_ms
    ]
    rows.append(Row("events", "c0", condition, f"{BY_RULE}initial_contact_mean_error_ms", "left", "ms", 0.0, mean_ms))
    rows.append(Row("events", "c0", condition, f"{BY_RULE}toe_off_error_ms", "left", "ms", 0.0, withheld="none near"))
    rows.append(Row("events", "c0", condition, f"{BY_RULE}cadence_spm", "both", "steps/min", 170.0, 170.25))
    rows.append(Row("events", "c0", condition, f"{BY_RULE}contacts_found", "both", SHARE, 1.0, 0.9))
    return rows


def result() -> SuiteResult:
    ours = [Row("events", "c0", "side, 30 fps", "initial_contact_error_ms", "left", "ms", 0.0, 1.0)]
    rows = [*ours, *rows_of("gait", [3.0, -4.0], -0.5), *rows_of("Fellin 2010", [60.0, 80.0], 70.0)]
    return suite_result(SUITE, "testing", [Outcome("c0", tuple(rows))])


def test_a_line_holds_bias_rmse_and_mean_of_a_clip() -> None:
    lines = page_rules.of_suite(result()).splitlines()
    ours, fellin = (line for line in lines if line.startswith("| side") or "| Fellin" in line)
    assert ours == "| side, 30 fps | 1 | **gait** | 0 / 4 / 0 | – | – | 0.25 | 90 % |"
    assert fellin == "|  |  | Fellin 2010 | +70 / 71 / 70 | – | – | 0.25 | 90 % |"
    assert lines[-1] == "`gait validate events`"


def test_our_own_tables_are_as_if_the_comparison_were_not_there() -> None:
    alone = result()
    only = suite_result(SUITE, "testing", [Outcome("c0", alone.rows[:1])])
    assert page_tables.of_suite(page_rules.without_rules(alone)) == page_tables.of_suite(only)
    assert page_rules.of_suite(only) == ""
