"""What reports show of listings decides what Amazon is told of their stock (semantics D3–D5, I17)."""

from pathlib import Path

from channeld.domain.stock.relist import Closure
from tests.support.listing_desk import open_desk, report_of, row
from tests.support.offer_desk import SENDING, OfferDesk

OTHERS = [row(each) for each in "ABCD"]


async def test_a_report_changes_what_amazon_is_told(tmp_path: Path) -> None:
    async with open_desk(tmp_path) as desk:
        offers = OfferDesk(desk.shop)
        await desk.shop.set(**SENDING)
        await offers.item("MUG")
        await offers.count("MUG", 10)
        assert await offers.told() is None
        whole = report_of(*OTHERS, row("MUG"))
        await desk.download(whole)
        assert await offers.told() == 10
        await desk.download(report_of(*OTHERS, row("MUG").replace("DEFAULT", "AMAZON_EU")))
        assert await offers.told() is None
        await desk.download(report_of(*OTHERS, row("MUG").replace("Active", "Inactive")))
        assert await offers.told() is None
        assert (await offers.row()).withheld == Closure.SUPPRESSED, "with units: for another reason than zero"
        await desk.download(whole)
        assert await offers.told() == 10
        for told in (10, None):  # missing, and then gone
            await desk.download(report_of(*OTHERS))
            assert await offers.told() == told
        await desk.download(whole)
        assert await offers.told() == 10
