"""Compiled templates are kept beside the data: the first page after a start would wait half a second for them."""

from contextlib import suppress
from pathlib import Path

import jinja2
from flask import Flask
from jinja2.bccache import Bucket, FileSystemBytecodeCache


class TemplateCache(FileSystemBytecodeCache):
    """Jinja's cache, which may fail in any way: a disk that is full, or a file that is torn, costs only the time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        super().__init__(str(folder), f"{jinja2.__version__}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        """What is kept of the template, if it was made of the same text by the same Python and Jinja."""
        try:
            super().load_bytecode(bucket)
        except Exception:  # of a file that is torn, unpickling raises what it likes
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps it, where it can be kept."""
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, exist_ok=True)
            super().dump_bytecode(bucket)


def init_app(app: Flask, instance_dir: Path) -> None:
    """Before the first template is looked for."""
    app.jinja_options = {**app.jinja_options, "bytecode_cache": TemplateCache(folder(instance_dir))}


def folder(instance_dir: Path) -> Path:
    """Where they are kept. Whoever may write there may run code as us, as everywhere in that directory."""
    return instance_dir / "templates"
