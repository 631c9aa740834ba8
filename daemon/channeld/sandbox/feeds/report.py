"""The processing report of an order feed: what became of its messages, as XML."""

from collections.abc import Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from channeld.sandbox.faults import Fired

__all__ = ["NOT_VALID", "REFUSED", "Result", "Summary", "contradictory", "report_xml", "summary"]

NOT_VALID, REFUSED = 5000, 18028
"""Result codes: the document breaks its schema and nothing was applied; a message cannot be done."""


class Result(NamedTuple):
    """An error; successes are only counted."""

    message_id: str
    code: int
    description: str
    order_id: str = ""
    item_id: str = ""


class Summary(NamedTuple):
    processed: int
    successful: int
    errors: int


def summary(messages: int, results: Sequence[Result]) -> Summary:
    """The counts that fit the results."""
    if any(result.code == NOT_VALID for result in results):
        return Summary(0, 0, 1)
    return Summary(messages, messages - len(results), len(results))


def contradictory(counts: Summary, results: Sequence[Result], how: Fired) -> tuple[Summary, Sequence[Result]]:
    """A report that cannot be: errors `counts` without results, or `results` that the counts deny."""
    if how.detail == "results":
        denied = results or [Result("1", REFUSED, "The data you submitted is incomplete or invalid.")]
        return Summary(counts.processed, counts.processed, 0), denied
    return Summary(counts.processed, counts.processed - 1, 1), ()


def report_xml(feed_id: str, seller_id: str, counts: Summary, results: Sequence[Result]) -> bytes:
    """The result document."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        ' xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">\n'
        f"<Header><DocumentVersion>1.02</DocumentVersion><MerchantIdentifier>{escape(seller_id)}"
        "</MerchantIdentifier></Header>\n<MessageType>ProcessingReport</MessageType>\n"
        f"<Message><MessageID>1</MessageID><ProcessingReport><DocumentTransactionID>{feed_id}"
        "</DocumentTransactionID><StatusCode>Complete</StatusCode>\n"
        f"<ProcessingSummary><MessagesProcessed>{counts.processed}</MessagesProcessed>"
        f"<MessagesSuccessful>{counts.successful}</MessagesSuccessful>"
        f"<MessagesWithError>{counts.errors}</MessagesWithError>"
        "<MessagesWithWarning>0</MessagesWithWarning></ProcessingSummary>\n"
        f"{''.join(map(_result, results))}</ProcessingReport></Message>\n</AmazonEnvelope>\n"
    ).encode()


def _result(result: Result) -> str:
    about = ""
    if result.order_id:
        about += f"<AmazonOrderID>{escape(result.order_id)}</AmazonOrderID>"
    if result.item_id:
        about += f"<AmazonOrderItemCode>{escape(result.item_id)}</AmazonOrderItemCode>"
    return (
        f"<Result><MessageID>{escape(result.message_id)}</MessageID><ResultCode>Error</ResultCode>"
        f"<ResultMessageCode>{result.code}</ResultMessageCode>"
        f"<ResultDescription>{escape(result.description)}</ResultDescription>"
        f"{f'<AdditionalInfo>{about}</AdditionalInfo>' if about else ''}</Result>\n"
    )
