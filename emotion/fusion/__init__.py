"""Several modalities' scores to one emotion."""
