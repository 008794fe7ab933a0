"""Order and number of what is shown, and why."""
