"""The entry point of `channelctl`."""

import gc
import sys

__all__ = ["main"]

COLLECT_AFTER = 50_000
"""New objects. Loading makes nearly as many and drops none, and looking for garbage among them takes a good
part of a whole `channelctl status`; a stream still has its garbage collected."""


def main() -> None:
    """Run the command line. Exits with 0 done, 1 refused or failed, 2 wrong usage, 3 no daemon."""
    gc.set_threshold(COLLECT_AFTER)
    try:
        from channelctl.root import root  # inside, so that Ctrl-C while loading leaves no traceback either

        root(prog_name="channelctl")
    except KeyboardInterrupt:
        sys.exit(130)
