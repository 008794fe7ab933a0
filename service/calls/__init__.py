"""Live calls as the web process sees them: who may call, what was heard, what is said, and how it went."""
