"""Measuring scorers on published corpora; loaded by commands and trainings only."""
