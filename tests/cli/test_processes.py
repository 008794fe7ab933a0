"""Ports, commands and environment of the processes."""

import socket
from pathlib import Path

import pytest

from benchmarks import free_port
from cli.processes import Ports, PortTakenError, process_commands, process_environment
from service import Settings


def test_taken_port_is_named_with_the_setting_that_moves_it() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"port {port} .* ATTUNE_WEB_PORT"):
            Ports(rasa=free_port(), actions=free_port(), web=port, voice=free_port()).check_free()


def test_taken_port_of_rasa_is_moved_by_its_address() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match="ATTUNE_RASA_URL to http"):
            Ports(rasa=port, actions=free_port(), web=free_port(), voice=free_port()).check_free()


def test_taken_port_of_voice_is_named_with_its_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTakenError, match=rf"port {port} .* ATTUNE_VOICE_PORT"):
            Ports(rasa=free_port(), actions=free_port(), web=free_port(), voice=port).check_free()


def test_procfile_lists_the_processes() -> None:
    assert list(process_commands()) == ["rasa", "actions", "web", "voice"]


def test_processes_share_one_home_and_one_token(tmp_path: Path) -> None:
    environment = process_environment(
        tmp_path, tmp_path / "model.tar.gz", Ports(1001, 1002, 1003, 1004), Settings(home=tmp_path)
    )
    assert environment["ATTUNE_HOME"] == str(tmp_path)
    assert len(environment["AUTH_TOKEN"]) >= 20
    assert environment["ATTUNE_RASA_URL"].endswith(":1001")
    assert environment["ATTUNE_VOICE_PORT"] == "1004"
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600
