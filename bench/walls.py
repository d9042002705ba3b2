"""Screens as the bench has them: streams of server-sent events over connections of their own, read as they come."""

import selectors
import socket
import time
from collections.abc import Sequence
from contextlib import suppress

from bench import load

_TAIL = 300
"""What is looked for is shorter, and may lie across two pieces that came."""
_PATIENCE_SECONDS = 30.0


class Walls:
    """So many screens that listen."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams = selectors.DefaultSelector()
        self._tails: list[bytes] = []

    def come(self, tokens: Sequence[str]) -> float:
        """All at once; seconds until the last has its first frame."""
        began = time.perf_counter()
        for token in tokens:
            stream = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE_SECONDS)
            self._streams.register(stream, selectors.EVENT_READ, len(self._tails))
            self._tails.append(b"")
            stream.sendall(load.get("/tv/stream", {"Cookie": f"tv={token}", "Accept": "text/event-stream"}))
        return max(self.arrivals(b"event: frame", began))

    def listen(self, seconds: float) -> None:
        """Takes what comes for so long."""
        ends = time.perf_counter() + seconds
        while (left := ends - time.perf_counter()) > 0:
            self._take(left)

    def arrivals(self, wanted: bytes, since: float) -> list[float]:
        """Seconds until these bytes have come, for each screen."""
        arrived: dict[int, float] = {}
        ends = time.perf_counter() + _PATIENCE_SECONDS
        while len(arrived) < len(self._tails):
            if time.perf_counter() > ends:
                raise TimeoutError(f"{len(arrived)} of {len(self._tails)} screens have {wanted!r}")
            for number, data in self._take(1.0):
                if wanted in data:
                    arrived.setdefault(number, time.perf_counter() - since)
        return list(arrived.values())

    def leave(self) -> None:
        """Closes all."""
        for key in list(self._streams.get_map().values()):
            with suppress(OSError):
                key.fileobj.close()  # type: ignore[union-attr]
        self._streams.close()

    def _take(self, longest: float) -> list[tuple[int, bytes]]:
        """What has come, by screen, with the end of what came before."""
        found = []
        for key, _ in self._streams.select(longest):
            assert isinstance(key.fileobj, socket.socket)
            data = key.fileobj.recv(262_144)
            if not data:
                raise ConnectionError("a stream was ended")
            data = self._tails[key.data] + data
            if b"event: full" in data:
                raise load.Refused("a screen found no place")
            self._tails[key.data] = data[-_TAIL:]
            found.append((key.data, data))
        return found
