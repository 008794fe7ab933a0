"""Fitting and measuring fusion on synthetic turns."""
