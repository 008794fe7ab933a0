"""Whisper models on this machine: fetching, converting once, keeping, choosing."""
