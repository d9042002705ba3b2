"""A virtual environment of its own for what the product is compared with."""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

_HERE = Path(__file__).parent
_REQUIREMENTS = _HERE / "requirements.txt"


def run_in_own_environment(module: str) -> None:
    """Goes on in the environment that bench/requirements.txt names; made first if it is not there.

    Returns only inside of it: outside, the module is run there and this process ends with its exit code.
    """
    if Path(sys.prefix).resolve() == _home().resolve():
        return
    python = str(own_python())
    environment = os.environ | {"PYTHONPATH": str(_HERE.parent)}
    sys.exit(subprocess.run([python, "-m", module, *sys.argv[1:]], env=environment, check=False).returncode)


def own_python(requirements: Path = _REQUIREMENTS) -> Path:
    """The interpreter of an environment with these requirements, which is made first if it is not there."""
    home = _home(requirements)
    if not (home / "complete").exists():
        _make(home, requirements)
    return _python(home)


def _home(requirements: Path = _REQUIREMENTS) -> Path:
    """Another one for every list of requirements and every Python, so that none is ever out of date."""
    wanted = requirements.read_bytes() + sys.version.encode()
    return _HERE / ".cache" / f"venv-{hashlib.sha256(wanted).hexdigest()[:12]}"


def _python(home: Path) -> Path:
    return home / ("Scripts" if os.name == "nt" else "bin") / "python"


def _make(home: Path, requirements: Path) -> None:
    """Raises subprocess.CalledProcessError where something cannot be installed."""
    print(f"Installing {requirements.name} into {home.relative_to(_HERE.parent)}", file=sys.stderr)
    venv.create(home, with_pip=True, clear=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(requirements)]
    subprocess.run([str(_python(home)), *install], check=True)
    # Last, so that an installation that was broken off is made again.
    (home / "complete").touch()
