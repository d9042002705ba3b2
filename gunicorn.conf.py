"""How gunicorn serves wsgi:app; it finds this file by itself."""

import os
import shutil
import signal
from pathlib import Path
from typing import Any

from leaderboard.cli.address import note
from leaderboard.leash import end_with_parent
from leaderboard.settings import settings_or_exit

_settings = settings_or_exit()

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
worker_class = "gthread"
# A stream to a screen takes a thread that waits nearly all the time; requests are let in beside (web/tv/gate.py).
threads = _settings.web_threads + _settings.screen_streams
# Imported once and shared by the workers; a bad setting then ends the start and not worker after worker.
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 5
control_socket_disable = True
# The liveness file must not wait for a busy disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# Ours says it with request ids; the proxy's headers are believed by PROXY_HOPS alone.
accesslog = None
forwarded_allow_ips = ""
loglevel = "warning"

# Where the workers count their requests for /metrics, each in a file of its own. Its name must be known before the
# application is imported; a second server of this instance listens on another port.
_metrics_dir = _settings.instance_dir / f"metrics-{_settings.port}"
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics_dir)


def on_starting(_server: Any) -> None:
    """Counting begins at 0: the application is imported, and no worker has begun. Commands learn where we are."""
    shutil.rmtree(_metrics_dir, ignore_errors=True)
    _metrics_dir.mkdir(mode=0o700)
    note(_settings)


def post_fork(server: Any, worker: Any) -> None:
    """Lets go of what belongs to the parent, and ends with it."""
    from leaderboard.app import after_fork

    end_with_parent(signal.SIGTERM)
    app = server.app.wsgi()
    after_fork(app)
    # Streams go on for hours: they end when the worker is told to.
    app.extensions["hub"].is_ending = lambda: not worker.alive
