"""Where a client finds the daemon."""

from pathlib import Path

import pytest

from channel_protocol.paths import client_socket


@pytest.fixture
def session(tmp_path: Path) -> dict[str, str]:
    """A login session in which no daemon of one's own runs."""
    return {"XDG_RUNTIME_DIR": str(tmp_path / "session")}


@pytest.fixture
def service(tmp_path: Path) -> Path:
    path = tmp_path / "run" / "channeld.sock"
    path.parent.mkdir()
    path.touch()
    return path


def own(tmp_path: Path) -> Path:
    return tmp_path / "session" / "channeld" / "channeld.sock"


def test_the_service_is_found_without_being_named(session: dict[str, str], service: Path) -> None:
    assert client_socket(None, session, service) == service


def test_a_daemon_of_ones_own_comes_first(tmp_path: Path, session: dict[str, str], service: Path) -> None:
    own(tmp_path).parent.mkdir(parents=True)
    own(tmp_path).touch()
    assert client_socket(None, session, service) == own(tmp_path)


def test_without_any_daemon_ones_own_place_is_named(tmp_path: Path, session: dict[str, str]) -> None:
    assert client_socket(None, session, tmp_path / "none" / "channeld.sock") == own(tmp_path)


def test_what_was_told_comes_before_everything(session: dict[str, str], service: Path) -> None:
    session["CHANNELD_SOCKET"] = "/from/environment"
    assert client_socket("/by/hand", session, service) == Path("/by/hand")
    assert client_socket(None, session, service) == Path("/from/environment")


def test_a_service_behind_a_closed_directory_is_still_named(
    session: dict[str, str], service: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exists(path: Path) -> bool:
        if path == service:
            raise PermissionError
        return False

    monkeypatch.setattr(Path, "exists", exists)
    assert client_socket(None, session, service) == service
