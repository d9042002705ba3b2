"""What the supervisor is told to run."""

import configparser
import shlex
from pathlib import Path

import pytest
from supervisor import supervisord

from leaderboard.cli.programs import find_valkey, programs, write_supervisor_config, write_valkey_config
from leaderboard.cli.supervisord import PromptSupervisor
from leaderboard.settings import Settings, load_settings

VALKEY = Path("/opt/valkey-server")


def settings(tmp_path: Path, **environ: str) -> Settings:
    return load_settings({"INSTANCE_DIR": str(tmp_path / "an instance, 100% ours"), **environ})


def test_all_parts_run(tmp_path: Path) -> None:
    running = programs(settings(tmp_path), valkey=VALKEY, is_demo=False)
    assert list(running) == ["web", "valkey", "worker-evaluation", "worker-default", "scheduler"]


def test_where_redis_is_named_no_server_is_embedded(tmp_path: Path) -> None:
    running = programs(settings(tmp_path, REDIS_URL="redis://h"), valkey=None, is_demo=False)
    assert list(running) == ["web", "worker-evaluation", "worker-default", "scheduler"]


def test_without_any_server_the_scheduler_does_the_work(tmp_path: Path) -> None:
    assert list(programs(settings(tmp_path), valkey=None, is_demo=False)) == ["web", "scheduler"]


def test_the_demo_has_a_part_that_keeps_events_coming(tmp_path: Path) -> None:
    assert "demo" in programs(settings(tmp_path), valkey=VALKEY, is_demo=True)


def test_a_server_is_carried_along() -> None:
    assert find_valkey() is not None


def test_the_configuration_says_what_was_asked_whatever_the_paths_hold(tmp_path: Path) -> None:
    given = settings(tmp_path)
    path = write_supervisor_config(given, programs(given, valkey=VALKEY, is_demo=False))
    read = configparser.ConfigParser(inline_comment_prefixes=(" ;",))
    read.read(path)
    assert shlex.split(read["program:valkey"]["command"])[-2:] == [
        str(VALKEY),
        f"{given.instance_dir}/valkey.conf",
    ]
    assert all(read[name]["autorestart"] == "true" for name in read.sections() if name.startswith("program:"))
    assert given.secret_key not in path.read_text()


def test_the_embedded_server_listens_on_no_port(tmp_path: Path) -> None:
    given = settings(tmp_path)
    write_valkey_config(given)
    lines = (given.instance_dir / "valkey.conf").read_text().splitlines()
    assert {"port 0", "unixsocketperm 600", "appendonly no", 'save ""'} <= set(lines)


def test_a_directory_of_somebody_else_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    given = load_settings({"INSTANCE_DIR": str(tmp_path / ("x" * 120))})
    given.bell_socket.parent.symlink_to(tmp_path)
    with pytest.raises(Exception, match="not a directory that only this user may open"):
        write_valkey_config(given)


def test_the_supervisor_starts_its_programs_before_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    class Group(str):
        def transition(self) -> None:
            told.append(self)

    monkeypatch.setattr(supervisord.Supervisor, "runforever", lambda _self: told.append("waits"))
    supervisor = PromptSupervisor.__new__(PromptSupervisor)
    supervisor.process_groups = {"any": Group("the others"), "valkey": Group("first")}
    supervisor.runforever()
    assert told == ["first", "the others", "waits"]
