"""Tests and measurements of the assistant's language understanding."""
