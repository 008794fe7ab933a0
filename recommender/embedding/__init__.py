"""Texts to vectors: the encoder that runs, and how it is made."""
