"""Personal data in texts: found by patterns, replaced by placeholders, put back for whoever may see it."""

from privacy.redaction.redactor import Original, Redacted, Redactor, restored
from privacy.redaction.spans import Kind, Span

__all__ = ["Kind", "Original", "Redacted", "Redactor", "Span", "restored"]
