"""python-amazon-sp-api, speaking with a local server. The library has no types: all of it is Any."""

from importlib import import_module
from typing import Any

__all__ = ["MARKETPLACE_ID", "connected"]

MARKETPLACE_ID = "A1F83G8C2ARO7P"
_CREDENTIALS = {"refresh_token": "Atzr|bench", "lwa_app_id": "bench", "lwa_client_secret": "bench"}


def connected(module: str, kind: str, url: str) -> Any:
    """A client of that class of `sp_api.api.orders`; nothing but the two addresses is changed."""
    scheme, _, host = url.rpartition("//")
    tokens = type(
        "LocalTokens",
        (import_module("sp_api.auth").AccessTokenClient,),
        {"scheme": f"{scheme}//", "host": host},
    )
    client = getattr(import_module(f"sp_api.api.orders.{module}"), kind)(
        marketplace=import_module("sp_api.base").Marketplaces.UK,
        credentials=_CREDENTIALS,
        auth_token_client_class=tokens,
    )
    client.endpoint = url
    return client
