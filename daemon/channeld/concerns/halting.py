"""When only a person can help: Amazon's refusals as halts with reason and hint."""

from channeld.amazon.errors import AccessDenied, CredentialsRefused
from channeld.errors import ChanneldError
from channeld.runtime.actor import Halt

__all__ = ["halt_for"]


def halt_for(error: ChanneldError) -> Halt | None:
    """The halt that an error asks for; None when trying again is right.

    Refused credentials halt the whole account, once (semantics A1); a missing role halts what needs it.
    """
    if isinstance(error, CredentialsRefused) or error.code == "secrets_missing":
        return Halt(error.message, error.hint, whole_group=True)
    if isinstance(error, AccessDenied):
        return Halt(error.message, error.hint)
    return None
