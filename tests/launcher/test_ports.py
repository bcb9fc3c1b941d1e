import json
import socket
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.ports import INTERNAL, VARIABLES, lasting_ports, scratch_ports


@pytest.fixture(autouse=True)
def _no_choice(monkeypatch: pytest.MonkeyPatch) -> None:  # pyright: ignore[reportUnusedFunction]
    for variable in VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)


def _listener() -> socket.socket:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.listen()
    return listener


class TestScratchPorts:
    def test_differ_from_each_other(self) -> None:
        ports = scratch_ports()
        every = [ports.api, ports.mail_page, ports.smtp, ports.temporal, ports.temporal_ui]
        every += [ports.postgres, *ports.internal.values()]
        assert len(set(every)) == len(every) == 6 + len(INTERNAL)


class TestLastingPorts:
    def test_stay_the_same_from_run_to_run(self, tmp_path: Path) -> None:
        notes: list[str] = []
        assert lasting_ports(tmp_path, notes.append) == lasting_ports(tmp_path, notes.append)

    def test_survive_a_damaged_note(self, tmp_path: Path) -> None:
        (tmp_path / "ports.json").write_text('{"history_grpc": ')
        ports = lasting_ports(tmp_path, lambda _: None)
        assert json.loads((tmp_path / "ports.json").read_text()) == ports.internal

    def test_can_be_chosen(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        wanted = scratch_ports().api
        monkeypatch.setenv("WEDERHOOR_API_PORT", str(wanted))
        assert lasting_ports(tmp_path, lambda _: None).api == wanted

    def test_name_the_variable_of_a_chosen_port_that_is_taken(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with _listener() as listener:
            monkeypatch.setenv("WEDERHOOR_API_PORT", str(listener.getsockname()[1]))
            with pytest.raises(LauncherError, match=r"WEDERHOOR_API_PORT=.*already listens"):
                lasting_ports(tmp_path, lambda _: None)

    @pytest.mark.parametrize("value", ["eighty", "0", "65536", "-1"])
    def test_refuse_what_is_no_port(
        self, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("WEDERHOOR_SMTP_PORT", value)
        with pytest.raises(LauncherError, match="is not a port number"):
            lasting_ports(tmp_path, lambda _: None)
