"""What people ask of prices: save, approve, drop, send once more (semantics G1)."""

from collections.abc import Mapping, Sequence

from channeld.book.pricing.deciding import Decided, approve_prices, drop_prices, push_prices, push_unsent
from channeld.book.pricing.saving import Saved, save_prices
from channeld.book.pricing.told import Person
from channeld.book.pricing.typed import Wanted, typed_price
from channeld.commands.asking import Asked, check, find_channel, refusal
from channeld.domain.marketplaces import BY_ID
from channeld.errors import InvalidRequest, Problem
from channeld.store.channels import Channel
from channeld.store.unit import Unit

__all__ = ["approve", "drop", "push", "save"]


def save(
    unit: Unit, asked: Asked, channel_name: str, rows: Sequence[Wanted], *, imported: bool
) -> tuple[Channel, list[Saved]]:
    """An answer for each row. Of an import, rows that are refused stop no other.

    Otherwise it is all or nothing: raises `InvalidRequest` with every problem.
    """
    person = _person(unit, asked, channel_name)
    answers = save_prices(unit, person, rows)
    problems = [problem for answer in answers for problem in answer.problems]
    if problems and not imported:
        raise refusal(_each_once(problems), "The price")
    return person.channel, answers


def approve(
    unit: Unit, asked: Asked, channel_name: str, rows: Mapping[str, str]
) -> tuple[Channel, list[Decided]]:
    """Let these very prices pass, by SKU, as they are typed. Raises `InvalidRequest` with every problem."""
    person = _person(unit, asked, channel_name)
    marketplace = BY_ID[person.channel.marketplace_id]
    wanted: dict[str, int] = {}
    problems: list[Problem] = []
    for sku, text in rows.items():
        found = typed_price(text, "", marketplace)
        if isinstance(found, int):
            wanted[sku] = found
        else:
            problems += found
    check(_each_once(problems), "The price")
    return person.channel, approve_prices(unit, person, wanted)


def drop(unit: Unit, asked: Asked, channel_name: str, skus: Sequence[str]) -> tuple[Channel, list[Decided]]:
    """Forget saved prices that wait or are held."""
    person = _person(unit, asked, channel_name)
    return person.channel, drop_prices(unit, person, skus)


def push(
    unit: Unit, asked: Asked, channel_name: str, skus: Sequence[str], after: str
) -> tuple[Channel, list[Decided], str]:
    """Send saved prices once more; without SKUs a page of all that were not sent, and the last SKU of it.

    Raises `InvalidRequest("price_change_off")`.
    """
    person = _person(unit, asked, channel_name)
    if person.channel.settings.get("price_change") != "on":
        raise InvalidRequest(
            "price_change_off",
            f"Price Change of channel {channel_name} is off, so no price is sent.",
            f"`channelctl channel set {channel_name} price_change=on` switches it on.",
        )
    if skus:
        return person.channel, push_prices(unit, person, skus), ""
    answers, last = push_unsent(unit, person, after)
    return person.channel, answers, last or ""


def _person(unit: Unit, asked: Asked, channel_name: str) -> Person:
    return Person(channel=find_channel(unit.connection, channel_name), by=asked.by, now=asked.now)


def _each_once(problems: Sequence[Problem]) -> list[Problem]:
    return list({(each.key, each.message): each for each in problems}.values())
