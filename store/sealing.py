"""Encrypted columns: JSON in, ciphertext out, bound to a purpose."""

import json
from typing import Any

from privacy import KeyRing
from store.key_cache import KeyCache


class Sealer:
    """Seals what belongs to the installation and to nobody in particular. A person's values: store.vault."""

    def __init__(self, keyring: KeyRing) -> None:
        self.keyring = keyring
        self.cache = KeyCache()

    def seal(self, value: Any, purpose: str) -> str:
        """Encrypt a value that JSON can hold."""
        data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        return self.keyring.encrypt(data, purpose=purpose)

    def open(self, sealed: str, purpose: str) -> Any:
        """Decrypt what seal() made for the same purpose. Raises: privacy.DecryptionError."""
        return json.loads(self.keyring.decrypt(sealed, purpose=purpose).decode("utf-8", "surrogatepass"))

    def fingerprint(self, text: str, purpose: str) -> str:
        """Equal for equal text, without case and surrounding blanks; finds sealed values."""
        return self.keyring.fingerprint(text.strip().casefold(), purpose=purpose)
