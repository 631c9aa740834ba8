"""The form keeps what was typed, says what the daemon said, and hides nobody's change."""

from collections.abc import Sequence

from channel_protocol.base import Problem
from channel_protocol.channels import SettingChange, SettingRow
from channeltop.form import (
    Field,
    Form,
    changed_by_others,
    discarded,
    fields,
    refreshed,
    refused,
    saved,
    typed,
)


def rows(**values: str) -> tuple[SettingRow, ...]:
    """Settings of a channel whose default is 0 each."""
    return tuple(
        SettingRow(key=key, label=key.title(), value=value, default="0", kind="int", allowed="", meaning="")
        for key, value in values.items()
    )


def field(form: Form, key: str) -> Field:
    return next(each for each in fields(form) if each.setting.key == key)


def form(**values: str) -> Form:
    return Form(settings=rows(**values))


def test_a_field_says_its_default_or_what_it_was() -> None:
    shown = form(tax="0", days="7")
    assert (field(shown, "tax").note, field(shown, "days").note) == ("default", "default: 0")
    edited = typed(shown, "days", "9")
    assert (field(edited, "days").text, field(edited, "days").changed) == ("9", True)
    assert field(edited, "days").note == "was 7"
    assert not field(edited, "tax").changed


def test_an_empty_value_can_be_read() -> None:
    assert field(typed(form(mail=""), "mail", "x"), "mail").note == "was empty"


def test_typing_the_old_value_again_is_no_change() -> None:
    edited = typed(typed(form(tax="0"), "tax", "5"), "tax", "0")
    assert not edited.is_changed


def test_all_problems_stand_at_their_fields_and_the_others_are_told() -> None:
    edited = typed(typed(form(tax="0", days="7"), "tax", "120"), "days", "x")
    shown, others = refused(
        edited,
        [
            Problem(key="tax", message="must be 0 to 100"),
            Problem(key="days", message="must be a number"),
            Problem(key="days", message="and short"),
            Problem(key="channel", message="is not known"),
        ],
    )
    assert field(shown, "tax").below == "must be 0 to 100."
    assert field(shown, "days").below == "must be a number; and short."
    assert field(shown, "tax").tone == "bad"
    assert others == ("channel: is not known",)
    assert shown.typed == {"tax": "120", "days": "x"}


def test_a_problem_is_gone_when_its_field_is_edited_and_the_others_stay() -> None:
    edited = typed(typed(form(tax="0", days="7"), "tax", "120"), "days", "x")
    wrong, _ = refused(edited, [Problem(key="tax", message="a"), Problem(key="days", message="b")])
    mended = typed(wrong, "tax", "20")
    assert (field(mended, "tax").below, field(mended, "days").below) == ("", "b.")


def test_new_problems_replace_the_old_ones() -> None:
    wrong, _ = refused(form(tax="0", days="7"), [Problem(key="tax", message="a")])
    again, _ = refused(wrong, [Problem(key="days", message="b")])
    assert (field(again, "tax").below, field(again, "days").below) == ("", "b.")


def test_somebody_else_s_change_shows_where_nothing_was_typed() -> None:
    now = rows(tax="5", days="7")
    shown = refreshed(form(tax="0", days="7"), now)
    assert field(shown, "tax").text == "5"
    assert not shown.is_changed
    assert not shown.meanwhile


def test_somebody_else_s_change_does_not_take_what_was_typed() -> None:
    edited = typed(form(tax="0", days="7"), "tax", "20")
    shown = refreshed(edited, rows(tax="5", days="7"))
    assert field(shown, "tax").text == "20"
    assert field(shown, "tax").note == "was 5"
    assert "from 0 meanwhile" in field(shown, "tax").below
    assert field(shown, "tax").tone == "warn"
    again = refreshed(shown, rows(tax="6", days="7"))
    assert "from 0 meanwhile" in field(again, "tax").below, "since it was looked at"
    assert refreshed(shown, rows(tax="5", days="7")) == shown
    assert not typed(shown, "tax", "5").meanwhile


def test_what_somebody_else_set_to_the_same_is_no_change_any_more() -> None:
    edited = typed(form(tax="0"), "tax", "20")
    shown = refreshed(edited, rows(tax="20"))
    assert not shown.is_changed
    assert not shown.meanwhile


def test_what_others_changed_is_named() -> None:
    now: Sequence[SettingRow] = rows(tax="5", days="7", new="1")
    assert changed_by_others(form(tax="0", days="7"), now) == (
        SettingChange(key="tax", label="Tax", old="0", new="5"),
    )


def test_after_saving_the_new_values_are_the_daemon_s_and_the_rest_is_still_typed() -> None:
    edited = typed(typed(form(tax="0", days="7", vcs="0"), "tax", "20.0"), "days", "9")
    change = SettingChange(key="tax", label="Tax", old="0", new="20")
    along = SettingChange(key="vcs", label="Vcs", old="0", new="1", implied=True)
    shown = saved(edited, (change, along), {"tax"})
    assert (field(shown, "tax").text, field(shown, "vcs").text, field(shown, "days").text) == ("20", "1", "9")
    assert dict(shown.typed) == {"days": "9"}
    assert not shown.meanwhile


def test_discarding_leaves_what_the_daemon_has() -> None:
    wrong, _ = refused(typed(form(tax="0"), "tax", "x"), [Problem(key="tax", message="no")])
    assert discarded(wrong) == form(tax="0")
