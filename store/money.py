"""Money between decimals (everywhere) and whole cents (in tables: SQLite has no decimals)."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> int:
    """12.345 → 1235."""
    return int(amount.quantize(_CENT, rounding=ROUND_HALF_UP) * 100)


def from_cents(cents: int) -> Decimal:
    """1235 → 12.35."""
    return (Decimal(cents) / 100).quantize(_CENT)
