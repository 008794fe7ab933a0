"""`python -m benchmarks.unprotected service|actions`: a process of the product that seals, redacts and audits nothing.

The peer of `attune bench protection`, and nothing else: it exists here alone, and no part of the product imports it.
"""

import json
import runpy
import sys
from collections.abc import Iterable
from typing import Any, Final

from privacy import Redacted, Redactor
from store import audit, sealing, vault

PROCESSES: Final = ("service", "actions")


class Plain:
    """What a sealer is to its callers, without a key and without a look into the database."""

    def seal(self, value: Any, purpose: str) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def open(self, sealed: str, purpose: str) -> Any:
        return json.loads(sealed)


async def _sealer(self: object, owner: str) -> Plain:
    return Plain()


async def _opener(self: object, tokens: Iterable[str | None]) -> Plain:
    return Plain()


async def _add(self: object, *args: object, **kwargs: object) -> None:
    return None


def _redact(self: object, text: str) -> Redacted:
    return Redacted(text)


def unprotect() -> None:
    """Take the protection out of this process. Raises: AttributeError where the product has changed its names."""
    for owner, name, without in (
        (vault.Vault, "sealer", _sealer),
        (vault.Vault, "sealer_of_conversation", _sealer),
        (vault.Vault, "opener", _opener),
        (sealing.Sealer, "seal", Plain.seal),
        (sealing.Sealer, "open", Plain.open),
        (audit.Audit, "add", _add),
        (Redactor, "redact", _redact),
    ):
        getattr(owner, name)
        setattr(owner, name, without)


if __name__ == "__main__":
    if sys.argv[1:2] not in ([name] for name in PROCESSES):
        raise SystemExit(f"expected {' or '.join(PROCESSES)}; this process is for `attune bench protection` alone")
    unprotect()
    runpy.run_module(sys.argv[1], run_name="__main__", alter_sys=True)
