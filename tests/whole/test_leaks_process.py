"""Real processes at their most talkative: nothing of buyers or credentials in what they write or show."""

from pathlib import Path
from typing import Any, cast

import anyio.to_thread
import httpx
import msgspec
import pytest

from channel_protocol.orders import SyncOrders
from channeld.sandbox import AccountSpec, demo_accounts
from channeld.store.keys import KEY_FILE
from tests.support.canaries import Canaries, everything_below
from tests.support.ctl import Ctl
from tests.support.daemon import new_id
from tests.support.daemon_process import DaemonProcess, ended_afterwards, reached, sandbox_process
from tests.support.sandbox_client import USER_AGENT, SandboxClient
from tests.support.seller_process import set_up

FAULTS = "poison=0.1,truncated=0.05,error_500=0.05,reset=0.05,duplicates=0.05,lwa_server_error=0.1"
PERSONAL = {
    "buyerName", "buyerEmail", "buyerCompanyName", "buyerPurchaseOrderNumber", "name", "companyName",
    "addressLine1", "addressLine2", "phone", "giftMessage", "taxRegistrationNumber", "legalName",
}  # fmt: skip


def personal_values(found: Any) -> set[str]:
    """Every text under a personal name, wherever it is."""
    if isinstance(found, list):
        return set[str]().union(*map(personal_values, cast("list[Any]", found)))
    if not isinstance(found, dict):
        return set()
    named = cast("dict[str, Any]", found)
    here = {value for name, value in named.items() if name in PERSONAL and isinstance(value, str)}
    return here.union(*map(personal_values, named.values()))


async def buyers(endpoint: str, spec: AccountSpec) -> set[str]:
    """What Amazon knows of its buyers, asked for by somebody else."""
    async with httpx.AsyncClient(base_url=endpoint, headers={"user-agent": USER_AGENT}) as http:
        other = SandboxClient(http, spec)
        await other.log_in()
        return personal_values(await other.found(includedData="BUYER,RECIPIENT,FULFILLMENT"))


def processes_of(pid: int) -> list[int]:
    """The process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in processes_of(int(child)))]


def shown_to_all(pid: int) -> str:
    """Arguments of the process and all below it, and what its children were given as environment."""
    first, *children = processes_of(pid)
    arguments = [Path(f"/proc/{each}/cmdline").read_text() for each in (first, *children)]
    return "\n".join([*arguments, *(Path(f"/proc/{each}/environ").read_text() for each in children)])


@pytest.mark.timeout(150)
@pytest.mark.parametrize("form", ["json", "text", "journal"])
async def test_the_most_talkative_daemon_says_nothing_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    spec, folder, temporary = demo_accounts()[0], tmp_path / "state", tmp_path / "temporary"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setenv("SQLITE_TMPDIR", str(temporary))
    options = ("--orders", "150", "--orders-per-hour", "0", "--rate", "searchOrders=20", "--faults", FAULTS)
    (folder / "channeld.toml").write_text(f'[log]\nlevel = "debug"\nformat = "{form}"\n')
    (tmp_path / "amazon").mkdir()
    async with sandbox_process(tmp_path / "amazon", *options) as endpoint:
        daemon = DaemonProcess(folder)
        with ended_afterwards([daemon.process]):
            async with reached(daemon) as client:
                await set_up(client, spec, endpoint)
                await client.request(SyncOrders(command_id=new_id(), wait=60))
                seen = shown_to_all(daemon.process.pid)
                ctl = Ctl(daemon.socket)
                export = await anyio.to_thread.run_sync(ctl, "order", "export", "--format", "jsonl")
                canaries = Canaries({*await buyers(endpoint, spec), spec.client_secret, spec.refresh_token})
            assert await daemon.end() == 0
    key = (folder / KEY_FILE).read_text().strip()
    secrets = Canaries({*canaries.values, key})
    assert len(canaries.values) > 50
    assert len(export.stdout.splitlines()) > 50
    assert "answered" in daemon.said() or form == "journal"
    (folder / KEY_FILE).unlink()
    for text in (daemon.said(), seen, export.stdout, export.stderr):
        assert secrets.in_text(text) == []
    assert secrets.in_files(folder) + secrets.in_database(daemon.database) == []
    assert everything_below(temporary) == []


def test_the_values_looked_for_are_found_in_nested_answers() -> None:
    answer = msgspec.json.decode(b'{"a": [{"buyer": {"buyerName": "Canaria"}}], "name": 1}')
    assert personal_values(answer) == {"Canaria"}
