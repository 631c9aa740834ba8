"""Process settings: defaults, precedence, and all problems at once."""

from pathlib import Path

import pytest

from channeld import config
from channeld.errors import ChanneldError

EXAMPLE = Path(__file__).parents[2] / "config" / "channeld.toml"


def write(folder: Path, text: str) -> str:
    path = folder / "channeld.toml"
    path.write_text(text)
    return str(path)


def test_the_commented_example_is_the_default() -> None:
    assert config.read(EXAMPLE) == config.Config()


def test_every_setting_is_in_the_example() -> None:
    text = EXAMPLE.read_text()
    assert "\ninstance_id = " in text
    for section in ("store", "socket", "log"):
        for field in getattr(config.Config(), section).__struct_fields__:
            assert f"\n{field} = " in text


def test_all_problems_are_reported_at_once(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "[stor]\ndatabase = 'x'\n[socket]\ngroup_may_wriet = true\ngroup = 5\n[log]\nlevel = 'loud'\n",
    )

    with pytest.raises(ChanneldError) as caught:
        config.load(path, environ={})

    problems = {problem.key: problem.nearest for problem in caught.value.problems}
    assert problems == {
        "stor": "store",
        "socket.group_may_wriet": "group_may_write",
        "socket.group": None,
        "log.level": None,
    }


@pytest.mark.parametrize("text", ["[store", "store = 3", "store.database = ['a']"])
def test_a_broken_file_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)

    with pytest.raises(ChanneldError) as caught:
        config.load(path, environ={})

    assert path in caught.value.message


def test_what_is_given_by_hand_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "[store]\ndatabase = '/file.db'\n[socket]\npath = '/file.sock'\n")
    environ = {"CHANNELD_DATABASE": "/environ.db", "CHANNELD_SOCKET": "/environ.sock"}

    from_environ = config.load(path, environ=environ)
    by_hand = config.load(path, database="sqlite:////hand.db", socket="/hand.sock", environ=environ)

    assert from_environ.database_path({}) == Path("/environ.db")
    assert from_environ.socket_path({}) == Path("/environ.sock")
    assert by_hand.database_path({}) == Path("/hand.db")
    assert by_hand.socket_path({}) == Path("/hand.sock")


def test_systemd_says_where_things_are() -> None:
    environ = {"STATE_DIRECTORY": "/var/lib/channeld", "RUNTIME_DIRECTORY": "/run/channeld"}

    assert config.Config().database_path(environ) == Path("/var/lib/channeld/channeld.db")
    assert config.Config().socket_path(environ) == Path("/run/channeld/channeld.sock")


def test_from_a_shell_the_service_s_database_is_found_unless_one_s_own_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = tmp_path / "service" / "channeld.db"
    monkeypatch.setattr(config, "SERVICE_DATABASE", service)
    settings = config.Config()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    own = settings.database_path({})

    assert settings.present_database({}) == own
    service.parent.mkdir()
    service.touch()
    assert settings.present_database({}) == service
    assert settings.present_database({"STATE_DIRECTORY": "/state"}) == Path("/state/channeld.db")
    own.parent.mkdir()
    own.touch()
    assert settings.present_database({}) == own


def test_another_kind_of_database_is_refused() -> None:
    settings = config.load(database="postgresql://host/db", environ={})

    with pytest.raises(ChanneldError, match="SQLite"):
        settings.database_path({})
