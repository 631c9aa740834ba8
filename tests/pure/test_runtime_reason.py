"""A reason is safe to show: errors of ours explain themselves, others only say what and where."""

import pytest

from channeld.errors import InvalidRequest
from channeld.runtime.actor import Halt
from channeld.runtime.errors import MailboxFull
from channeld.runtime.reason import explains_itself, frames_of, reason_of, unwrap

PERSONAL = "anna@example.com"


def caught(error: Exception) -> Exception:
    with pytest.raises(type(error)) as raised:
        raise error
    return raised.value


def test_a_foreign_error_shows_its_class_and_place_but_not_its_text() -> None:
    reason = reason_of(caught(ValueError(PERSONAL)))
    assert reason.text.startswith("ValueError at pure/test_runtime_reason.py:")
    assert reason.hint
    assert PERSONAL not in repr(reason)
    assert reason_of(ValueError(PERSONAL)).text == "ValueError"


@pytest.mark.parametrize(
    "error", [InvalidRequest("code", "It is so.", "Do that."), MailboxFull("eu/stock", 16)]
)
def test_an_error_of_ours_explains_itself(error: Exception) -> None:
    reason = reason_of(caught(error))
    assert explains_itself(error)
    assert (reason.text, reason.hint) == (error.message, error.hint)


def test_an_error_with_a_code_that_is_not_ours_does_not() -> None:
    assert not explains_itself(SystemExit(1))
    assert not explains_itself(ValueError())


def test_frames_have_places_without_source_text() -> None:
    assert all(PERSONAL not in frame for frame in frames_of(caught(ValueError(PERSONAL))))


def test_of_a_group_the_halt_matters_else_the_first() -> None:
    first, halt = ValueError(), Halt("reason", "hint")
    assert unwrap(first) is first
    assert unwrap(ExceptionGroup("", [first, ExceptionGroup("", [OSError(), halt])])) is halt
    assert unwrap(ExceptionGroup("", [ExceptionGroup("", [first]), OSError()])) is first
