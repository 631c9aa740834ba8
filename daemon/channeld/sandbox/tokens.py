"""Login with Amazon: access tokens for refresh tokens (`POST /auth/o2/token`), and who holds which."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from channeld.sandbox.account import Account

__all__ = ["Lwa", "LwaRefusal"]

FIELDS = ("refresh_token", "client_id", "client_secret")


class LwaRefusal(Exception):
    """An OAuth error: HTTP status, `error` and `error_description`."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.description = description


class Lwa:
    """Issues access tokens and remembers them until they expire."""

    def __init__(self, accounts: Iterable[Account], seconds: int, random: Random) -> None:
        self._accounts = tuple(accounts)
        self._seconds = seconds
        self._random = random
        self._issued: dict[str, tuple[Account, datetime]] = {}

    def exchange(self, form: Mapping[str, str], now: datetime) -> tuple[Account, dict[str, Any]]:
        """The answer to a refresh_token grant. LwaRefusal when the form or the credentials are wrong."""
        account = self._grantee(form)
        self._forget_expired(now)
        token = f"Atza|{self._random.getrandbits(256):064x}"
        self._issued[token] = (account, now + timedelta(seconds=self._seconds))
        return account, {
            "access_token": token,
            "refresh_token": form["refresh_token"],
            "token_type": "bearer",
            "expires_in": self._seconds,
        }

    def holder(self, token: str, now: datetime) -> Account | None:
        """Whose token it is; None when unknown, expired, or the authorization was revoked."""
        account, expires = self._issued.get(token, (None, now))
        return account if account and now < expires and not account.revoked else None

    def _grantee(self, form: Mapping[str, str]) -> Account:
        grant = form.get("grant_type")
        if not grant:
            raise LwaRefusal(
                400, "invalid_request", "The request is missing a required parameter : grant_type"
            )
        if grant != "refresh_token":
            raise LwaRefusal(400, "unsupported_grant_type", "The authorization grant type is not supported")
        for field in FIELDS:
            if not form.get(field):
                raise LwaRefusal(
                    400, "invalid_request", f"The request is missing a required parameter : {field}"
                )
        return self._account(form)

    def _account(self, form: Mapping[str, str]) -> Account:
        clients = [account for account in self._accounts if account.spec.client_id == form["client_id"]]
        clients = [account for account in clients if account.has_secret(form["client_secret"])]
        if not clients:
            raise LwaRefusal(401, "invalid_client", "Client authentication failed")
        for account in clients:
            if account.spec.refresh_token == form["refresh_token"] and not account.revoked:
                return account
        raise LwaRefusal(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token")

    def _forget_expired(self, now: datetime) -> None:
        self._issued = {token: held for token, held in self._issued.items() if now < held[1]}
