"""Accuracy against truth: force plates, simulation, hand-counted clips."""
