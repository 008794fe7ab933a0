"""What a customer's words ask for: kinds of things, prices, what is not wanted."""
