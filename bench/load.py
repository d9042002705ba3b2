"""Requests over kept-alive connections of the loopback, as fast as they are answered: bounded in number and time."""

import socket
import statistics
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Payload = Callable[[int], bytes]
"""The n-th request, whole, as it goes over the wire."""
_TIMEOUT_SECONDS = 20.0


class Refused(Exception):
    """An answer that was not expected. The message is its beginning."""


@dataclass(slots=True)
class Answer:
    """A status, and a body."""

    status: int
    body: bytes


class Connection:
    """One kept-alive connection to a port of the loopback."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._port = port
        self._left = b""

    def ask(self, request: bytes) -> Answer:
        """Sends a request and reads its answer, which must say its length."""
        self._socket.sendall(request)
        head = self._read_until_body()
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ", 2)[1])
        fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
        length = 0 if status == 204 else int(fields["content-length"])
        while len(self._left) < length:
            self._left += self._received()
        body, self._left = self._left[:length], self._left[length:]
        if fields.get("connection") == "close":
            self.close()
            self.__init__(self._port)  # type: ignore[misc]
        return Answer(status, body)

    def close(self) -> None:
        self._socket.close()

    def _read_until_body(self) -> bytes:
        while b"\r\n\r\n" not in self._left:
            self._left += self._received()
        head, _, self._left = self._left.partition(b"\r\n\r\n")
        return head

    def _received(self) -> bytes:
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionError("closed in the middle of an answer")
        return data


@dataclass(slots=True)
class Load:
    """What came of it: how many were answered, in how many seconds, and how long each took, in seconds."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken) / self.seconds

    @property
    def p99(self) -> float:
        return percentile(self.taken, 99)


def percentile(values: list[float], of_100: int) -> float:
    """The value that so many of a hundred do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[of_100 - 1]


def run(
    port: int, payload: Payload, connections: int, seconds: float, most: int, expected: int = 200
) -> Load:
    """Asks over so many connections until the time is up or `most` requests were sent. Raises Refused."""
    load, lock, numbers = Load(), threading.Lock(), iter(range(most))
    failures: list[BaseException] = []
    ends = time.perf_counter() + seconds

    def work() -> None:
        taken = []
        try:
            connection = Connection(port)
            while (began := time.perf_counter()) < ends and not failures:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    break
                answer = connection.ask(payload(number))
                taken.append(time.perf_counter() - began)
                if answer.status != expected:
                    raise Refused(f"{answer.status} {answer.body[:200]!r}")
            connection.close()
        except BaseException as error:  # told by the thread that asked for it
            failures.append(error)
        with lock:
            load.taken.extend(taken)

    threads = [threading.Thread(target=work) for _ in range(connections)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    load.seconds = time.perf_counter() - began
    if failures:
        raise failures[0]
    return load


def get(path: str, headers: Mapping[str, str]) -> bytes:
    """A GET request."""
    return _request("GET", path, headers, b"")


def post_json(path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """A POST request."""
    length = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    return _request("POST", path, {**headers, **length}, body)


def _request(method: str, path: str, headers: Mapping[str, str], body: bytes) -> bytes:
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{fields}\r\n".encode() + body
