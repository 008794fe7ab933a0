"""Sentences of customers that became examples in the assistant's training files, each with a mark of its source."""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from privacy import KeyRing
from store.errors import StoreError

_VERSION: Final = "3.1"
_HEAD: Final = (
    "# Sentences of customers who allowed this, written by `attune bot example add`. An erasure or a withdrawal takes\n"
    "# them out again by their source. Do not move them to another file.\n"
)
LONGEST: Final = 500
_SOURCE: Final = "example-source"


def example_source(keyring: KeyRing, customer_id: str) -> str:
    """The mark that an example in the training files carries of its source."""
    return keyring.fingerprint(customer_id, purpose=_SOURCE)


class BotExamples:
    """One file of Rasa's training format. Methods block; two processes at once take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, intent: str, text: str, source: str) -> bool:
        """Add an example; False if the intent has it already. source: a fingerprint of the customer.

        Raises: StoreError (code example_invalid) for a text that a training file cannot hold.
        """
        line = " ".join(text.split())
        if not 0 < len(line) <= LONGEST or line.startswith("/"):
            raise StoreError(
                f"the example has {len(line)} characters or begins with '/'; expected a sentence of 1 to {LONGEST}.",
                code="example_invalid",
            )
        with self._locked():
            blocks = self._read()
            block = next((one for one in blocks if one["intent"] == intent), None)
            if block is None:
                block = {"intent": intent, "examples": []}
                blocks.append(block)
            if any(example["text"].strip() == line for example in block["examples"]):
                return False
            block["examples"].append({"text": line, "metadata": {"source": source}})
            self._write(blocks)
        return True

    def count(self, sources: Iterable[str]) -> int:
        """How many examples came from these customers."""
        wanted = set(sources)
        return sum(_source(example) in wanted for block in self._read() for example in block["examples"])

    def texts(self, sources: Iterable[str]) -> list[dict[str, str]]:
        """The examples of these customers: intent and text."""
        wanted = set(sources)
        return [
            {"intent": str(block["intent"]), "text": str(example["text"])}
            for block in self._read()
            for example in block["examples"]
            if _source(example) in wanted
        ]

    def forget(self, sources: Iterable[str]) -> int:
        """Take the examples of these customers out; gives the number. The assistant has to be trained anew."""
        wanted = set(sources)
        if not self.path.exists():
            return 0
        with self._locked():
            blocks = self._read()
            before = sum(len(block["examples"]) for block in blocks)
            for block in blocks:
                block["examples"] = [one for one in block["examples"] if _source(one) not in wanted]
            kept = [block for block in blocks if block["examples"]]
            removed = before - sum(len(block["examples"]) for block in kept)
            if removed:
                self._write(kept)
        return removed

    def pass_on(self, old: str, new: str) -> int:
        """Mark the examples of one source as another's; gives the number."""
        if not self.path.exists():
            return 0
        with self._locked():
            blocks = self._read()
            moved = [one for block in blocks for one in block["examples"] if _source(one) == old]
            for one in moved:
                one["metadata"]["source"] = new
            if moved:
                self._write(blocks)
        return len(moved)

    def _read(self) -> list[dict[str, Any]]:
        try:
            raw = yaml.safe_load(self.path.read_text(encoding="utf-8"))
            blocks = [] if raw is None else list(raw["nlu"])
            return [{"intent": str(one["intent"]), "examples": list(one["examples"])} for one in blocks]
        except FileNotFoundError:
            return []
        except (yaml.YAMLError, KeyError, TypeError, ValueError):
            raise StoreError(
                f"{self.path} is no file of examples with sources; expected what `attune bot example add` writes. "
                "Restore it, or move sentences of your own to another file of that folder.",
                code="examples_unreadable",
            ) from None

    def _write(self, blocks: list[dict[str, Any]]) -> None:
        if not blocks:
            self.path.unlink(missing_ok=True)
            return
        body = yaml.safe_dump({"version": _VERSION, "nlu": blocks}, allow_unicode=True, sort_keys=False, width=4096)
        temporary = self.path.with_name(f".{self.path.name}.{secrets.token_hex(8)}")
        try:
            with temporary.open("w", encoding="utf-8") as file:
                file.write(_HEAD + body)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
        finally:
            temporary.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _source(example: Any) -> str | None:
    metadata = example.get("metadata") if isinstance(example, dict) else None
    return str(metadata["source"]) if isinstance(metadata, dict) and "source" in metadata else None
