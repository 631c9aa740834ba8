"""Values as people read them: local times with their zone, money with its currency, yes and no."""

from datetime import datetime

__all__ = ["amount", "escaped", "moment", "money", "plain", "span", "word"]

WITHOUT_DECIMALS = frozenset(
    (
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    )
)
WITH_THREE = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""ISO 4217, where money goes; every other currency has two decimals."""
CONTROLS = dict.fromkeys((*range(10), *range(11, 32), *range(127, 160)), "\N{REPLACEMENT CHARACTER}")


def plain(text: str) -> str:
    """Without control characters other than the newline: a buyer's words must not steer a terminal."""
    return text.translate(CONTROLS)


def escaped(text: str) -> str:
    """In one line, with `\\n` for a newline: a name out of a file must not look like a line of ours."""
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def moment(at: datetime | None, missing: str = "") -> str:
    """Local time to the second, with the name of its zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z") if at else missing


def span(seconds: float) -> str:
    """A length of time: `42 s`, `7 min`, `3 h 05 min`."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = whole // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def amount(minor: int | None, currency: str) -> str:
    """`1234` in EUR is `12.34`, in JPY `1234`; unknown is empty."""
    if minor is None:
        return ""
    from decimal import Decimal  # here, as few commands show money

    digits = 0 if currency in WITHOUT_DECIMALS else 3 if currency in WITH_THREE else 2
    return f"{Decimal(minor).scaleb(-digits):f}"


def money(minor: int | None, currency: str) -> str:
    """`1234` in EUR is `12.34 EUR`, in JPY `1234 JPY`; unknown is `?`."""
    return "?" if minor is None else f"{amount(minor, currency)} {currency}"


def word(value: object) -> str:
    """Any value of a row, in a table."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return moment(value)
        case _:
            return plain(str(value))
