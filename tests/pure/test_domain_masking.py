"""Texts of Amazon's about an order never show what is personal in it (semantics P1)."""

from hypothesis import given
from hypothesis import strategies as st

from channeld.domain.masking import masked

NAMES = st.text(st.characters(codec="latin-1", categories=("Lu", "Ll", "Nd")), min_size=3, max_size=20)


def test_values_and_their_words_are_masked_in_any_case() -> None:
    text = "No delivery to ADA LOVELACE, 12 High Street; ask Lovelace"
    assert masked(text, ["Ada Lovelace", "12 High Street"]) == "No delivery to …, …; ask …"


def test_a_text_is_one_printable_line_of_bounded_length() -> None:
    told = masked("a\x1b[2J\nb" + "x" * 1_000, [])
    assert told.startswith("a [2J b")
    assert len(told) == 300


def test_short_values_are_let_be_as_they_would_blank_everything() -> None:
    assert masked("to be or not", ["to", "or"]) == "to be or not"


@given(st.text(max_size=100), NAMES, st.text(max_size=100))
def test_no_personal_word_is_left(before: str, name: str, after: str) -> None:
    assert name.lower() not in masked(f"{before} {name} {after}", [name]).lower()
