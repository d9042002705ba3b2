"""Where the running web is reached: it notes that in the instance, for commands that print links.

Whoever starts it on another port says so to that process alone; a command that is typed later would not know.
"""

from leaderboard.settings import DEFAULT_ADDRESS, Settings

_FILE = "address"


def note(settings: Settings) -> None:
    """The web is about to listen there."""
    (settings.instance_dir / _FILE).write_text(f"{settings.base_url}\n", encoding="utf-8")


def known(settings: Settings) -> str:
    """The address that the environment gives; where it says nothing, the one that the web was last started with."""
    if settings.base_url != DEFAULT_ADDRESS:
        return settings.base_url
    try:
        noted = (settings.instance_dir / _FILE).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return settings.base_url
    return noted if noted.startswith(("http://", "https://")) and noted.isprintable() else settings.base_url
