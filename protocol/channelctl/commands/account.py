"""`channelctl account`: seller accounts and their credentials."""

import click

from channel_protocol.accounts import (
    AccountAdded,
    AccountChanged,
    AccountList,
    AccountRemoved,
    AccountRow,
    AccountShown,
    AddAccount,
    ListAccounts,
    RemoveAccount,
    SetAccount,
    ShowAccount,
    TestAccount,
    Tested,
)
from channelctl.arguments import command_id, limit, settings, yes
from channelctl.asking import ask, confirm
from channelctl.checks import print_checks
from channelctl.credentials import (
    SECRETS,
    SOURCES,
    Credentials,
    changed_credentials,
    read_credentials,
    secret_options,
)
from channelctl.output import Columns, flat, note, print_facts, print_json, print_rows
from channelctl.shared import Caller, Noun

COLUMNS: Columns[AccountRow] = {
    "Account": "account",
    "Region": "region",
    "Seller id": "seller_id",
    "Channels": "channels",
    "State": "state",
    "Reason": "reason",
    "Hint": "hint",
}
EMPTY = "There is no account yet. Add one with `channelctl account add NAME`."
REGIONS = "na", "eu", "fe"


@click.group(cls=Noun)
def command() -> None:
    """Seller accounts: credentials and API budget of one region."""


@command.command("list")
@limit(1000)
@click.pass_obj
def list_(caller: Caller, limit: int) -> None:
    """List the accounts."""
    print_rows(caller, caller.ask(ListAccounts(limit=limit), AccountList).rows, COLUMNS, EMPTY)


@command.command()
@click.argument("account", metavar="NAME")
@click.pass_obj
def show(caller: Caller, account: str) -> None:
    """Show one account. Secrets are never shown."""
    _print(caller, caller.ask(ShowAccount(account=account), AccountShown).row)


@command.command(epilog=SOURCES)
@click.argument("account", metavar="NAME")
@click.option("--region", type=click.Choice(REGIONS), help="North America, Europe or Far East.")
@click.option("--seller-id", metavar="ID", help="Merchant token from Seller Central.")
@click.option("--client-id", metavar="ID", help="LWA client id of your application.")
@click.option("--endpoint", metavar="URL", help="Base URL of the API; Amazon's own if left out.")
@click.option("--auth-endpoint", metavar="URL", help="URL of the token endpoint; Amazon's own if left out.")
@secret_options
@command_id
@click.pass_obj
def add(
    caller: Caller,
    account: str,
    region: str | None,
    seller_id: str | None,
    client_id: str | None,
    endpoint: str | None,
    auth_endpoint: str | None,
    secrets_from: str | None,
    command_id: str,
) -> None:
    """Add an account. What is missing is asked for at a terminal."""
    region = ask("Region (na, eu, fe)", region, "--region")
    seller_id = ask("Seller id", seller_id, "--seller-id")
    client_id = ask("Client id", client_id, "--client-id")
    secrets = read_credentials(secrets_from)
    request = AddAccount(
        command_id=command_id,
        account=account,
        region=region,
        seller_id=seller_id,
        client_id=client_id,
        client_secret=secrets.client_secret or "",
        refresh_token=secrets.refresh_token or "",
        endpoint=endpoint,
        auth_endpoint=auth_endpoint,
    )
    _print(caller, caller.ask(request, AccountAdded).row)
    if not caller.json:
        note(f"\nNext: `channelctl account test {account}`, then `channelctl channel add`.")


@command.command("set", epilog=SOURCES)
@click.argument("account", metavar="NAME")
@click.argument("changes", metavar="[KEY=VALUE]...", nargs=-1)
@click.option("--secrets", is_flag=True, help="Change the secrets: from the environment, else asked for.")
@secret_options
@command_id
@click.pass_obj
def set_(
    caller: Caller,
    account: str,
    changes: tuple[str, ...],
    secrets: bool,
    secrets_from: str | None,
    command_id: str,
) -> None:
    """Change settings (KEY= clears one) or secrets. New secrets let a halted account try again."""
    values = settings(changes)
    if SECRETS.keys() & {key.lower() for key in values}:
        raise click.UsageError(
            "Secrets are not taken on the command line. Treat what was typed as exposed; use --secrets-from."
        )
    new = changed_credentials(secrets_from) if secrets or secrets_from else Credentials()
    if not (values or secrets or secrets_from):
        raise click.UsageError("Nothing to change: give KEY=VALUE, --secrets or --secrets-from.")
    request = SetAccount(
        command_id=command_id,
        account=account,
        values=values,
        client_secret=new.client_secret,
        refresh_token=new.refresh_token,
    )
    _print(caller, caller.ask(request, AccountChanged).row)


@command.command()
@click.argument("account", metavar="NAME")
@click.pass_obj
def test(caller: Caller, account: str) -> None:
    """Try the credentials; exit code 1 if a step failed. Changes nothing."""
    print_checks(caller, caller.ask(TestAccount(account=account), Tested))


@command.command()
@click.argument("account", metavar="NAME")
@yes
@command_id
@click.pass_obj
def remove(caller: Caller, account: str, yes: bool, command_id: str) -> None:
    """Remove an account and forget its secrets. Refused while it has channels."""
    confirm(f"Remove the account {account} and forget its secrets?", yes=yes)
    removed = caller.ask(RemoveAccount(command_id=command_id, account=account), AccountRemoved)
    if caller.json:
        print_json(flat(removed))
    else:
        note(f"Account {removed.account} is removed, and its secrets are forgotten.")


def _print(caller: Caller, row: AccountRow) -> None:
    if caller.json:
        print_json(flat(row))
        return
    print_facts(
        {
            "Account": row.account,
            "Region": row.region,
            "Seller id": row.seller_id,
            "Client id": row.client_id,
            "API": row.endpoint,
            "Token endpoint": row.auth_endpoint,
            "Order poll": f"{row.order_poll_seconds} s",
            "Secret entered": row.secret_set_at,
            "Channels": row.channels,
            "State": row.state,
            "Reason": row.reason,
            "Hint": row.hint,
        }
    )
