"""Training and measuring the voice model."""
