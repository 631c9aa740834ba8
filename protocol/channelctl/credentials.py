"""Where an account's two secrets come from: a file, the environment, a hidden prompt. Never an option."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

from channelctl.asking import ask_hidden, interactive

__all__ = ["SECRETS", "SOURCES", "Credentials", "changed_credentials", "read_credentials", "secret_options"]

SECRETS = {"client_secret": "Client secret", "refresh_token": "Refresh token"}
SOURCES = """\b
The client secret and the refresh token are never given as options. They are read from
  --secrets-from FILE (or - for standard input), in one of two formats:
      CLIENT_SECRET=…                 lines; # begins a comment
      REFRESH_TOKEN=…
      {"client_secret": "…", "refresh_token": "…"}
  else from CHANNELD_CLIENT_SECRET and CHANNELD_REFRESH_TOKEN in the environment,
  else from a prompt that does not show them."""

F = TypeVar("F", bound=Callable[..., Any])


class Credentials(msgspec.Struct, frozen=True):
    """Two secrets, or the one that changes."""

    client_secret: str | None = None
    refresh_token: str | None = None

    def __repr__(self) -> str:
        return "Credentials(***)"


def read_credentials(source: str | None, environ: Mapping[str, str] = os.environ) -> Credentials:
    """Both secrets for a new account. Raises `click.UsageError` that says which is missing, and no value."""
    found = _given(source, environ)
    if missing := [name for name in SECRETS if not found.get(name)]:
        if source or not interactive():
            where = f"in {source}" if source else "here, and nobody can be asked"
            raise click.UsageError(f"{' and '.join(missing)} not found {where}; see --help for the sources.")
        found |= {name: ask_hidden(SECRETS[name]) for name in missing}
    return Credentials(**found)


def changed_credentials(source: str | None, environ: Mapping[str, str] = os.environ) -> Credentials:
    """The secrets that change; at least one. Raises `click.UsageError`."""
    found = _given(source, environ)
    if not found and not source and interactive():
        hint = "{} (empty keeps the present one)"
        found = {name: ask_hidden(hint.format(label), optional=True) for name, label in SECRETS.items()}
    found = {name: value for name, value in found.items() if value}
    if not found:
        raise click.UsageError("No secret was given; see --help for the sources.")
    return Credentials(**found)


def _given(source: str | None, environ: Mapping[str, str]) -> dict[str, str]:
    if source:
        return _parse(_read(source))
    return {name: value for name in SECRETS if (value := environ.get(f"CHANNELD_{name.upper()}"))}


def _read(source: str) -> str:
    try:
        return sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
    except OSError as error:
        raise click.UsageError(f"{source} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{source} is not a text in UTF-8.") from None


def _parse(text: str) -> dict[str, str]:
    found = _parse_json(text) if text.lstrip().startswith("{") else _parse_lines(text)
    if strange := len(found.keys() - SECRETS.keys()):
        raise click.UsageError(
            f"{strange} unknown names among the secrets; only {' and '.join(SECRETS)} are read."
        )
    return found


def _parse_json(text: str) -> dict[str, str]:
    try:
        return {key.lower(): value for key, value in msgspec.json.decode(text, type=dict[str, str]).items()}
    except msgspec.MsgspecError:
        raise click.UsageError("The secrets are not a JSON object of texts.") from None


def _parse_lines(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        name, separator, value = stripped.partition("=")
        if not separator:
            raise click.UsageError(f"Line {number} of the secrets is not of the form NAME=value.")
        found[name.strip().lower()] = value.strip().strip("'\"")
    return found


def _refuse(_: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise click.UsageError(
            f"{option.opts[0]} is not taken on the command line, where other users and the shell's history"
            " see it. Treat what was typed as exposed, and use --secrets-from, the environment or the prompt."
        )


def refuse_secrets(function: F) -> F:
    """Options that exist only to be refused with an explanation."""
    for name in SECRETS:
        option = f"--{name.replace('_', '-')}"
        function = click.option(option, hidden=True, expose_value=False, is_eager=True, callback=_refuse)(
            function
        )
    return function


def secret_options(function: F) -> F:
    """`--secrets-from`, and the refusals."""
    option = click.option("--secrets-from", metavar="FILE|-", help="Read the secrets from a file or from -.")
    return refuse_secrets(option(function))
