"""Side-by-side measurements, one command each, and the real processes that tests and benches share."""

from benchmarks.stack import AGENT_EMAIL, AGENT_PASSWORD, Customer, Stack, free_port

__all__ = ["AGENT_EMAIL", "AGENT_PASSWORD", "Customer", "Stack", "free_port"]
