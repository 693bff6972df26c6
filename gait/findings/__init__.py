"""Room 9: what was seen, how sure, what it means. MetricTable, Drift -> Findings."""

from gait.findings.evidence import Evidence, load_evidence
from gait.findings.sentences import describe

__all__ = ["Evidence", "describe", "load_evidence"]
