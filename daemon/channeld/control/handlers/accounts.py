"""Requests about accounts."""

from sqlalchemy import Connection

from channel_protocol.accounts import (
    AccountAdded,
    AccountChanged,
    AccountList,
    AccountRemoved,
    AccountRow,
    AccountShown,
    AddAccount,
    CheckLine,
    ListAccounts,
    RemoveAccount,
    SetAccount,
    ShowAccount,
    TestAccount,
    Tested,
)
from channeld.account_test.check import Check
from channeld.commands.accounts import NewAccount, add_account, change_account, remove_account
from channeld.commands.asking import Asked, find_account
from channeld.control.context import Context
from channeld.control.rows.accounts import account_row, account_rows
from channeld.store import channels
from channeld.store.unit import Unit

__all__ = ["add", "change", "list_all", "remove", "show", "tested", "try_out"]


async def list_all(request: ListAccounts, context: Context) -> AccountList:
    statuses = context.parts.supervisor.statuses()
    rows = await context.read(lambda c: account_rows(c, statuses))
    return AccountList(rows=tuple(rows[: request.limit]))


async def show(request: ShowAccount, context: Context) -> AccountShown:
    statuses = context.parts.supervisor.statuses()

    def query(connection: Connection) -> AccountRow:
        account = find_account(connection, request.account)
        return account_row(account, len(channels.of_account(connection, account.id)), statuses)

    return AccountShown(row=await context.read(query))


async def add(request: AddAccount, context: Context) -> AccountAdded:
    new = NewAccount(
        name=request.account,
        region=request.region,
        seller_id=request.seller_id,
        client_id=request.client_id,
        client_secret=request.client_secret,
        refresh_token=request.refresh_token,
        endpoint=request.endpoint or "",
        auth_endpoint=request.auth_endpoint or "",
    )
    return await context.change(
        request,
        AccountAdded,
        lambda unit, asked: AccountAdded(row=account_row(add_account(unit, asked, new), 0, ())),
    )


async def change(request: SetAccount, context: Context) -> AccountChanged:

    def act(unit: Unit, asked: Asked) -> AccountChanged:
        account = change_account(
            unit,
            asked,
            request.account,
            request.values,
            client_secret=request.client_secret,
            refresh_token=request.refresh_token,
        )
        count = len(channels.of_account(unit.connection, account.id))
        # What was entered lets a halted account try again, which its actors do after the commit.
        return AccountChanged(row=account_row(account, count, ()))

    return await context.change(request, AccountChanged, act)


async def remove(request: RemoveAccount, context: Context) -> AccountRemoved:
    return await context.change(
        request,
        AccountRemoved,
        lambda unit, asked: AccountRemoved(account=remove_account(unit, asked, request.account).name),
    )


async def try_out(request: TestAccount, context: Context) -> Tested:
    account = await context.read(lambda c: find_account(c, request.account))
    return tested(await context.parts.account_test.of_account(account))


def tested(checks: list[Check]) -> Tested:
    """The steps as they go over the wire."""
    return Tested(
        ok=all(check.verdict != "failed" for check in checks),
        lines=tuple(
            CheckLine(
                step=check.step,
                name=check.name,
                verdict=check.verdict,
                message=check.message,
                hint=check.hint,
            )
            for check in checks
        ),
    )
