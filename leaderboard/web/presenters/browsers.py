"""What a screen's browser calls itself, short enough to be read."""

import re

_SYSTEM = re.compile(r"(Tizen|Web0S|webOS|AFT|CrKey|BRAVIA|Windows|Macintosh|Android|Linux)")
_SYSTEMS = {"Web0S": "webOS", "AFT": "Fire TV", "CrKey": "Chromecast", "Macintosh": "macOS"}
_ENGINE = re.compile(r"(Firefox|Edg|Chrome|Version)/(\d+)")
_ENGINES = {"Edg": "Edge", "Version": "Safari"}


def browser_name(user_agent: str) -> str:
    """`Chrome 118, Linux`; nothing for one that does not say."""
    engine, system = _ENGINE.search(user_agent), _SYSTEM.search(user_agent)
    parts = [] if engine is None else [f"{_ENGINES.get(engine[1], engine[1])} {engine[2]}"]
    if system is not None:
        parts.append(_SYSTEMS.get(system[1], system[1]))
    return ", ".join(parts)
