"""Room 9: what was seen, how sure, what it means. MetricTable, Drift -> Comparisons, Findings."""

from gait.findings.change import changed, with_literature
from gait.findings.comparisons import compare
from gait.findings.evidence import Evidence, load_evidence
from gait.findings.sentences import describe

__all__ = ["Evidence", "changed", "compare", "describe", "load_evidence", "with_literature"]
