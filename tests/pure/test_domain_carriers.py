"""From one's own services to Amazon's carriers (semantics I15)."""

import pytest

from channeld.domain.carriers import Carrier, parse_carrier, resolve
from channeld.errors import Problem

CODES = ("Royal Mail", "DPD", "UPS", "Old Dominion/OD", "Other")


def carrier(code: str, method: str = "", *, name: str = "") -> Carrier:
    return Carrier(code=code, name=name, method=method)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Royal Mail / Tracked 24", carrier("Royal Mail", "Tracked 24")),
        ("royal mail", carrier("Royal Mail")),
        ("ROYALMAIL/Tracked 24", carrier("Royal Mail", "Tracked 24")),
        (" dpd /  Next Day / Saturday ", carrier("DPD", "Next Day / Saturday")),
        ("Old Dominion/OD", carrier("Old Dominion/OD")),
        ("old dominion/od / LTL", carrier("Old Dominion/OD", "LTL")),
        ("My Courier", carrier("Other", name="My Courier")),
        ("Other: My Courier / Van", carrier("Other", "Van", name="My Courier")),
        ("other:DPD", carrier("Other", name="DPD")),
        ("UPS /", carrier("UPS")),
    ],
)
def test_a_target_as_it_is_typed(typed: str, meant: Carrier) -> None:
    assert parse_carrier(typed, CODES) == meant


@pytest.mark.parametrize("typed", ["", " / Tracked", "Other", "other: / Van", "x" * 101, "UPS / \t\x07"])
def test_a_target_that_names_no_carrier_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"must be"):
        parse_carrier(typed, CODES)


MAPPED = {"TRACKED 24": "Royal Mail / Tracked 24", "VAN": "My Courier"}


def test_the_mapping_decides_when_no_carrier_is_named() -> None:
    assert resolve(None, " tracked 24", MAPPED, CODES, channel="uk") == carrier("Royal Mail", "Tracked 24")
    assert resolve(None, "van", MAPPED, CODES, channel="uk") == carrier("Other", name="My Courier")


def test_a_carrier_that_is_named_takes_the_service_for_its_method() -> None:
    assert resolve("ups", "Express", MAPPED, CODES, channel="uk") == carrier("UPS", "Express")
    assert resolve("Zed", " ", {}, CODES, channel="uk") == carrier("Other", name="Zed")
    assert resolve("UPS / Ground", "x", {}, CODES, channel="uk") == carrier("UPS", "Ground")
    assert resolve("Other: DPD", "Van", {}, CODES, channel="uk") == carrier("Other", "Van", name="DPD")


def problem(*asked: str | None, mapped: dict[str, str] = MAPPED) -> Problem:
    found = resolve(asked[0], asked[1] or "", mapped, CODES, channel="my uk")
    assert isinstance(found, Problem)
    return found


def test_a_service_that_is_not_mapped_is_a_question_with_its_answer() -> None:
    found = problem(None, "Tracked 48")
    assert found.key == "service"
    assert "TRACKED 24, VAN" in found.message
    assert "channelctl mapping despatch set 'my uk' 'Tracked 48' \"CARRIER / METHOD\"" in found.message
    assert found.nearest == "TRACKED 24"
    assert "no service is mapped yet" in problem(None, "Tracked 48", mapped={}).message


@pytest.mark.parametrize(
    ("asked", "key"), [((None, " "), "carrier"), (("", "x"), "carrier"), (("Other", "x"), "carrier")]
)
def test_without_a_carrier_or_a_service_one_is_asked_for(asked: tuple[str | None, str], key: str) -> None:
    assert problem(*asked).key == key
