"""Reports that a person should know of: Amazon does not make them."""

from sqlalchemy import Connection

from channeld.domain.report.states import State
from channeld.store import reports
from channeld.store.names import Names

__all__ = ["report_attention"]

_SETTLED = (State.AVAILABLE, State.PROCESSED)


def report_attention(connection: Connection, known: Names) -> tuple[str, ...]:
    """Until it comes after all, another has come in its place, or a day has passed."""
    told: list[str] = []
    for report in reports.stuck(connection):
        again = reports.repeat_of(connection, report.id)
        if again is None or again.state not in _SETTLED:
            asked = f" It was asked for again as report {again.id}." if again else ""
            told.append(f"{known.account(report.account_id)}: {report.reason}{asked} {report.hint}".strip())
    return tuple(told)
