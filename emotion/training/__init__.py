"""Training and evaluation: the only part of the room that may import scikit-learn."""
