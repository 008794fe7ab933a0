"""Training and measuring the text model."""
