"""The input channel: one verified, idempotent turn per request."""
