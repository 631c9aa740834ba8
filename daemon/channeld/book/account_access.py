"""The credentials and addresses of an account, as Amazon's side of the house needs them."""

from typing import cast

from sqlalchemy import Connection

from channeld.amazon.access import AccountAccess
from channeld.amazon.regions import ENDPOINTS, TOKEN_ENDPOINT
from channeld.amazon.secret import Secret
from channeld.domain.marketplaces import Region
from channeld.errors import ChanneldError
from channeld.store import accounts
from channeld.store.cipher import Cipher

__all__ = ["account_access"]


def account_access(connection: Connection, cipher: Cipher, account_id: int) -> AccountAccess:
    """Raises `ChanneldError`: `unknown_account`, `secrets_missing`, `wrong_key`."""
    account = accounts.get(connection, account_id)
    if account is None or account.removed_at is not None:
        raise ChanneldError(
            "unknown_account", "The account is not there any more.", "See `channelctl account list`."
        )
    secrets = accounts.secrets(connection, cipher, account_id)
    if secrets is None:
        hint = f"Enter them with `channelctl account set {account.name} --secrets`."
        raise ChanneldError("secrets_missing", f"Account {account.name} has no credentials.", hint)
    region = cast("Region", account.region)
    return AccountAccess(
        account_id=account.id,
        name=account.name,
        region=region,
        seller_id=account.seller_id,
        client_id=account.client_id,
        endpoint=account.endpoint or ENDPOINTS[region],
        auth_endpoint=account.auth_endpoint or TOKEN_ENDPOINT,
        client_secret=Secret(secrets.client_secret),
        refresh_token=Secret(secrets.refresh_token),
    )
