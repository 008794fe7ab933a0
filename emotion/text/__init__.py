"""What a message says about how its writer feels."""
