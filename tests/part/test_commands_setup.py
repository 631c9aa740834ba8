"""What people ask of accounts, channels, locations and mappings: all problems at once, all or nothing."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from channeld.commands.accounts import add_account, change_account, remove_account
from channeld.commands.channels import add_channel, change_channel, remove_channel
from channeld.commands.locations import add_location
from channeld.commands.mappings import forget_mapping, put_mapping
from channeld.errors import InvalidRequest
from channeld.store import accounts, locations, mappings
from channeld.store.accounts import Account, Secrets
from tests.support.book_shop import NEW_ACCOUNT, Shop, open_shop
from tests.support.domain_orders import DAY, NOW, order


def keys(refusal: InvalidRequest) -> dict[str, str | None]:
    """Each problem's key with the nearest known one."""
    found = {problem.key: problem.nearest for problem in refusal.problems}
    assert len(found) == len(refusal.problems), "a key is named twice"
    return found


async def account(shop: Shop, name: str = "eu") -> Account:
    found = await shop.store.read(lambda c: accounts.by_name(c, name))
    assert found is not None
    return found


async def secrets(shop: Shop) -> Secrets | None:
    return await shop.store.read(lambda c: accounts.secrets(c, shop.store.cipher, shop.account_id))


async def test_every_problem_of_a_new_account_is_named_at_once(tmp_path: Path) -> None:
    bad = msgspec.structs.replace(
        NEW_ACCOUNT,
        name="no blanks",
        region="eus",
        seller_id="lower",
        client_id="",
        client_secret="two words CANARY",  # noqa: S106 (to be looked for)
        refresh_token="",
        endpoint="http://elsewhere.example",
        auth_endpoint="https://host.example",
    )
    async with open_shop(tmp_path) as shop:
        refusal = await shop.refused(lambda unit, asked: add_account(unit, asked, bad))
        assert keys(refusal) == dict.fromkeys(
            (
                "account",
                "seller_id",
                "client_id",
                "client_secret",
                "refresh_token",
                "endpoint",
                "auth_endpoint",
            )
        ) | {"region": "eu"}
        assert not [p for p in refusal.problems if "CANARY" in p.message or "elsewhere" in p.message]
        assert [each.name for each in await shop.store.read(accounts.all_accounts)] == ["eu"]


async def test_an_account_keeps_its_secrets_to_itself(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.command(
            lambda u, a: change_account(u, a, "eu", {}, client_secret="CANARY-2", refresh_token="CANARY-3")  # noqa: S106
        )
        assert await shop.texts() == [
            "ann: Account eu added: region eu, seller A1SELLERTEST",
            "ann: Credentials entered anew",
        ]
        assert "CANARY" not in repr(NEW_ACCOUNT) + repr(await account(shop)) + repr(await secrets(shop))
        assert await secrets(shop) == Secrets(client_secret="CANARY-2", refresh_token="CANARY-3")  # noqa: S106
        assert b"CANARY" not in (tmp_path / "channeld.db").read_bytes()


async def test_the_age_of_the_client_secret_is_its_own(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.clock.advance(3600)
        before = await shop.store.read(lambda c: accounts.secrets_marks(c))
        await shop.command(lambda u, a: change_account(u, a, "eu", {}, refresh_token="another"))  # noqa: S106
        assert (await account(shop)).secret_set_at == NOW
        assert await shop.store.read(lambda c: accounts.secrets_marks(c)) != before
        await shop.command(lambda u, a: change_account(u, a, "eu", {}, client_secret="another"))  # noqa: S106
        assert (await account(shop)).secret_set_at == shop.now


async def test_a_change_of_an_account_is_audited_with_old_and_new_value(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        values = {"order_poll_seconds": "60", "endpoint": "", "client_id": NEW_ACCOUNT.client_id}
        await shop.command(lambda u, a: change_account(u, a, "eu", values))
        assert (await shop.texts())[1:] == [
            "ann: order_poll_seconds: 180 → 60",
            "ann: endpoint: https://api.test → empty",
        ]
        changed = await account(shop)
        assert (changed.order_poll_seconds, changed.endpoint) == (60, None)


async def test_a_change_of_an_account_is_all_or_nothing(tmp_path: Path) -> None:
    values = {"order_poll_seconds": "60", "endpiont": "x", "seller_id": "", "auth_endpoint": "ftp://x/y"}
    async with open_shop(tmp_path) as shop:
        refusal = await shop.refused(
            lambda u, a: change_account(u, a, "eu", values, client_secret="new", refresh_token="a b")  # noqa: S106
        )
        assert keys(refusal) == {
            "endpiont": "endpoint",
            "seller_id": None,
            "auth_endpoint": None,
            "refresh_token": None,
        }
        assert (await account(shop)).order_poll_seconds == 180
        kept = await secrets(shop)
        assert kept is not None
        assert kept.client_secret == NEW_ACCOUNT.client_secret


async def test_a_seller_id_belongs_to_the_orders_that_came_with_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.command(lambda u, a: change_account(u, a, "eu", {"seller_id": "A9OTHERSELLER"}))
        await shop.open_channel()
        refusal = await shop.refused(lambda u, a: change_account(u, a, "eu", {"seller_id": "A1SELLERTEST"}))
        assert keys(refusal) == {"seller_id": None}


async def test_an_account_goes_after_its_channels_and_its_name_is_free(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        refusal = await shop.refused(lambda u, a: remove_account(u, a, "eu"))
        assert (refusal.code, "uk" in refusal.message) == ("account_in_use", True)
        await shop.command(lambda u, a: remove_channel(u, a, "uk"))
        await shop.command(lambda u, a: remove_account(u, a, "eu"))
        assert await secrets(shop) is None
        assert (await shop.refused(lambda u, a: remove_account(u, a, "eu"))).code == "unknown_account"
        await shop.command(lambda u, a: add_account(u, a, NEW_ACCOUNT))


async def test_names_are_taken_once_and_unknown_ones_come_with_the_nearest(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel("uk-main")
        taken = await shop.refused(lambda u, a: add_account(u, a, NEW_ACCOUNT))
        assert set(keys(taken)) == {"account", "seller_id"}, (
            "the name, and the seller who is connected already"
        )
        louder = await shop.refused(lambda u, a: add_channel(u, a, "UK-Main", "eu", "DE"))
        assert set(keys(louder)) == {"channel"}, "names that differ in capitals alone look the same"
        again = await shop.refused(lambda u, a: add_channel(u, a, "uk-two", "eu", "GB"))
        assert again.code == "taken", "one marketplace of an account is one channel"
        unknown = await shop.refused(lambda u, a: change_channel(u, a, "uk-mian", {}))
        assert (unknown.code, keys(unknown)) == ("unknown_channel", {"channel": "uk-main"})


@pytest.mark.parametrize(
    ("name", "marketplace", "problems"),
    [
        ("no blanks", "GBR", {"channel": None, "marketplace": "GB"}),
        ("us", "US", {"marketplace": None}),
    ],
)
async def test_every_problem_of_a_new_channel_is_named_at_once(
    name: str, marketplace: str, problems: dict[str, str | None], tmp_path: Path
) -> None:
    async with open_shop(tmp_path) as shop:
        refusal = await shop.refused(lambda u, a: add_channel(u, a, name, "eu", marketplace))
        assert keys(refusal) == problems


async def test_a_new_channel_is_off_and_reads_nothing(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.command(lambda u, a: add_channel(u, a, "uk", "eu", "gb"))
        assert (uk.enabled, uk.order_cursor, uk.first_enabled_at) == (False, None, None)


async def test_the_first_enable_sets_the_cursor_to_the_look_back_and_later_ones_leave_it(
    tmp_path: Path,
) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(order_look_back_days="3")
        assert (uk.enabled, uk.order_cursor, uk.first_enabled_at) == (True, NOW - 3 * DAY, NOW)
        await shop.clock.advance(3600)
        await shop.set(enabled="off")
        again = await shop.set(enabled="on", order_look_back_days="9")
        assert (again.channel.order_cursor, again.channel.first_enabled_at) == (NOW - 3 * DAY, NOW)


async def test_enabling_after_more_than_a_day_warns(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel(order_look_back_days="0")
        await shop.set(enabled="off")
        shop.clock.jump(timedelta(hours=23).total_seconds())
        assert (await shop.set(enabled="on")).warnings == ()
        await shop.set(enabled="off")
        shop.clock.jump(timedelta(days=2).total_seconds())
        (warning,) = (await shop.set(enabled="on")).warnings
        assert "3.0 days" in warning


async def test_a_change_of_a_channel_is_all_or_nothing_and_audited(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        bad = {"tax_rate": "101", "tax_raet": "1", "order_location": "Nowhere", "order_look_back_days": "3"}
        refusal = await shop.refused(lambda u, a: change_channel(u, a, "uk", bad))
        assert keys(refusal) == {"tax_rate": None, "tax_raet": "tax_rate", "order_location": None}
        change = await shop.set(tax_rate="20", fba_enabled="off")
        assert change.changed == ("tax_rate",)
        assert (await shop.texts())[-1] == "ann: tax_rate: 0 → 20"
        assert (await shop.set(tax_rate="20.0")).changed == ()


async def test_vcs_takes_channel_tax_along(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        on = await shop.set(vcs_enabled="on")
        assert set(on.changed) == {"vcs_enabled", "use_channel_tax"}
        off = await shop.set(vcs_enabled="off")
        assert set(off.changed) == {"vcs_enabled", "use_channel_tax"}
        assert off.channel.settings == {"enabled": "on"}
        apart = await shop.set(vcs_enabled="on", use_channel_tax="off")
        assert apart.changed == ("vcs_enabled",)


async def test_vcs_is_refused_where_there_is_none_and_channel_tax_without_it(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel("tr", "TR")
        refusal = await shop.refused(lambda u, a: change_channel(u, a, "tr", {"vcs_enabled": "on"}))
        assert keys(refusal) == {"vcs_enabled": None}
        refusal = await shop.refused(lambda u, a: change_channel(u, a, "tr", {"use_channel_tax": "on"}))
        assert keys(refusal) == {"use_channel_tax": None}


async def test_an_fba_location_is_made_once(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(fba_enabled="on")
        made = await shop.store.read(lambda c: locations.fba_of(c, uk.id))
        assert made is not None
        assert (made.name, made.kind) == ("FBA UK", "fba")
        await shop.set(fba_enabled="off")
        await shop.set(fba_enabled="on")
        assert await shop.store.read(lambda c: locations.fba_of(c, uk.id)) == made
        refusal = await shop.refused(lambda u, a: change_channel(u, a, "uk", {"order_location": "FBA UK"}))
        assert keys(refusal) == {"order_location": None}


async def test_an_fba_location_finds_a_free_name(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        for name in ("FBA UK", "FBA UK eu"):
            await shop.command(lambda u, a, name=name: add_location(u, a, name))
        uk = await shop.open_channel(fba_enabled="on")
        made = await shop.store.read(lambda c: locations.fba_of(c, uk.id))
        assert made is not None
        assert made.name not in ("FBA UK", "FBA UK eu")


async def test_a_removed_channel_leaves_its_orders_and_its_name(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        await shop.apply(order())
        await shop.command(lambda u, a: remove_channel(u, a, "uk"))
        removed = await shop.channel(uk.id)
        assert (removed.enabled, removed.removed_at) == (False, NOW)
        assert (await shop.order()).channel_id == uk.id
        assert (await shop.texts())[-1] == "ann: Channel uk removed; its orders and history stay"
        other = await shop.open_channel("uk", "DE")
        assert other.id != uk.id, "the name is free again"


async def test_a_channel_that_comes_back_has_its_orders_and_goes_on_where_it_was(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel(tax_rate="20")
        await shop.apply(order())
        await shop.command(lambda u, a: remove_channel(u, a, "uk"))
        again = await shop.command(lambda u, a: add_channel(u, a, "britain", "eu", "GB"))
        assert (again.id, again.settings, again.enabled) == (uk.id, {}, False)
        assert (again.order_cursor, again.removed_at) == (uk.order_cursor, None)
        await shop.command(lambda u, a: change_channel(u, a, "britain", {"enabled": "on"}))
        assert await shop.apply(order()) == ["unchanged"], "no order is booked a second time"


async def test_locations_have_one_name_each(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.command(lambda u, a: add_location(u, a, " Hall 2 "))
        assert set(keys(await shop.refused(lambda u, a: add_location(u, a, "hall 2")))) == {"location"}
        assert keys(await shop.refused(lambda u, a: add_location(u, a, "  "))) == {"location": None}
        assert (await shop.texts())[-1] == "ann: Location Hall 2 added"


async def test_mappings_are_set_and_forgotten_however_the_word_is_typed(tmp_path: Path) -> None:
    async with open_shop(tmp_path) as shop:
        uk = await shop.open_channel()
        _, word = await shop.command(
            lambda u, a: put_mapping(u, a, "payment", "uk", " gift + CreditCard", " Card ")
        )
        assert word == "CREDITCARD+GIFT"
        kept = await shop.store.read(lambda c: mappings.of_channel(c, "payment", uk.id))
        assert kept == {"CREDITCARD+GIFT": "Card"}
        assert (await shop.texts())[-1] == "ann: Payment mapping: CREDITCARD+GIFT → Card"
        await shop.command(lambda u, a: forget_mapping(u, a, "payment", "uk", "creditcard+GIFT"))
        assert await shop.store.read(lambda c: mappings.of_channel(c, "payment", uk.id)) == {}
        unknown = await shop.refused(lambda u, a: forget_mapping(u, a, "payment", "uk", "GIFT"))
        assert unknown.code == "unknown_mapping"


@pytest.mark.parametrize(
    ("kind", "tag", "target", "problems"),
    [
        ("shiping", "X", "Y", {"kind": "shipping"}),
        ("payment", "", "", {"tag": None, "target": None}),
        ("payment", "+", "Card", {"tag": None}),
    ],
)
async def test_problems_of_a_mapping(
    kind: str, tag: str, target: str, problems: dict[str, str | None], tmp_path: Path
) -> None:
    async with open_shop(tmp_path) as shop:
        await shop.open_channel()
        refusal = await shop.refused(lambda u, a: put_mapping(u, a, kind, "uk", tag, target))
        assert keys(refusal) == problems
