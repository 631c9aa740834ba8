"""Channels as a TOML file: what is written is read as it was, and everything that is wrong is named."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channel_protocol.channel_files import ChannelFile, FileChannel
from channel_protocol.errors import ClientError
from channelctl.channel_file import OWN, WORDS, read, write
from channeld.domain.channel_settings import DEFAULTS, change
from channeld.domain.marketplaces import BY_CODE
from channeld.domain.settings import CHANNEL_SETTINGS

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
SETTINGS = st.dictionaries(st.sampled_from([setting.key for setting in CHANNEL_SETTINGS]), TEXTS)
WORD_TABLES = st.none() | st.dictionaries(TEXTS, TEXTS, max_size=4)
CHANNELS = st.builds(
    FileChannel,
    channel=TEXTS,
    account=st.none() | TEXTS.filter(bool),
    marketplace=st.none() | TEXTS.filter(bool),
    settings=SETTINGS,
    payment=WORD_TABLES,
    shipping=WORD_TABLES,
)
FILES = st.builds(
    ChannelFile,
    locations=st.lists(TEXTS, max_size=3).map(tuple),
    channels=st.lists(CHANNELS, max_size=3, unique_by=lambda each: each.channel).map(tuple),
)
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "enabled": st.sampled_from(["on", "off"]),
        "vcs_enabled": st.sampled_from(["on", "off"]),
        "tax_rate": st.integers(0, 100).map(str),
        "order_received_offset": st.sampled_from(["0", "1.25", "-14"]),
        "not_disclosed_email": st.sampled_from(["", "shop@example.com"]),
        "order_look_back_days": st.integers(0, 30).map(str),
        "fba_enabled": st.sampled_from(["on", "off"]),
    },
)


@given(FILES)
def test_what_is_written_is_read_as_it_was(file: ChannelFile) -> None:
    text = write(file)
    assert read(text) == (file, [])
    assert write(read(text)[0]) == text


@given(VALUES)
def test_settings_that_are_all_written_down_make_the_same_channel(values: dict[str, str]) -> None:
    uk = BY_CODE["UK"]
    stored, problems = change({}, values, marketplace=uk, locations=["Default"])
    assert not problems
    everything = {**DEFAULTS, **stored}
    for before in ({}, stored, {"vcs_enabled": "on", "use_channel_tax": "on", "tax_rate": "7"}):
        assert change(before, everything, marketplace=uk, locations=["Default"]) == (stored, [])


def test_no_setting_is_called_as_another_part_of_a_channel() -> None:
    assert not {setting.key for setting in CHANNEL_SETTINGS} & {*OWN, *WORDS}


def test_values_may_be_written_as_toml_has_them() -> None:
    file, problems = read("[channels.uk]\nenabled = true\ntax_rate = 19.50\norder_look_back_days = 3\n")
    assert not problems
    assert file.channels[0].settings == {"enabled": "on", "tax_rate": "19.50", "order_look_back_days": "3"}
    assert (file.channels[0].account, file.channels[0].payment) == (None, None)


def test_every_problem_of_the_form_is_named_and_the_rest_is_read() -> None:
    text = """
    format = 2
    location = []
    locations = ["Hall", 3, []]
    [channels.uk]
    account = ["eu"]
    tax_rate = 2026-01-01
    fba_enabled = "on"
    payment = "Card"
    [channels.de.shipping]
    NEXT = {}
    """
    file, problems = read(text)
    assert {problem.key: problem.nearest for problem in problems} == {
        "format": None,
        "location": "locations",
        "locations[2]": None,
        "uk.account": None,
        "uk.tax_rate": None,
        "uk.payment": None,
        "de.shipping.NEXT": None,
    }
    assert file.channels[0].settings == {"fba_enabled": "on"}


@pytest.mark.parametrize("text", ["[channels", "channels = 3\nchannels = 4", "a = " + "[" * 5000])
def test_what_is_no_toml_is_an_error_that_says_where(text: str) -> None:
    with pytest.raises(ClientError) as error:
        read(text)
    assert error.value.code == "not_toml"
    assert "channel export" in error.value.hint


@pytest.mark.parametrize("text", ["channels = 3", "[channels]\nuk = 3", "locations = 'Hall'"])
def test_a_part_of_the_wrong_kind_is_a_problem(text: str) -> None:
    _, problems = read(text)
    assert len(problems) == 1


def test_the_order_is_the_one_that_was_given_and_every_channel_is_a_table() -> None:
    settings = {setting.key: setting.default for setting in CHANNEL_SETTINGS}
    channel = FileChannel(
        channel="uk",
        account="eu",
        marketplace="UK",
        settings=settings,
        payment={},
        shipping={},
        despatch={"EXPRESS": "DHL / Paket"},
    )
    document = tomllib.loads(write(ChannelFile(channels=(channel,))))
    assert list(document["channels"]["uk"]) == [*OWN, *settings, *WORDS]
    assert document["channels"]["uk"]["despatch"] == {"EXPRESS": "DHL / Paket"}
