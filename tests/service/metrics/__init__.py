"""Tests of the figures of the running process."""
