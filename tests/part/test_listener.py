"""The socket: one daemon at a time, never open too wide, gone when the daemon is."""

import errno
import grp
import os
import socket
import stat
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from channeld.control.access import SocketRules, access_of, peer_uid
from channeld.control.binding import bind
from channeld.errors import ChanneldError


@pytest.fixture
def path() -> Generator[Path]:
    """Short, as a socket's path must be."""
    with TemporaryDirectory(prefix="ch") as directory:
        yield Path(directory) / "run" / "channeld.sock"


def connect(path: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX)
    client.connect(os.fspath(path))
    return client


def refusal(path: Path, group: str = "") -> ChanneldError:
    with pytest.raises(ChanneldError) as raised, bind(path, group):
        pass
    assert raised.value.hint
    return raised.value


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_socket_is_private_and_removed_at_the_end(path: Path) -> None:
    with bind(path):
        assert mode(path.parent) == 0o700
        assert mode(path) == 0o600
        connect(path).close()
    assert not path.exists()


def test_a_group_opens_it_for_its_members_only(path: Path) -> None:
    with bind(path, grp.getgrgid(os.getegid()).gr_name):
        assert mode(path) == 0o660
        assert path.stat().st_gid == os.getegid()
    assert refusal(path, "no-such-group").code == "unknown_group"


def test_the_umask_is_left_as_it_was(path: Path) -> None:
    before = os.umask(0o022)
    try:
        with bind(path):
            assert mode(path) == 0o600
            assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_second_daemon_is_refused_and_the_first_goes_on(path: Path) -> None:
    with bind(path):
        error = refusal(path)
        assert error.code == "socket_in_use"
        assert str(path) in error.message
        connect(path).close()


def test_what_a_killed_daemon_left_is_taken_away(path: Path) -> None:
    path.parent.mkdir()
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(os.fspath(path))
        killed.listen()
    with bind(path):
        connect(path).close()


def test_a_file_in_the_way_is_refused_and_kept(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("important")
    assert refusal(path).code == "socket_path_taken"
    assert path.read_text() == "important"


def test_a_path_that_the_system_cannot_hold_is_refused(path: Path) -> None:
    assert refusal(path.parent / ("x" * 120)).code == "socket_path_too_long"


def test_a_place_that_takes_no_socket_is_refused_with_the_reason(path: Path) -> None:
    path.parent.write_text("a file where the directory should be")
    error = refusal(path)
    assert error.code == "socket_path_unusable"
    assert str(path) in error.message
    assert os.strerror(errno.EEXIST) in error.message


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a directory in which nothing can be made")
def test_a_file_system_without_sockets_is_refused() -> None:
    assert refusal(Path("/proc/s")).code in ("socket_path_unusable", "socket_not_permitted")


def test_what_fails_while_it_listens_is_not_blamed_on_the_socket(path: Path) -> None:
    with pytest.raises(PermissionError), bind(path):
        raise PermissionError("another file")


def test_another_daemons_file_is_not_removed(path: Path) -> None:
    with bind(path):
        path.unlink()
        with socket.socket(socket.AF_UNIX) as other:
            other.bind(os.fspath(path))
    assert path.exists()


def test_the_kernel_says_who_connected() -> None:
    here, there = socket.socketpair(socket.AF_UNIX)
    with here, there:
        assert peer_uid(here) == os.geteuid()


@pytest.mark.parametrize(
    ("uid", "rules", "may_read", "may_write"),
    [
        (os.geteuid(), SocketRules(), True, True),
        (0, SocketRules(), True, True),
        (54321, SocketRules(), False, False),
        (54321, SocketRules(group_may_write=True), False, False),
        (54321, SocketRules(group="shop"), True, False),
        (54321, SocketRules(group="shop", group_may_write=True), True, True),
    ],
)
def test_who_may_do_what(uid: int, rules: SocketRules, may_read: bool, may_write: bool) -> None:
    access = access_of(uid, rules)
    assert (access.may_read, access.may_write) == (may_read, may_write)
    assert access.user
