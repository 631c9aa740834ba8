"""A simulated Amazon: what a client must not be able to tell from the real one.

`Market` is what exists and happens, `create_app` its HTTP face, `serve` puts that on a port. Its rules are
written from Amazon's documents and share no code with the client, so that one mistake cannot pass on both
sides: nothing of this project is imported but the clock.
"""

from channeld.sandbox.face import create_app
from channeld.sandbox.faults import parse_faults
from channeld.sandbox.listings.listing import Listing
from channeld.sandbox.market import Market
from channeld.sandbox.options import AccountSpec, SandboxOptions, demo_accounts, parse_rates
from channeld.sandbox.orders import Line, Order
from channeld.sandbox.server import serve

__all__ = [
    "AccountSpec",
    "Line",
    "Listing",
    "Market",
    "Order",
    "SandboxOptions",
    "create_app",
    "demo_accounts",
    "parse_faults",
    "parse_rates",
    "serve",
]
