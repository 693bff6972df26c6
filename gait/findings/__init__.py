"""Room 9: what was seen, how sure, what it means. MetricTable, Drift -> Comparisons, Findings."""

from gait.findings.comparisons import compare
from gait.findings.evidence import Evidence, load_evidence
from gait.findings.sentences import describe

__all__ = ["Evidence", "compare", "describe", "load_evidence"]
