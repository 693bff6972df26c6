"""The suites: one file per question, each with its `SUITE`."""
