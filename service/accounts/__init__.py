"""Accounts as the web process serves them: registering, signing in, second factors, outside providers."""
