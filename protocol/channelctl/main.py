"""The entry point of `channelctl`."""

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line. Exits with 0 done, 1 refused or failed, 2 wrong usage, 3 no daemon."""
    try:
        from channelctl.root import root  # inside, so that Ctrl-C while loading leaves no traceback either

        root(prog_name="channelctl")
    except KeyboardInterrupt:
        sys.exit(130)
