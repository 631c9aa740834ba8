"""What the unique keys refuse, said in words."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

from channeld.errors import ChanneldError, InvalidRequest

__all__ = ["changed_meanwhile", "taken"]


@contextmanager
def taken(message: str, hint: str = "Choose another name.") -> Generator[None]:
    """Turn a violated unique key inside the block into `InvalidRequest("taken")`."""
    try:
        yield
    except IntegrityError as error:
        if "UNIQUE" not in str(error.orig):
            raise
        raise InvalidRequest("taken", message, hint) from None


def changed_meanwhile(what: str) -> ChanneldError:
    """The row is not the one that was read."""
    return ChanneldError(
        "changed_meanwhile",
        f"{what} was changed by someone else in the meantime.",
        "Look again, then repeat.",
    )
