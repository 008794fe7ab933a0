"""The tracker store whose event data is encrypted at rest."""
