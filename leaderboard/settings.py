"""Settings: the environment, read once into frozen values; a bad one stops the start with one line."""

import hashlib
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent

NAMES = (
    "DATABASE_URL",
    "MIGRATION_DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "CREDENTIAL_KEYS",
    "PORT",
    "HOST",
    "BASE_URL",
    "TRUSTED_HOSTS",
    "PROXY_HOPS",
    "WEB_WORKERS",
    "WEB_THREADS",
    "SCREEN_STREAMS",
    "API_REQUESTS_PER_MINUTE",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "INSTANCE_DIR",
)
"""Every setting there is; docs/administrator.md tells what each one does."""

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_LOG_FORMATS = ("auto", "json", "text")
_SHORTEST_SECRET = 32
_LONGEST_SOCKET_PATH = 103  # macOS; Linux takes 107
_HOST = re.compile(r"\.?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)

DEFAULT_ADDRESS = "http://127.0.0.1:8000"


class SettingsError(Exception):
    """A setting cannot be used; the message is one line that begins with its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment says, checked. URLs are in the form that their clients take."""

    instance_dir: Path
    database_url: str
    migration_database_url: str
    redis_url: str | None
    """None: the product starts an embedded server of its own."""
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = DEFAULT_ADDRESS
    trusted_hosts: tuple[str, ...] = ()
    """Host names that requests may bear; empty: any."""
    proxy_hops: int = 0
    web_workers: int = 2
    web_threads: int = 8
    screen_streams: int = 250
    """How many screens one web process keeps a stream open to, each by a thread that waits; more of them poll."""
    api_requests_per_minute: int = 6_000
    """How often one token may come to one web process; 0: as often as it likes."""
    log_level: str = "INFO"
    log_format: str = "auto"
    credential_keys: Path | None = None
    """The folder of the keys by which awards that people take along are signed; None: in the instance."""

    @property
    def keys_folder(self) -> Path:
        """Where those keys are. Not made here: only who signs needs it."""
        return self.credential_keys or self.instance_dir / "credential_keys"

    @property
    def is_https(self) -> bool:
        """Whether people reach us by https, and cookies may so be Secure."""
        return self.base_url.startswith("https://")

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def bell_url(self) -> str:
        """Where Redis or Valkey listens: REDIS_URL, or the embedded server's socket."""
        return self.redis_url or f"unix://{quote(str(self.bell_socket))}"

    @property
    def bell_socket(self) -> Path:
        """The embedded server's socket: in the instance, or where that path is too long for one, in a short one."""
        path = self.instance_dir / "valkey.sock"
        if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
            return path
        mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"leaderboard-{os.getuid()}-{mark}" / "valkey.sock"

    def __repr__(self) -> str:
        """Without the secrets: settings end up in logs and tracebacks."""
        return (
            f"Settings(instance_dir={str(self.instance_dir)!r}, port={self.port}, base_url={self.base_url!r})"
        )


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that `environ` gives. Raises SettingsError with one line for the first bad value.

    Makes the instance directory, and in it the secret key when none is given.
    """
    given = {name: environ[name].strip() for name in NAMES if environ.get(name, "").strip()}
    instance_dir = _instance_dir(given.get("INSTANCE_DIR"))
    database_url = _database_url("DATABASE_URL", given.get("DATABASE_URL"), instance_dir)
    host, port = given.get("HOST", "127.0.0.1"), _whole("PORT", given, 8000, 1, 65_535)
    return Settings(
        instance_dir=instance_dir,
        database_url=database_url,
        migration_database_url=_migration_url(given, database_url, instance_dir),
        redis_url=_redis_url(given.get("REDIS_URL")),
        secret_key=_secret_key(given.get("SECRET_KEY"), instance_dir),
        host=_host("HOST", host),
        port=port,
        base_url=_base_url(given.get("BASE_URL"), port),
        trusted_hosts=_trusted_hosts(given.get("TRUSTED_HOSTS", "")),
        proxy_hops=_whole("PROXY_HOPS", given, 0, 0, 10),
        web_workers=_whole("WEB_WORKERS", given, 2, 1, 64),
        web_threads=_whole("WEB_THREADS", given, 8, 1, 256),
        screen_streams=_whole("SCREEN_STREAMS", given, 250, 0, 1_000),
        api_requests_per_minute=_whole("API_REQUESTS_PER_MINUTE", given, 6_000, 0, 10_000_000),
        log_level=_one_of("LOG_LEVEL", given, "INFO", _LOG_LEVELS, str.upper),
        log_format=_one_of("LOG_FORMAT", given, "auto", _LOG_FORMATS, str.lower),
        credential_keys=_credential_keys(given.get("CREDENTIAL_KEYS")),
    )


def _instance_dir(text: str | None) -> Path:
    """Created for its owner alone: it holds the key, the database and the embedded server's socket."""
    path = Path(text).expanduser().resolve() if text else ROOT / "instance"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"INSTANCE_DIR: cannot make {path}: {error.strerror}") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingsError(f"INSTANCE_DIR: cannot write to {path}")
    return path


def _database_url(name: str, text: str | None, instance_dir: Path) -> str:
    if text is None:
        return f"sqlite:///{instance_dir / 'leaderboard.sqlite3'}"
    try:
        url = make_url(text)
    except ArgumentError:
        raise SettingsError(f"{name}: not a database URL (postgresql://USER:PASSWORD@HOST/NAME)") from None
    backend = url.drivername.partition("+")[0]
    if backend in ("postgres", "postgresql"):
        return _text(url.set(drivername="postgresql+psycopg"))
    if backend == "sqlite":
        return _text(_sqlite_url(name, url))
    raise SettingsError(f"{name}: {backend} is not supported; use postgresql:// or sqlite:///FILE")


def _sqlite_url(name: str, url: URL) -> URL:
    """A file at an absolute path: workers of one installation may start in other directories."""
    if not url.database or url.database == ":memory:":
        raise SettingsError(f"{name}: SQLite needs a file; a database in memory is lost with its process")
    return url.set(drivername="sqlite", database=str((ROOT / url.database).resolve()))


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _migration_url(given: Mapping[str, str], database_url: str, instance_dir: Path) -> str:
    name = "MIGRATION_DATABASE_URL"
    if name not in given:
        return database_url
    url = _database_url(name, given[name], instance_dir)
    if make_url(url).get_backend_name() != make_url(database_url).get_backend_name():
        raise SettingsError(f"{name}: not the kind of database that DATABASE_URL names")
    return url


def _redis_url(text: str | None) -> str | None:
    if text is None:
        return None
    scheme = text.partition("://")[0]
    known = {"valkey": "redis", "valkeys": "rediss"}
    scheme_for_client = known.get(scheme, scheme)
    if scheme_for_client not in ("redis", "rediss", "unix") or "://" not in text:
        raise SettingsError("REDIS_URL: must begin with redis://, rediss:// or unix://")
    try:
        urlsplit(text).port  # noqa: B018 -- reading it checks it
    except ValueError:
        raise SettingsError("REDIS_URL: the port is not a number from 0 to 65535") from None
    return scheme_for_client + text[len(scheme) :]


def _secret_key(text: str | None, instance_dir: Path) -> str:
    if text is None:
        return _kept_secret(instance_dir / "secret_key")
    if len(text) < _SHORTEST_SECRET:
        raise SettingsError(f"SECRET_KEY: too short; at least {_SHORTEST_SECRET} characters are needed")
    return text


def _credential_keys(text: str | None) -> Path | None:
    if text is None:
        return None
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise SettingsError(f"CREDENTIAL_KEYS: {path} is not a folder")
    return path


def _kept_secret(path: Path) -> str:
    """The instance's own key, made at first use.

    Linked into place whole, so that of two processes starting at once one wins and both read the same.
    """
    try:
        if not path.exists():
            _make_secret(path)
        key = path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"SECRET_KEY: cannot use {path}: {error}") from None
    if len(key) < _SHORTEST_SECRET:
        raise SettingsError(
            f"SECRET_KEY: {path} is damaged; put the key back, or remove the file for a new one"
        )
    return key


def _make_secret(path: Path) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its key is the instance's
    finally:
        draft.unlink()


def _whole(name: str, given: Mapping[str, str], default: int, low: int, high: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and low <= int(text) <= high):
        raise SettingsError(f"{name}: {text!r} is not a whole number from {low} to {high}")
    return int(text)


def _one_of(
    name: str, given: Mapping[str, str], default: str, known: tuple[str, ...], fold: Callable[[str], str]
) -> str:
    text = fold(given.get(name, default))
    if text not in known:
        raise SettingsError(f"{name}: {text!r} is none of {', '.join(known)}")
    return text


def _host(name: str, text: str) -> str:
    if text != "::" and not _HOST.fullmatch(text):
        raise SettingsError(f"{name}: {text!r} is not a host name or address")
    return text


def _base_url(text: str | None, port: int) -> str:
    """Scheme and host of the links in mails, without a slash at the end."""
    if text is None:
        return f"http://127.0.0.1:{port}"
    try:
        parts = urlsplit(text)
        usable = parts.port != 0 and parts.hostname and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        usable = False
    if not usable or parts.scheme not in ("http", "https"):
        raise SettingsError(f"BASE_URL: {text!r} is not an address like https://board.example.com")
    if parts.path.strip("/"):
        raise SettingsError("BASE_URL: a path is not supported; give the product a host name of its own")
    return f"{parts.scheme}://{parts.netloc}"


def _trusted_hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(part.strip() for part in text.split(",") if part.strip())
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise SettingsError(f"TRUSTED_HOSTS: {host!r} is not a host name (no scheme, no port)")
    return hosts


def settings_or_exit() -> Settings:
    """For what starts a process: a bad setting ends it with one line on standard error and exit code 1."""
    try:
        return load_settings()
    except SettingsError as error:
        raise SystemExit(f"Cannot start: {error}") from None
