"""The gate policy: a turn that must go to a person goes there first."""
