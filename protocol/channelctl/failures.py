"""What a person or a script reads when something did not work. All of it goes to standard error."""

import os
import sys
from contextlib import suppress

import click
import msgspec

from channel_protocol.errors import ClientError, DaemonLost, DaemonUnreachable
from channelctl.words import escaped, plain

__all__ = ["exit_code", "report"]

REFUSED, USAGE, NO_DAEMON, INTERRUPTED = 1, 2, 3, 130


def exit_code(error: Exception) -> int:
    """1 refused or failed, 2 wrong usage, 3 no daemon, 130 interrupted."""
    match error:
        case DaemonUnreachable() | DaemonLost():
            return NO_DAEMON
        case click.Abort():
            return INTERRUPTED
        case click.ClickException():
            return error.exit_code
        case _:
            return REFUSED


def report(error: Exception, *, as_json: bool) -> None:
    """What happened, a hint, and every problem on its own line; with `as_json` one JSON object.

    Raises what is no failure but a defect.
    """
    match error:
        case click.Abort():
            return
        case ClientError():
            known = error
        case click.exceptions.NoArgsIsHelpError():
            error.show()
            return
        case click.UsageError():
            known = ClientError("usage", error.format_message(), _usage_hint(error))
        case click.ClickException():
            known = ClientError("failed", error.format_message())
        case OSError():
            known = _failed(error)
            _drop_output()
        case _:
            raise error
    text = _as_json(known) if as_json else _as_text(known)
    with suppress(OSError):  # then there is nowhere to say it, and the exit code must do
        click.echo(text, err=True)


def _failed(error: OSError) -> ClientError:
    what = error.filename or "The output cannot be written"
    return ClientError("failed", f"{what}: {error.strerror or error}.")


def _drop_output() -> None:
    """Lead what was not written to nowhere, or Python would fail on it again at the very end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _usage_hint(error: click.UsageError) -> str:
    return f"See `{error.ctx.command_path} --help`." if error.ctx else ""


def _as_json(error: ClientError) -> str:
    message = _unicode(error.message)
    return msgspec.json.encode(
        {"code": error.code, "message": message, "hint": error.hint, "problems": error.problems}
    ).decode()


def _unicode(text: str) -> str:
    """JSON cannot carry the bytes of a path that are no text."""
    return text.encode("utf-8", "backslashreplace").decode()


def _as_text(error: ClientError) -> str:
    lines = [f"error: {error.message}"]
    for problem in error.problems:
        nearest = f" (did you mean {escaped(problem.nearest)}?)" if problem.nearest else ""
        lines.append(f"  {escaped(problem.key)}: {problem.message}{nearest}")
    if error.hint:
        lines.append(f"hint: {error.hint}")
    return plain("\n".join(lines))
