"""What a key file says: the keys by id, which one seals, and the key of fingerprints."""

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from privacy.errors import KeyFileError

KEY_BYTES: Final = 32
_NUMBERED: Final = re.compile(r"k([1-9]\d{0,8})")
# What a key id may look like: it stands between colons in every value that it sealed.
_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,32}")


@dataclass(frozen=True, repr=False)
class KeyContent:
    """The ring of an installation.

    JSON: {"current": "k1", "keys": {"k1": "<base64 of 32 bytes>"}, "index": "<the same>", "retired": ["k0"]}.
    index: what fingerprints are made with, for ever; files of earlier versions have none, and the oldest key is it.
    retired: ids that were dropped, so that no id is given twice. The last two may be left out.
    """

    current: str
    keys: Mapping[str, bytes]
    index: bytes | None = None
    retired: tuple[str, ...] = field(default=())

    @classmethod
    def new(cls) -> Self:
        """One fresh key, and one for fingerprints."""
        return cls("k1", {"k1": os.urandom(KEY_BYTES)}, os.urandom(KEY_BYTES))

    @classmethod
    def parsed(cls, name: str, content: bytes) -> Self:
        """What a source gave. name: what errors call it. Raises: KeyFileError."""
        try:
            raw = json.loads(content)
            keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in raw["keys"].items()}
            index = base64.b64decode(raw["index"], validate=True) if raw.get("index") else None
            found = cls(str(raw["current"]), keys, index, tuple(str(one) for one in raw.get("retired", ())))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
            raise KeyFileError(
                f'{name} is not a key file; expected JSON {{"current": "k1", "keys": {{"k1": "<base64>"}}}}. '
                "Restore it from a backup: without it, stored conversations cannot be read."
            ) from None
        lengths = {len(key) for key in (*keys.values(), *([] if index is None else [index]))}
        if found.current not in keys or lengths != {KEY_BYTES}:
            raise KeyFileError(
                f"{name} names the current key {found.current!r} among {sorted(keys)}; expected it to be present and "
                f"each key to have {KEY_BYTES} bytes. Restore the file from a backup."
            )
        if not all(_ID.fullmatch(key_id) for key_id in keys):
            raise KeyFileError(f"{name} has a key id with other characters than A-Z, a-z, 0-9, '_', '.' and '-'.")
        return found

    def rendered(self) -> bytes:
        """The same as JSON."""
        raw: dict[str, object] = {
            "current": self.current,
            "keys": {key_id: base64.b64encode(key).decode() for key_id, key in self.keys.items()},
            "index": base64.b64encode(self.index_key).decode(),
        }
        if self.retired:
            raw["retired"] = list(self.retired)
        return json.dumps(raw, indent=2).encode() + b"\n"

    @property
    def index_key(self) -> bytes:
        """What fingerprints are made with."""
        return self.index if self.index is not None else next(iter(self.keys.values()))

    def with_new_key(self) -> Self:
        """One key more, and it is the current one."""
        numbers = [int(found[1]) for key_id in (*self.keys, *self.retired) if (found := _NUMBERED.fullmatch(key_id))]
        key_id = f"k{max(numbers, default=0) + 1}"
        keys = {**self.keys, key_id: os.urandom(KEY_BYTES)}
        return replace(self, current=key_id, keys=keys, index=self.index_key)

    def without(self, key_id: str) -> Self:
        """One key less; fingerprints stay what they are. Raises: KeyFileError for the current key or an unknown one."""
        if key_id not in self.keys:
            raise KeyFileError(f"there is no key {key_id!r}; known: {', '.join(self.keys)}.", code="key_unknown")
        if key_id == self.current:
            raise KeyFileError(
                f"{key_id} is the current key; expected an older one. Run: attune keys rotate", code="key_current"
            )
        keys = {name: key for name, key in self.keys.items() if name != key_id}
        return replace(self, keys=keys, index=self.index_key, retired=(*self.retired, key_id))

    def __repr__(self) -> str:
        return f"KeyContent({self.current} of {', '.join(self.keys)})"
