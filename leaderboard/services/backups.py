"""A consistent copy of everything, made while the product runs: the database, and the keys of credentials; and back."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from sqlalchemy import URL, func, select

from leaderboard.domain.instants import format_instant
from leaderboard.persistence.db import current_session, db, db_report
from leaderboard.persistence.models import Event, LedgerEntry
from leaderboard.services import clock
from leaderboard.services.credential_keys import copy_keys

_SQLITE, _POSTGRESQL, _MANIFEST = "leaderboard.sqlite3", "leaderboard.pgdump", "backup.json"
_KEYS = "credential_keys"


class BackupRefused(Exception):
    """A copy cannot be made, or not be put back; the message says why, and what to do."""


def back_up(folder: Path, keys: Path | None = None) -> dict[str, Any]:
    """Writes the copy into an empty or new folder, and what it holds; the last file is written when all is there.

    `keys` is the folder of the keys of credentials; None leaves them out.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty: a backup gets a folder of its own")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    manifest = _manifest() | {"keys": None if keys is None else copy_keys(keys, folder / _KEYS)}
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        _vacuum_into(folder / _SQLITE)
    else:
        _dump(url, folder / _POSTGRESQL)
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
    return manifest


def restore(folder: Path, keys: Path | None = None, replace: bool = False) -> dict[str, Any]:
    """Puts a copy back. Into a database that holds events only with `replace`: what is in it is lost.

    The keys of credentials go back beside those in the folder `keys`, nowhere without one; the one that signs takes the
    place of another only with `replace`, and what that one signed stays to be seen to be genuine.
    """
    manifest = _read_manifest(folder)
    if not replace and _holds_events():
        raise BackupRefused(
            "this database holds events: what is in it would be lost; say --replace if it shall"
        )
    url = db.engine.url
    backend = url.get_backend_name()
    if manifest["database"] != backend:
        raise BackupRefused(f"this is a copy of a {manifest['database']} database, and this one is {backend}")
    db.session.remove()
    if backend == "sqlite":
        _copy_back(folder / _SQLITE)
    else:
        db.engine.dispose()
        _run(
            "pg_restore",
            url,
            "--clean",
            "--if-exists",
            "--no-owner",
            "--single-transaction",
            str(folder / _POSTGRESQL),
        )
    if keys is not None:
        copy_keys(folder / _KEYS, keys, replace)
    return manifest


def _manifest() -> dict[str, Any]:
    session = current_session()
    report = db_report()
    counts = {
        "events": session.scalar(select(func.count()).select_from(Event)),
        "entries": session.scalar(select(func.count()).select_from(LedgerEntry)),
    }
    session.rollback()
    made_at = format_instant(clock.now())
    backend = db.engine.url.get_backend_name()
    return {"made_at": made_at, "database": backend, "revision": report.revision, "at_least": counts}


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        raise BackupRefused(
            f"{folder} holds no complete backup: {_MANIFEST} is missing or cannot be read"
        ) from None
    return manifest


def _holds_events() -> bool:
    if db_report().revision is None:
        return False
    session = current_session()
    found = session.scalar(select(Event.seq).limit(1)) is not None
    session.rollback()
    return found


def _vacuum_into(path: Path) -> None:
    """The copy of one moment, with what the write-ahead log holds; copying the file would miss that."""
    connection = db.engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        driver.execute("PRAGMA query_only = OFF")  # it may have been a page's that only reads
        driver.execute("VACUUM INTO ?", (str(path),))
    finally:
        connection.close()


def _copy_back(path: Path) -> None:
    """Page by page through SQLite itself, in one transaction: who has the file open sees all of it or nothing."""
    connection = db.engine.raw_connection()
    try:
        driver: Any = connection.driver_connection
        module = db.engine.dialect.dbapi
        source = module.connect(f"file:{path}?mode=ro", uri=True)  # type: ignore[union-attr]
        try:
            source.backup(driver)
        finally:
            source.close()
    finally:
        connection.close()


def _dump(url: URL, path: Path) -> None:
    _run("pg_dump", url, "--format=custom", f"--file={path}")


def _run(program: str, url: URL, *words: str) -> None:
    if shutil.which(program) is None:
        raise BackupRefused(f"{program} is not on the path: install PostgreSQL's client programs")
    address = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = dict(os.environ)
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run(
        [program, f"--dbname={address}", *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        told = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise BackupRefused(f"{program}: {told}")
