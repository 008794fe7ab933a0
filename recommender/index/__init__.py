"""Vectors of a catalogue in FAISS."""
