"""Turns to a customer state."""
