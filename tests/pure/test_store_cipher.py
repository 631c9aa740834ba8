"""Sealing: what one key and one row closed, no other opens."""

import pytest

from channeld.errors import ChanneldError
from channeld.store.cipher import Cipher

OLD, NEW = b"o" * 32, b"n" * 32


def refusal(cipher: Cipher, sealed: bytes, context: str) -> str:
    with pytest.raises(ChanneldError) as refused:
        cipher.open(sealed, context)
    assert refused.value.hint
    return refused.value.code


def test_what_is_sealed_opens_again_and_never_looks_the_same_twice() -> None:
    cipher = Cipher(NEW)
    first, second = cipher.seal(b"clear", "orders/1"), cipher.seal(b"clear", "orders/1")
    assert first != second
    assert b"clear" not in first
    assert cipher.open(first, "orders/1") == cipher.open(second, "orders/1") == b"clear"


def test_a_sealed_value_belongs_to_its_row() -> None:
    sealed = Cipher(NEW).seal(b"clear", "orders/1")
    assert refusal(Cipher(NEW), sealed, "orders/2") == "sealed_damaged"


@pytest.mark.parametrize("position", [9, 25, -1])
def test_a_changed_byte_is_noticed(position: int) -> None:
    sealed = bytearray(Cipher(NEW).seal(b"clear", "orders/1"))
    sealed[position] ^= 1
    assert refusal(Cipher(NEW), bytes(sealed), "orders/1") == "sealed_damaged"


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"no seal at all", b"\x02" + b"x" * 60])
def test_what_was_never_sealed_is_refused(sealed: bytes) -> None:
    assert refusal(Cipher(NEW), sealed, "orders/1") == "wrong_key"


def test_another_key_is_refused_and_an_older_one_still_opens() -> None:
    sealed = Cipher(OLD).seal(b"clear", "orders/1")
    assert refusal(Cipher(NEW), sealed, "orders/1") == "wrong_key"
    both = Cipher(NEW, OLD)
    assert both.open(sealed, "orders/1") == b"clear"
    assert Cipher(NEW).open(both.seal(b"clear", "orders/1"), "orders/1") == b"clear"


def test_a_cipher_shows_no_key() -> None:
    assert "nnnn" not in repr(Cipher(NEW))
