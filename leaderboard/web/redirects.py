"""Where a form may send somebody afterwards: to a path of ours, and nowhere else."""

from urllib.parse import urlsplit

_LONGEST = 2_000


def own_path(text: str | None) -> str | None:
    """The text where it is a path of ours. `//elsewhere` and `/\\elsewhere` are other people's."""
    if not text or len(text) > _LONGEST or not text.isprintable():
        return None  # browsers drop tabs and line ends, and what is left may lead elsewhere
    if not text.startswith("/") or text.startswith(("//", "/\\")):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text
