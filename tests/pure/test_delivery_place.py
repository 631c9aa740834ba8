"""Town, region and country of a delivery, out of what Amazon's JSON shows without the personal fields."""

import msgspec
import pytest

from channeld.amazon.delivery_place import delivery_place


def payload(**address: object) -> bytes:
    return msgspec.json.encode({"orderId": "1", "recipient": {"deliveryAddress": address}})


def test_the_place_has_the_paths_of_personal_fields() -> None:
    shown = delivery_place(
        payload(city="Leeds", stateOrRegion="", countryCode="GB", addressType="RESIDENTIAL")
    )
    assert shown == {
        "recipient.deliveryAddress.city": "Leeds",
        "recipient.deliveryAddress.countryCode": "GB",
    }


@pytest.mark.parametrize(
    "raw",
    [None, b"", b"{}", b'{"recipient": null}', b'{"recipient": []}', payload(city=7, municipality=None)],
)
def test_no_address_no_place(raw: bytes | None) -> None:
    assert delivery_place(raw) == {}
