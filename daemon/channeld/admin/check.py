"""`channeld check`: whether the service can run, for a person, a cron job or `ExecStartPre`."""

import sys
from pathlib import Path

import click

from channeld.admin.check_result import CheckResult
from channeld.admin.options import with_database, with_key_file, with_settings

__all__ = ["check"]

COLOURS = {"ok": "green", "warning": "yellow", "failed": "red", "skipped": None}


@click.command()
@with_settings
@with_database
@click.option("--socket", metavar="PATH", help="Path of the control socket.")
@with_key_file
@click.option("--thorough", is_flag=True, help="Compare every index with its table too; takes longer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array instead of lines.")
def check(
    file: str | None,
    database: str | None,
    socket: str | None,
    key_file: Path | None,
    thorough: bool,
    as_json: bool,
) -> None:
    """Look at settings, database, key, disk and socket. Changes nothing; works beside a running daemon.

    The exit code is 1 if a check failed, else 0.
    """
    from channeld.admin.checks import check_all  # here, so that --help is quick

    results = check_all(file, database=database, socket=socket, key_file=key_file, thorough=thorough)
    _print(results, as_json=as_json)
    sys.exit(any(each.verdict == "failed" for each in results))


def _print(results: list[CheckResult], *, as_json: bool) -> None:
    if as_json:
        import msgspec

        click.echo(msgspec.json.encode(results))
        return
    for each in results:
        verdict = click.style(f"{each.verdict:<8}", fg=COLOURS[each.verdict])
        click.echo(f"{verdict}{each.check:<10}{each.message}")
        if each.hint:
            click.echo(f"{'':18}hint: {each.hint}")
