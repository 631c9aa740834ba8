"""The program `channeld`: signals first, then all that takes long to load."""

from channeld.runtime.first_signals import leave_when_asked

__all__ = ["main"]


def main() -> None:
    """Run what the command line asks for."""
    leave_when_asked()
    from channeld.cli import main as cli  # here, as this is what takes long

    cli()
