"""What is not verified about Amazon, in one place.

Each value here is an inference or a matter on which sources disagree. When a live account shows otherwise,
this is the file to change.
"""

import re
from datetime import timedelta
from typing import Final

__all__ = [
    "ADOPTION_AFTER",
    "ADOPTION_BEFORE",
    "BREAKDOWN_MISSING_MEANS_ITEM",
    "CARRIER_CODES",
    "DECIMAL_COMMA",
    "DEEMED_RESELLER_SCHEMES",
    "DEFAULT_TOKEN_LIFE",
    "DISCOUNTS_ARE_MAGNITUDES",
    "DOCUMENT_BYTES",
    "FEED_STUCK_AFTER",
    "LISTINGS_FEED_MESSAGES",
    "LISTINGS_FEED_STUCK_AFTER",
    "LISTINGS_ITEM_BURST",
    "NAMES_DEFERRAL",
    "NAMES_RELEASE",
    "OFFER_PRODUCT_TYPE",
    "ORDER_FEED_MESSAGES",
    "ORDER_FEED_PAUSE",
    "PARTIAL_CANCEL_BY_QUANTITY",
    "REPLACING_SPARES_OTHER_MARKETPLACES",
    "SALE_PRICE",
    "SKEW_LIMIT",
    "TOKEN_REFUSALS",
    "TRANSIT_JITTER",
    "UNKNOWN_SKU_ISSUES",
    "is_for_everybody",
    "is_page_token_refused",
    "is_sellers_cost",
]

TRANSIT_JITTER: Final = 0.25
"""Seconds by which two requests may arrive closer together than they left."""

SKEW_LIMIT: Final = 60.0
"""Seconds between our clock and Amazon's `Date` header from which on times cannot be trusted."""

DEFAULT_TOKEN_LIFE: Final = 3600
"""Seconds an access token lives when the answer does not say; every published answer says one hour."""

TOKEN_REFUSALS: Final = (401, 403)
"""A token that expired or was replaced is told by either status; some operations document only 403. After
one refresh the same status means a missing role, a wrong region or a revoked authorization."""

DISCOUNTS_ARE_MAGNITUDES: Final = True
"""Whether DISCOUNT amounts come as `-1.00` or as `1.00` is not written down. Both mean one pound off, so the
sign is dropped."""

BREAKDOWN_MISSING_MEANS_ITEM: Final = True
"""A line with a total and no breakdowns is taken to be the price of the goods alone."""

DEEMED_RESELLER_SCHEMES: Final = frozenset({"IOSS", "UOSS"})
"""Reporting schemes under which Amazon collects and remits the tax of the line."""


def is_page_token_refused(status: int, sent_page_token: bool) -> bool:
    """Whether an answer means that this page token cannot be used any more.

    Amazon's text for it is not stable. The other parameters are those of a page that was answered, so a 400
    to a request with a token is about the token: it is older than 24 hours, or something in the request
    changed.
    """
    return status == 400 and sent_page_token


ORDER_FEED_PAUSE: Final = timedelta(minutes=20)
"""Between two feeds of one type of an account; Amazon recommends it and does not say that it is enforced."""

ORDER_FEED_MESSAGES: Final = 10_000
"""Messages in one order feed. Only the size of the file is written down, and that many stay below it."""

DOCUMENT_BYTES: Final = 10_000_000
"""The most a feed document has. Amazon asks for less than 10 MiB; should 10 MB be meant, it holds too."""

FEED_STUCK_AFTER: Final = timedelta(hours=2)
"""A feed that has not moved for that long counts as stuck: feeds that stood for hours have been reported."""

ADOPTION_BEFORE: Final = timedelta(minutes=2)
ADOPTION_AFTER: Final = timedelta(minutes=5)
"""A feed created from that long before to that long after a submission without an answer may be it. The
clocks may differ, and Amazon may have taken the request up late."""

PARTIAL_CANCEL_BY_QUANTITY: Final = True
"""Whether part of a line can be cancelled by naming a quantity. The schema has it; nobody says that it is
honoured. Without it only whole lines are cancelled, as leaving out the quantity would cancel everything."""

CARRIER_CODES: Final = frozenset(
    """
    4PX, A-1, AAA Cooper, ABF, Aramex, Arrow XL, Asendia, AT POST, Australia Post, BJS, Blue Package,
    Bluedart, BRT, Canada Post, China Post, Chronopost, City Link, Conway, Correos, Couriers Please,
    DB Schenker, Delhivery, Deutsche Post, DHL, DHL eCommerce, DHL Express, DHL Freight, DHL Global Mail,
    DPD, DPD Local,
    DSV, DTDC, Ecom Express, Estafeta, Estes, Evri, Fastway, FedEx, FEDEX_JP, FedEx SmartPost, First Flight,
    Gati, GEL Express, Geodis, GLS, GO!, Heppner, Hermes Logistik Gruppe, Hongkong Post, Hunter Logistics,
    India Post, InPost, Japan Post, JCEX, JP_EXPRESS, Kuehne+Nagel, La Poste, Lasership, Mondial Relay, MRW,
    Nacex, Newgistics, Nexive, Ninjavan, NipponExpress, NITTSU, Old Dominion, OnTrac, OSM, Overnite Express,
    Palletways, Panther, Parcelforce, Parcelnet, Pilot Freight, Poste Italiane, PostNL, PostNord,
    Professional, Purolator, Qxpress, R+L, Raben Group, Rieck, Roadrunner, Royal Mail, RR Donnelley,
    SagawaExpress, Saia, SDA, Sendle, SEUR, SF Express, Singapore Post, Smartmail,
    South Eastern Freight Lines, StarTrack, Streamlite, Swiss post, Target, TIPSA, TNT, Toll Global Express,
    Total Express, Trans-o-Flex, Tuffnells, UK MAIL, UPS, UPS Freight, UPS Mail Innovations, UPSMI,
    Urban Express, USPS, WanbExpress, Watkins, Whistl, XDP, XpressBees, YamatoTransport, Yanwen,
    Yellow Freight, Yodel, Yun Express
    """.replace("\n    ", " ")
    .strip()
    .split(", ")
)
"""Carriers that have a code of their own; all others are told as `Other` with a name. The list is closed in
the schema of the feed, which is older than several of these; whether confirmShipment knows the same ones is
not written down. A code that Amazon refuses is named in its answer."""

DECIMAL_COMMA: Final = frozenset({"BE", "BR", "DE", "ES", "FR", "IT", "NL", "PL", "SE", "TR"})
"""Marketplaces whose people write a comma before the cents. In which form their reports come is not written
down: a point is taken for one too wherever it can be nothing else."""

LISTINGS_ITEM_BURST: Final = 5
"""Tokens of getListingsItem and putListingsItem: their model says 10, their documents say 5."""

LISTINGS_FEED_STUCK_AFTER: Final = timedelta(minutes=30)
"""A listings feed that has not moved for that much longer than such feeds take counts as stuck: what is in it
goes another way by then. Nothing is written down of how long one may take."""

LISTINGS_FEED_MESSAGES: Final = 25_000
"""Messages in one listings feed. The schema of the feed says so; documents also say 10,000."""

UNKNOWN_SKU_ISSUES: Final = frozenset(("13013",))
"""Codes of issues that say that Amazon has no listing with the SKU. There is no list of all codes."""

OFFER_PRODUCT_TYPE: Final = "PRODUCT"
"""The product type of changes that are about the offer alone, whatever the listing's own is. Widely used, and
not written down."""

REPLACING_SPARES_OTHER_MARKETPLACES: Final = True
"""Whether replacing offers in one marketplace leaves those of others alone, so that only its own are sent. A
request names one marketplace; nobody says it of an attribute that has an entry for each. Sending the others
as they were read would undo what was told them meanwhile."""

SALE_PRICE: Final = "discounted_price"
"""The part of an offer that is its sale price. The name comes from definitions of product types."""


def is_for_everybody(audience: str | None) -> bool:
    """Whether an offer of that audience is what all buyers pay. One that names none is taken to be."""
    return audience in (None, "ALL")


NAMES_DEFERRAL: Final = "DEFERRED_TRANSACTION_ID"
"""How the release of money that was held back names the transaction that told of it first. Both may be in the
finances of an order at the same time; that they are the same money is taken from their names."""

NAMES_RELEASE: Final = "RELEASE_TRANSACTION_ID"
"""The other way round: how money that was held back names its release."""

_COSTS = re.compile(r"fee|commission|expense|chargeback", re.IGNORECASE)


def is_sellers_cost(breakdown_type: str) -> bool:
    """Whether a part of a transaction is between Amazon and the seller, so that no buyer sees it.

    The types are an open list without a key. A refund's own amount includes the commission that Amazon gives
    back, which must not be taken for money of the buyer's.
    """
    return bool(_COSTS.search(breakdown_type))
