"""What went wrong with a request, as the client is told."""

import structlog

from channel_protocol.base import Problem, Refused, Request
from channel_protocol.codec import tag_of
from channeld.errors import ChanneldError
from channeld.runtime.reason import explains_itself, frames_of, reason_of, unwrap

__all__ = ["refusal_of"]

log: structlog.types.FilteringBoundLogger = structlog.get_logger()


def refusal_of(request: Request, raised: Exception) -> Refused:
    """The refusal of a request. An error that was not foreseen is logged, and shown without its text."""
    error = unwrap(raised)
    if isinstance(error, ChanneldError):
        return _refused(request, error.code, error.message, error.hint, _problems(error))
    if explains_itself(error):
        return _refused(request, error.code, error.message, error.hint)
    reason = reason_of(error).text
    log.error("request failed", request=tag_of(type(request)), reason=reason)
    log.debug("request traceback", request=tag_of(type(request)), frames=frames_of(error))
    return _refused(
        request,
        "internal",
        f"channeld could not do this: {reason}.",
        "This is a bug in channeld. Report it with the daemon's log.",
    )


def _problems(error: ChanneldError) -> tuple[Problem, ...]:
    return tuple(Problem(key=p.key, message=p.message, nearest=p.nearest) for p in error.problems)


def _refused(
    request: Request, code: str, message: str, hint: str, problems: tuple[Problem, ...] = ()
) -> Refused:
    return Refused(id=request.id, code=code, message=message, hint=hint, problems=problems)
