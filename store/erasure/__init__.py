"""Erasing a person: who they are in every store, what goes, what stays without them, and the proof."""
