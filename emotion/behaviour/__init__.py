"""What the way through a shop's page says: struggle or a smooth way, never more."""
