"""The command line against a socket, in this process."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from channelctl.root import root

__all__ = ["Ctl"]

NOBODYS = dict.fromkeys(("CHANNELD_SOCKET", "CHANNELD_CLIENT_SECRET", "CHANNELD_REFRESH_TOKEN"))


class Ctl:
    """`ctl("order", "list")`: the result with exit code, stdout and stderr; nobody sits at the terminal."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket

    def __call__(self, *words: str, typed: str = "", env: dict[str, str] | None = None) -> Result:
        environment = {**NOBODYS, "CHANNELD_SOCKET": str(self.socket), **(env or {})}
        return CliRunner().invoke(root, words, input=typed, env=environment, prog_name="channelctl")

    def json(self, *words: str) -> Any:
        """The document that is printed with `--json`. Fails unless the exit code is 0."""
        result = self(*words, "--json")
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)
