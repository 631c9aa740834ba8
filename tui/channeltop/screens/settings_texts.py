"""The texts of the settings page and of its questions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual.content import Content

from channel_protocol.accounts import CheckLine, Tested
from channel_protocol.channels import ChannelChanged, ChannelPreviewed, ChannelRow, SettingChange, SettingRow
from channeltop.format import NOTHING, instant
from channeltop.tone import Tone
from channeltop.widgets.tones import joined, toned

__all__ = [
    "NO_CHANNEL",
    "by_others",
    "checks",
    "described",
    "done",
    "facts",
    "how",
    "preview",
]

NO_CHANNEL = """No channel yet. Add an account and a channel:
  channelctl account add NAME --region eu
  channelctl channel add NAME --account ACCOUNT --marketplace UK"""
VERDICTS: dict[str, tuple[str, Tone]] = {
    "ok": ("✓", "good"),
    "warning": ("▲", "warn"),
    "failed": ("■", "bad"),
    "unknown": ("?", "muted"),
}


def facts(row: ChannelRow, inventory_sync_date: datetime | None) -> Content:
    """Which channel, and what of it can only be read; the date as the topic of stock has it."""
    enabled = toned("enabled", "good") if row.enabled else toned("disabled", "muted")
    first = (
        toned(row.channel, "strong"),
        Content(f"{row.account} · {row.marketplace} · {row.currency}"),
        enabled,
    )
    rest = (
        _fact("Inventory sync date", _date(inventory_sync_date)),
        _fact("Fulfilment location", row.fulfilment_location or NOTHING),
    )
    synced = _fact("Order sync date", _date(row.order_sync_date))
    return Content("\n").join((joined(first), synced, joined(rest)))


def described(row: SettingRow, places: Iterable[str]) -> Content:
    """What a setting means and what it can be; `places` are what locations can be."""
    first = (
        toned(row.label, "strong"),
        toned(row.key, "muted"),
        toned(f"default: {_shown(row.default)}", "muted"),
    )
    known = f"known: {', '.join(places)}" if row.kind == "locations" else ""
    can_be = joined((toned(row.allowed, "accent"), toned(known, "muted")))
    return Content("\n").join((joined(first), Content(row.meaning), can_be))


def how() -> Content:
    """What to do while no setting has the keyboard."""
    return Content("\n").join(
        (
            Content("Tab goes to the settings, ↑ ↓ from one to the next, Escape back to the list."),
            Content("What you type stays until it is saved, or discarded with Escape here."),
            Content("Before anything is saved, you see what it does."),
        )
    )


def preview(seen: ChannelPreviewed, stale: Iterable[str]) -> Content:
    """What is going to change and what that does. `stale`: keys whose value was another when looked at."""
    others = set(stale)
    lines = [_change(change, stale=change.key in others) for change in seen.changes]
    if seen.consequences:
        lines += [Content(), toned("What this does", "strong")]
        lines += [
            toned("▲ ", "warn") + toned(each.text, "warn") if each.warning else Content(f"· {each.text}")
            for each in seen.consequences
        ]
    return Content("\n").join(lines)


def done(changed: ChannelChanged, seen: ChannelPreviewed) -> str:
    """What was changed, as a sentence."""
    made = [change for change in seen.changes if change.key in changed.changed]
    return "\n".join((f"{seen.channel} is saved: {_changes(made)}.", *changed.warnings))


def by_others(channel: str, changes: Sequence[SettingChange]) -> str:
    """What somebody else changed, as a sentence."""
    return f"{channel} was changed meanwhile: {_changes(changes)}. The audit trail says by whom."


def checks(tested: Tested) -> Content:
    """The steps of a test with verdict, result and hint."""
    lines = [line for check in tested.lines for line in _check(check)]
    verdict = toned("No step failed.", "good") if tested.ok else toned("A step failed.", "bad")
    return Content("\n").join((*lines, Content(), verdict))


def _check(line: CheckLine) -> list[Content]:
    sign, tone = VERDICTS.get(line.verdict, ("?", "muted"))
    head = toned(f"{sign} {line.step} {line.name}", tone) + toned(f"  {line.verdict}", "muted")
    hint = [toned(f"    → {line.hint}", "accent")] if line.hint else []
    return [head, Content(f"    {line.message}"), *hint]


def _change(change: SettingChange, *, stale: bool) -> Content:
    line = toned(change.label, "strong") + f"  {_shown(change.old)} → " + toned(_shown(change.new), "accent")
    if change.implied:
        line += toned("  comes along", "muted")
    return line + toned("  changed by somebody else since you looked", "warn") if stale else line


def _changes(changes: Iterable[SettingChange]) -> str:
    return ", ".join(f"{each.label} {_shown(each.old)} → {_shown(each.new)}" for each in changes)


def _fact(name: str, text: str) -> Content:
    return toned(f"{name} ", "muted") + text


def _date(at: datetime | None) -> str:
    return instant(at, "never")


def _shown(value: str) -> str:
    return value or "empty"
