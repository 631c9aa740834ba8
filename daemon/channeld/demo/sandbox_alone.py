"""`channeld sandbox`: the simulated Amazon on a port, for trying clients on."""

from functools import partial

import anyio
import click

from channeld.runtime.clock import SystemClock
from channeld.runtime.signals import stop_signals
from channeld.sandbox import Market, SandboxOptions, serve

__all__ = ["run_sandbox"]


async def run_sandbox(port: int, options: SandboxOptions) -> int:
    """Answer until a signal; says how to connect an account to it. Returns the exit code."""
    market = Market(SystemClock(), options)
    with stop_signals(5.0) as asked:
        async with anyio.create_task_group() as group:
            try:
                at = await group.start(partial(serve, market, port=port))
            except OSError as error:
                click.echo(f"channeld: port {port} cannot be used: {error.strerror}", err=True)
                return 1
            click.echo(f"A simulated Amazon answers at http://127.0.0.1:{at}. To connect its accounts:\n")
            for spec in options.accounts:
                click.echo(_how_to_connect(at, spec.seller_id, spec.region.lower(), spec.client_id))
                click.echo(
                    f"    CLIENT_SECRET={spec.client_secret}\n    REFRESH_TOKEN={spec.refresh_token}\n"
                )
            await asked.wait()
            group.cancel_scope.cancel()
    return 0


def _how_to_connect(port: int, seller_id: str, region: str, client_id: str) -> str:
    base = f"http://127.0.0.1:{port}"
    return (
        f"channelctl account add {region} --region {region} --seller-id {seller_id} \\\n"
        f"    --client-id {client_id} --secrets-from - \\\n"
        f"    --endpoint {base} --auth-endpoint {base}/auth/o2/token"
    )
