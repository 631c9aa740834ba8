"""`channelctl item` and what `channelctl listing` does with items: requests, answers, files of any size."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from channel_protocol.base import Problem, Refused, Request
from channel_protocol.items import (
    Component,
    ItemAnswer,
    ItemFields,
    ItemList,
    ItemRow,
    ItemsSaved,
    ListItems,
    SaveItems,
)
from channel_protocol.listings import (
    ExtractListings,
    LinkAnswer,
    LinkListings,
    LinkWanted,
    ListingList,
    ListingRow,
    ListingsExtracted,
    ListingsLinked,
    ListListings,
)
from tests.support.ctl import Ctl
from tests.support.fake_daemon import HANG_UP, FakeDaemon, Line

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ITEM = ItemRow(
    sku="MUG",
    title="A mug",
    barcodes=("4006381333931",),
    properties={"Size": "L"},
    components=(),
    listings=2,
    created_at=NOON,
    changed_at=NOON,
)
LISTING = ListingRow(
    channel="uk",
    sku="MUG",
    asin="B1",
    title="=A mug",
    price=1250,
    currency="GBP",
    quantity=None,
    status="active",
    condition="11",
    fulfilled_by="MERCHANT",
    presence="listed",
    item="",
    link="unlinked",
    suggestion="mug",
    seen_at=NOON,
)


def saved(request: Request) -> Iterable[Line]:
    assert isinstance(request, SaveItems)
    yield ItemsSaved(answers=tuple(ItemAnswer(sku=row.sku, outcome="created") for row in request.rows))


def linked(request: Request) -> Iterable[Line]:
    assert isinstance(request, LinkListings)
    answers = [LinkAnswer(outcome="linked" if row.item else "unlinked", orders=1) for row in request.rows]
    yield ListingsLinked(answers=tuple(answers))


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_an_item_is_added_and_changed(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.script(SaveItems, saved)
    words = [
        *("--title", "A", "--barcode", "X", "--barcode", "Y"),
        *("--property", "Size=L", "--component", "CUP=2"),
    ]
    assert ctl("item", "add", "SET", *words).exit_code == 0
    assert ctl("item", "set", "SET", "--property", "Size=", "--no-barcodes").exit_code == 0
    add, change = daemon.requests
    assert isinstance(add, SaveItems)
    assert isinstance(change, SaveItems)
    assert (add.mode, change.mode) == ("add", "set")
    assert add.rows == (
        ItemFields(
            sku="SET",
            title="A",
            barcodes=("X", "Y"),
            properties={"Size": "L"},
            components=(Component(sku="CUP", quantity=2),),
        ),
    )
    assert change.rows == (ItemFields(sku="SET", barcodes=(), properties={"Size": ""}),)


def test_an_item_that_is_wrong_is_refused_with_every_problem(daemon: FakeDaemon, ctl: Ctl) -> None:
    problems = (
        Problem(key="title", message="is bad"),
        Problem(key="sku", message="is no item", nearest="MUG"),
    )
    daemon.on(SaveItems, ItemsSaved(answers=(ItemAnswer(sku="x", outcome="refused", problems=problems),)))
    result = ctl("item", "set", "x", "--title", "y")
    assert result.exit_code == 1
    assert "title: is bad" in result.stderr
    assert "sku: is no item (did you mean MUG?)" in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("set", "A"),
        ("set", "A", "--barcode", "X", "--no-barcodes"),
        ("add", "A", "--component", "CUP"),
        ("add", "A", "--property", "Size"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_asked(
    daemon: FakeDaemon, ctl: Ctl, words: tuple[str, ...]
) -> None:
    assert ctl("item", *words).exit_code == 2
    assert daemon.requests == []


def test_a_file_goes_some_hundred_rows_at_a_time_and_every_row_is_answered(
    daemon: FakeDaemon, ctl: Ctl
) -> None:
    daemon.script(SaveItems, saved)
    text = "sku,title\n" + "".join(f"A{number},x\n" for number in range(1234)) + ",no sku\n"
    result = ctl("item", "import", "-", "--json", typed=text)
    assert result.exit_code == 1
    answers = rows(result.stdout)
    assert [answer["row"] for answer in answers] == list(range(2, 1237))
    assert [answer["outcome"] for answer in answers] == ["created"] * 1234 + ["refused"]
    sizes = [len(each.rows) for each in daemon.requests if isinstance(each, SaveItems)]
    assert sizes == [500, 500, 234]
    assert len({each.command_id for each in daemon.requests if isinstance(each, SaveItems)}) == 3


def test_long_rows_go_fewer_at_a_time(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.script(SaveItems, saved)
    text = "sku,property:Text\n" + "".join(f"A{number},{'x' * 9000}\n" for number in range(200))
    assert ctl("item", "import", "-", typed=text).exit_code == 0
    sizes = [len(each.rows) for each in daemon.requests if isinstance(each, SaveItems)]
    assert len(sizes) > 1
    assert sum(sizes) == 200


def test_lines_of_json_are_known_by_their_look(daemon: FakeDaemon, ctl: Ctl, tmp_path: Path) -> None:
    daemon.script(SaveItems, saved)
    (tmp_path / "items").write_text('{"sku": "A", "properties": {"Size": "L"}}\n')
    assert ctl("item", "import", str(tmp_path / "items")).exit_code == 0
    (request,) = daemon.requests
    assert isinstance(request, SaveItems)
    assert request.rows == (ItemFields(sku="A", properties={"Size": "L"}),)


def test_when_the_daemon_goes_the_rest_is_answered_too(daemon: FakeDaemon, ctl: Ctl) -> None:
    first = iter([True])

    def once(request: Request) -> Iterable[Line]:
        return saved(request) if next(first, False) else (HANG_UP,)

    daemon.script(SaveItems, once)
    text = "sku\n" + "".join(f"A{number}\n" for number in range(1100))
    result = ctl("item", "import", "-", "--json", typed=text)
    assert result.exit_code == 1
    outcomes = [answer["outcome"] for answer in rows(result.stdout)]
    assert outcomes == ["created"] * 500 + ["unknown"] * 500 + ["not tried"] * 100
    assert "Load the file again" in rows(result.stdout)[-1]["hint"]


def test_what_is_refused_as_a_whole_is_the_answer_of_its_rows(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.on(SaveItems, Refused(code="not_permitted", message="You may look.", hint="Ask another."))
    (answer,) = rows(ctl("item", "import", "-", "--json", typed="sku\nA\n").stdout)
    assert (answer["outcome"], answer["code"], answer["hint"]) == ("refused", "not_permitted", "Ask another.")


def test_people_are_not_shown_the_rows_that_were_so_already(daemon: FakeDaemon, ctl: Ctl) -> None:
    answers = (ItemAnswer(sku="A", outcome="unchanged"), ItemAnswer(sku="B", outcome="changed", linked=3))
    daemon.on(SaveItems, ItemsSaved(answers=answers))
    shown = ctl("item", "import", "-", typed="sku\nA\nB\n").stdout
    assert "2 rows: 1 unchanged, 1 changed." in shown
    assert [line.split()[1] for line in shown.splitlines()[2:3]] == ["B"]
    assert "nothing to do" in ctl("item", "import", "-", typed="sku\n").stdout


def pages(request: Request) -> Iterable[Line]:
    """Three items, one a page."""
    assert isinstance(request, ListItems)
    left = [sku for sku in ("A", "B", "C") if sku > request.after]
    yield ItemList(rows=(replace(ITEM, sku=left[0]),), more=len(left) > 1)


def test_a_list_and_an_export_go_page_by_page(daemon: FakeDaemon, ctl: Ctl, tmp_path: Path) -> None:
    daemon.script(ListItems, pages)
    assert [row["sku"] for row in ctl.json("item", "list")] == ["A", "B", "C"]
    assert [row["sku"] for row in ctl.json("item", "list", "--limit", "2")] == ["A", "B"]
    file = tmp_path / "items.csv"
    assert "3 items written" in ctl("item", "export", str(file)).stdout
    lines = file.read_text().splitlines()
    assert lines[0] == "sku,title,barcodes,components,property:Size"
    assert lines[1:] == [f"{sku},A mug,4006381333931,,L" for sku in "ABC"]
    assert [row["sku"] for row in rows(ctl("item", "export", "-", "--json").stdout)] == ["A", "B", "C"]
    assert ctl.json("item", "export", str(tmp_path / "items.jsonl")) == {
        "items": 3,
        "output": str(tmp_path / "items.jsonl"),
    }
    assert len(rows((tmp_path / "items.jsonl").read_text())) == 3


def test_listings_are_linked_by_hand_and_by_file(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.script(LinkListings, linked)
    assert "1 line of an open order" in ctl("listing", "link", "uk", "MUG", "mug-1").stdout
    assert ctl("listing", "unlink", "uk", "MUG").exit_code == 0
    assert "Listing MUG is left alone." in ctl("listing", "link", "uk", "MUG", "-").stdout
    text = "item;sku;channel\nmug-1;MUG;uk\n;POT;uk\nx;;uk\nmug-2;MUG;uk\n"
    result = ctl("listing", "link", "--from", "-", "--json", typed=text)
    assert result.exit_code == 1
    assert [(row["row"], row["outcome"]) for row in rows(result.stdout)] == [
        (2, "linked"),
        (3, "unlinked"),
        (4, "refused"),
        (5, "refused"),
    ]
    wanted = [each.rows for each in daemon.requests if isinstance(each, LinkListings)]
    assert wanted == [
        (LinkWanted(channel="uk", sku="MUG", item="mug-1"),),
        (LinkWanted(channel="uk", sku="MUG", item=""),),
        (LinkWanted(channel="uk", sku="MUG", item="-"),),
        (
            LinkWanted(channel="uk", sku="MUG", item="mug-1"),
            LinkWanted(channel="uk", sku="POT", item=""),
        ),
    ]
    assert ctl("listing", "link", "uk", "MUG").exit_code == 2
    assert ctl("listing", "link", "uk", "--from", "-").exit_code == 2


def test_extracting_goes_on_until_the_last_page(daemon: FakeDaemon, ctl: Ctl) -> None:
    skipped = (Problem(key="POT", message="was unlinked by a person"),)
    answers = {
        "": ListingsExtracted(created=500, linked=0, skipped=(), after="MUG"),
        "MUG": ListingsExtracted(created=20, linked=3, skipped=skipped, after=""),
    }

    def page(request: Request) -> Iterable[Line]:
        assert isinstance(request, ExtractListings)
        yield answers[request.after]

    daemon.script(ExtractListings, page)
    assert ctl.json("listing", "extract", "uk") == {
        "created": 520,
        "linked": 3,
        "skipped": [{"sku": "POT", "reason": "was unlinked by a person"}],
    }
    shown = ctl("listing", "extract", "uk")
    assert (shown.exit_code, "520 items were made, 3 linked" in shown.stdout) == (0, True)
    assert ctl("listing", "extract", "uk", "--sku", "POT").exit_code == 1, "what was named is not done"
    named = daemon.requests[-1]
    assert isinstance(named, ExtractListings)


def test_extracting_that_is_cut_off_says_how_far_it_was(daemon: FakeDaemon, ctl: Ctl) -> None:
    def page(request: Request) -> Iterable[Line]:
        assert isinstance(request, ExtractListings)
        first = ListingsExtracted(created=500, linked=0, skipped=(), after="MUG")
        return (HANG_UP,) if request.after else (first,)

    daemon.script(ExtractListings, page)
    result = ctl("listing", "extract", "uk")
    assert result.exit_code == 3
    assert "500 items were made" in result.stderr
    assert "Repeat it" in result.stderr


def test_an_export_that_was_filled_in_is_taken_with_all_its_columns(daemon: FakeDaemon, ctl: Ctl) -> None:
    daemon.script(ListListings, lambda _: (ListingList(rows=(LISTING,), more=False),))
    exported = ctl("listing", "export", "uk", "-").stdout
    daemon.script(LinkListings, linked)
    result = ctl("listing", "link", "--from", "-", typed=exported.replace("uk,MUG,,", "uk,MUG,mug-1,"))
    assert result.exit_code == 0
    last = daemon.requests[-1]
    assert isinstance(last, LinkListings)
    assert last.rows == (LinkWanted(channel="uk", sku="MUG", item="mug-1"),)
    mistyped = ctl("listing", "link", "--from", "-", typed="channel,sku,item,tilte\nuk,MUG,,\n")
    assert (mistyped.exit_code, "tilte" in mistyped.stderr) == (1, True)


def test_listings_are_exported_with_decimals_and_harmless_cells(daemon: FakeDaemon, ctl: Ctl) -> None:
    def page(request: Request) -> Iterable[Line]:
        assert isinstance(request, ListListings)
        yield ListingList(rows=(LISTING,), more=not request.after)

    daemon.script(ListListings, page)
    head, first, second = ctl("listing", "export", "uk", "-").stdout.splitlines()
    assert head.startswith("channel,sku,item,link,suggestion,asin,title,price,currency,quantity")
    assert (
        first
        == second
        == ("uk,MUG,,unlinked,mug,B1,'=A mug,12.50,GBP,,active,11,MERCHANT,listed,2026-03-01T12:00:00Z")
    )
    last = daemon.requests[-1]
    assert isinstance(last, ListListings)
    assert (last.channel, last.after) == ("uk", "uk/MUG")
    line = rows(ctl("listing", "export", "uk", "-", "--format", "jsonl").stdout)[0]
    assert (line["title"], line["price"], line["quantity"]) == ("=A mug", "12.50", None)
