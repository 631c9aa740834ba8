"""Encryption of what is personal or secret: AES-256-GCM, bound to the row it belongs to.

A sealed value is `version (1) ‖ key id (8) ‖ nonce (12) ‖ ciphertext and tag`. The key id lets several keys
live side by side while a new one takes over. The context (table and row key) is authenticated with it, so
that a sealed value copied into another row does not open.
"""

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from channeld.errors import ChanneldError

__all__ = ["KEY_BYTES", "KEY_ID_AT", "KEY_ID_BYTES", "Cipher"]

KEY_BYTES = 32
_VERSION = b"\x01"
KEY_ID_BYTES = 8
_NONCE = 12
KEY_ID_AT = len(_VERSION)
_HEAD = KEY_ID_AT + KEY_ID_BYTES + _NONCE


class Cipher:
    """Seals with the first key, opens with whichever key sealed. Its repr shows no key."""

    def __init__(self, key: bytes, *older: bytes) -> None:
        self._keys = {_key_id(each): AESGCM(each) for each in (key, *older)}
        self._current = _key_id(key)
        self._digest_key = hashlib.sha256(b"channeld digest key" + key).digest()

    @property
    def key_id(self) -> bytes:
        """The id of the key that seals, as it stands in every sealed value from `KEY_ID_AT` on."""
        return self._current

    def digest(self, clear: bytes) -> bytes:
        """A keyed fingerprint of 16 bytes: the same for the same bytes; it tells nothing without the key."""
        return hashlib.blake2b(clear, key=self._digest_key, digest_size=16).digest()

    def seal(self, clear: bytes, context: str) -> bytes:
        """Encrypt for one row; `context` names it, such as `personal_data/17`."""
        nonce = os.urandom(_NONCE)
        return (
            _VERSION
            + self._current
            + nonce
            + self._keys[self._current].encrypt(nonce, clear, context.encode())
        )

    def open(self, sealed: bytes, context: str) -> bytes:
        """Decrypt. Raises `ChanneldError`: `wrong_key`, or `sealed_damaged` when bytes or row differ."""
        key = self._keys.get(sealed[KEY_ID_AT : KEY_ID_AT + KEY_ID_BYTES])
        if sealed[:1] != _VERSION or key is None:
            raise _wrong_key()
        try:
            return key.decrypt(sealed[_HEAD - _NONCE : _HEAD], sealed[_HEAD:], context.encode())
        except InvalidTag:
            raise _damaged(context) from None


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"channeld key id" + key).digest()[:KEY_ID_BYTES]


def _wrong_key() -> ChanneldError:
    return ChanneldError(
        "wrong_key",
        "The database was encrypted with another key.",
        "Give the daemon the key it had before: credential, CHANNELD_KEY, or the file beside the database. "
        "After `channeld key rotate` that is the new one.",
    )


def _damaged(context: str) -> ChanneldError:
    return ChanneldError(
        "sealed_damaged",
        f"The encrypted value of {context} is damaged.",
        "Restore the last backup; for one order, `order recover` reads its data from Amazon again.",
    )
