"""Settings: what the environment may say, and the one line that names what it may not."""

import dataclasses
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from leaderboard.settings import NAMES, ROOT, Settings, SettingsError, load_settings


def load(tmp_path: Path, **environ: str) -> Settings:
    return load_settings({"INSTANCE_DIR": str(tmp_path / "instance"), **environ})


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/leaderboard.sqlite3"
    assert settings.migration_database_url == settings.database_url
    assert settings.redis_url is None
    assert (settings.host, settings.port, settings.base_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")
    assert (settings.trusted_hosts, settings.proxy_hops, settings.is_https) == ((), 0, False)


def test_blank_means_not_set(tmp_path: Path) -> None:
    assert load(tmp_path, PORT=" ", DATABASE_URL="", SECRET_KEY="").port == 8000


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_postgresql_is_spoken_to_with_psycopg_3_however_it_is_written(tmp_path: Path, scheme: str) -> None:
    settings = load(tmp_path, DATABASE_URL=f"{scheme}://me:p%40ss@db:5433/board?sslmode=require")
    assert settings.database_url == "postgresql+psycopg://me:p%40ss@db:5433/board?sslmode=require"
    assert not settings.is_sqlite


def test_a_relative_sqlite_file_is_the_same_from_every_directory(tmp_path: Path) -> None:
    assert load(tmp_path, DATABASE_URL="sqlite:///data/x.db").database_url == f"sqlite:///{ROOT}/data/x.db"


@pytest.mark.parametrize(
    ("given", "used"), [("valkey://h:1/2", "redis://h:1/2"), ("rediss://h", "rediss://h")]
)
def test_valkey_and_redis_are_one(tmp_path: Path, given: str, used: str) -> None:
    settings = load(tmp_path, REDIS_URL=given)
    assert settings.redis_url == settings.bell_url == used


def test_without_redis_the_embedded_servers_socket_is_used(tmp_path: Path) -> None:
    assert load(tmp_path).bell_url.endswith("/valkey.sock")


def test_a_socket_path_that_the_system_would_refuse_is_replaced_by_a_short_one(tmp_path: Path) -> None:
    settings = load_settings({"INSTANCE_DIR": str(tmp_path / ("x" * 120))})
    assert len(os.fsencode(settings.bell_socket)) < 104


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://localhost/x"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("MIGRATION_DATABASE_URL", "postgresql://owner@db/board"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "http://localhost"),
        ("REDIS_URL", "redis://localhost:port"),
        ("SECRET_KEY", "short"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", "-1"),
        ("PORT", "٨٠"),
        ("PORT", "9" * 5000),
        ("HOST", "no spaces"),
        ("BASE_URL", "board.example.com"),
        ("BASE_URL", "ftp://board.example.com"),
        ("BASE_URL", "https://[::1"),
        ("BASE_URL", "https://me:pw@board.example.com"),
        ("BASE_URL", "https://example.com/board"),
        ("TRUSTED_HOSTS", "https://board.example.com"),
        ("TRUSTED_HOSTS", "board.example.com, a b"),
        ("PROXY_HOPS", "one"),
        ("WEB_WORKERS", "0"),
        ("WEB_THREADS", "x"),
        ("API_REQUESTS_PER_MINUTE", "1.5"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("INSTANCE_DIR", "/dev/null/instance"),
    ],
)
def test_a_bad_value_is_refused_in_one_line_that_names_it(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load(tmp_path, **{name: value})
    assert str(refusal.value).startswith(f"{name}: ")
    assert "\n" not in str(refusal.value)


def test_https_is_seen_by_the_base_url(tmp_path: Path) -> None:
    settings = load(tmp_path, BASE_URL="https://board.example.com/")
    assert settings.is_https
    assert settings.base_url == "https://board.example.com"


def test_trusted_hosts_are_a_list(tmp_path: Path) -> None:
    hosts = load(tmp_path, TRUSTED_HOSTS="board.example.com, .example.org,10.0.0.7,").trusted_hosts
    assert hosts == ("board.example.com", ".example.org", "10.0.0.7")


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first, second = load(tmp_path), load(tmp_path)
    kept = tmp_path / "instance" / "secret_key"
    assert first.secret_key == second.secret_key == kept.read_text().strip()
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


def test_of_many_that_start_at_once_all_have_the_same_secret_key(tmp_path: Path) -> None:
    code = "from leaderboard.settings import load_settings; print(load_settings().secret_key)"
    environ = os.environ | {"INSTANCE_DIR": str(tmp_path)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


def test_a_damaged_secret_key_is_not_replaced_in_silence(tmp_path: Path) -> None:
    load(tmp_path)
    (tmp_path / "instance" / "secret_key").write_text("")
    with pytest.raises(SettingsError, match=r"^SECRET_KEY: .*secret_key is damaged"):
        load(tmp_path)


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = load(
        tmp_path, SECRET_KEY="k" * 40, DATABASE_URL="postgresql://me:pass@db/x", REDIS_URL="redis://:pass@h"
    )
    assert "kkk" not in repr(settings)
    assert "pass" not in repr(settings)


@pytest.mark.parametrize(
    "command",
    [
        ["-m", "flask", "routes"],
        ["-c", "import wsgi"],
        ["-m", "gunicorn", "--check-config", "wsgi:app"],
        ["-m", "jobs.worker", "evaluation"],
        ["-m", "jobs.scheduler"],
    ],
    ids=lambda command: command[1],
)
def test_nothing_starts_on_a_bad_setting(tmp_path: Path, command: list[str]) -> None:
    environ = os.environ | {"INSTANCE_DIR": str(tmp_path), "PORT": "http"}
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=30
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == "Cannot start: PORT: 'http' is not a whole number from 1 to 65535\n"


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "administrator.md").read_text()
    assert [name for name in NAMES if f"`{name}`" not in text] == []


def test_every_field_comes_from_a_setting() -> None:
    derived = {name.lower() for name in NAMES}
    assert {field.name for field in dataclasses.fields(Settings)} == derived
