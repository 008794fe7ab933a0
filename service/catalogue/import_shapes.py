"""What an import tells."""

from typing import Any, Self

from pydantic import BaseModel

from recommender import Reading

MOST_REJECTED = 1000
"""Rejected rows that are told one by one."""


class RejectedLine(BaseModel):
    """A row that did not come in. line: of its beginning in the file, from 1."""

    line: int
    reason: str


class ImportOut(BaseModel):
    """One import, or what it would do.

    imported: items. merged: rows that repeat one. rejected: the first 1,000 of rejected_total rows. mapping: which
    column means what; it can be sent back as it is. columns: with samples. stored: false for a dry run.
    """

    rows: int
    imported: int
    merged: int
    rejected: list[RejectedLine]
    rejected_total: int
    mapping: dict[str, Any]
    columns: list[dict[str, Any]]
    notes: list[str]
    currency: str
    kind: str
    stored: bool
    version: int
    seconds: float

    @classmethod
    def of(cls, reading: Reading, *, stored: bool, version: int, seconds: float) -> Self:
        """From what was read and done."""
        return cls(
            rows=reading.rows,
            imported=len(reading.items),
            merged=reading.merged,
            rejected=[RejectedLine(line=one.line, reason=one.reason) for one in reading.rejected[:MOST_REJECTED]],
            rejected_total=len(reading.rejected),
            mapping=reading.mapping.to_dict(),
            columns=[column.to_dict() for column in reading.columns],
            notes=list(reading.notes),
            currency=reading.currency,
            kind=reading.kind,
            stored=stored,
            version=version,
            seconds=round(seconds, 3),
        )
