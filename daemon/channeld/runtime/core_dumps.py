"""A crash must not write keys, tokens and addresses to disk."""

import resource

__all__ = ["no_core_dumps"]


def no_core_dumps() -> None:
    """Neither the kernel nor systemd keeps a dump of a process whose limit is zero.

    An administrator who wants one can raise it again: `prlimit --core=unlimited --pid …`.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
