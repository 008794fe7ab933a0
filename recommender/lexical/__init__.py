"""Exact words beside meaning."""
