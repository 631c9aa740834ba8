"""What Amazon showed of an order is kept small, and comes back byte for byte."""

import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channeld.store.packing import pack, unpack
from tests.support.amazon_orders import item, order, part, raw

CLEAR = b'{"orderId":"203-1111111-2222222","fulfillment":{"fulfillmentStatus":"UNSHIPPED"}}'
PACKED = bytes.fromhex("58660871805443ae498d0c8c750d2140d70802803a492aea6b6b01c65a1904")
"""As the first release stores it: with other words, no book that is out there could be read."""


@given(st.binary(max_size=500))
def test_any_bytes_come_back(clear: bytes) -> None:
    assert unpack(pack(clear)) == clear


def test_what_was_packed_without_the_words_can_still_be_read() -> None:
    assert unpack(zlib.compress(CLEAR)) == CLEAR


def test_an_order_takes_half_of_what_it_takes_without_the_words() -> None:
    taxed = part("TAX", "2.00", ITEM="2.00")
    shown = msgspec.json.encode(
        msgspec.json.decode(raw(order(item(1, 1, "12.00", part("ITEM", "12.00"), taxed))))
    )
    assert len(pack(shown)) < len(zlib.compress(shown)) / 2


def test_bytes_that_were_cut_off_are_an_error_and_no_shorter_order() -> None:
    with pytest.raises(zlib.error):
        unpack(pack(CLEAR)[:-3])


def test_a_payload_of_a_book_that_is_out_there_can_be_read() -> None:
    assert unpack(PACKED) == CLEAR
