"""How gunicorn serves what the product is compared with: as gunicorn.conf.py at the top, less what is the product's."""

from pathlib import Path

worker_class = "gthread"
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 5
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
accesslog = None
forwarded_allow_ips = ""
loglevel = "warning"
