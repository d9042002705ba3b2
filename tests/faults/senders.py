"""Senders as they should be: each event again, with the same id, until a 2xx says that it is stored."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from leaderboard.domain.instants import DAY, HOUR, MINUTE, Instant, format_instant
from leaderboard.services import clock

_PATIENCE_SECONDS = 180.0


def event(number: int, now: Instant) -> dict[str, str]:
    """Of every two the first gives a lead to a rep, and the second answers it after some minutes."""
    lead = number // 2
    assigned_at = now - 2 * DAY + lead * MINUTE // 4
    is_answer = number % 2 == 1
    at = assigned_at + (lead % 90) * MINUTE if is_answer else assigned_at
    kind = "lead.contacted" if is_answer else "lead.assigned"
    rep = ("ana", "ben")[lead % 2]
    return {
        "id": f"e{number}", "source": "crm", "type": kind, "time": format_instant(min(at, now - HOUR)),
        "lead": f"L{lead}", "rep": rep,
    }  # fmt: skip


class Senders:
    """Some threads that send numbered events over kept-alive connections, until all are sent or they are stopped."""

    def __init__(
        self, port: int, token: str, senders: int = 4, most: int = 1_000_000, now: Instant | None = None
    ) -> None:
        self.acknowledged: list[str] = []
        """Ids of the events of which a 2xx was read."""
        self.offered: set[str] = set()
        self.answers: Counter[int] = Counter()
        self.broken = 0
        """Connections that ended without an answer."""
        self.wrong: list[str] = []
        """Answers that no sender should ever get."""
        self._port, self._token, self._most = port, token, most
        self.now = clock.now() if now is None else now
        """What the events' times follow from, with their numbers."""
        self._numbers = iter(range(most))
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._ends = time.monotonic() + _PATIENCE_SECONDS
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(senders)]

    def __enter__(self) -> "Senders":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.finish()

    def finish(self) -> None:
        """No new event is begun; those that are under way are sent until they are stored."""
        self._stopped.set()
        self.join()

    def join(self) -> None:
        """Waits until all is sent."""
        for thread in self._threads:
            thread.join(timeout=_PATIENCE_SECONDS + 30)

    def wait_for(self, count: int) -> None:
        """Until so many events are acknowledged, in all."""
        self._until(lambda: len(self.acknowledged) >= count)

    def wait_for_more(self, count: int) -> float:
        """Until so many more are acknowledged; the seconds that it took."""
        began = time.monotonic()
        self.wait_for(len(self.acknowledged) + count)
        return time.monotonic() - began

    def check(self) -> None:
        """Nobody was told anything but that it is stored, or to come again."""
        assert self.wrong == []
        assert set(self.answers) <= {202, 503}
        assert sorted(self.acknowledged) == sorted(self.offered)

    def _until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            assert time.monotonic() < self._ends, f"waited in vain: {self.answers}, {self.wrong[:3]}"
            time.sleep(0.005)

    def _send(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        while not self._stopped.is_set():
            with self._lock:
                number = next(self._numbers, None)
            if number is None:
                break
            one = event(number, self.now)
            self.offered.add(one["id"])
            while not self._is_taken(connection, one) and time.monotonic() < self._ends:
                time.sleep(0.05)
        connection.close()

    def _is_taken(self, connection: http.client.HTTPConnection, one: dict[str, str]) -> bool:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        try:
            connection.request("POST", "/api/v1/events", json.dumps(one), headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self.broken += 1
            return False
        self.answers[answer.status] += 1
        if answer.status == 202:
            return self._is_receipt(one, json.loads(body))
        if answer.status != 503 or not _says_when(answer):
            self.wrong.append(f"{answer.status} {body[:200]!r}")
        return False

    def _is_receipt(self, one: dict[str, str], document: dict[str, Any]) -> bool:
        if document["accepted"] + document["duplicates"] != 1 or document["rejected"]:
            self.wrong.append(str(document))
        self.acknowledged.append(one["id"])
        return True


def _says_when(answer: http.client.HTTPResponse) -> bool:
    is_problem = answer.headers["Content-Type"] == "application/problem+json"
    return is_problem and int(answer.headers["Retry-After"] or 0) > 0


class Visitor:
    """Somebody logged in who opens the leaderboard again and again."""

    def __init__(self, port: int, cookie: str) -> None:
        self.answers: Counter[int] = Counter()
        self.wrong: list[str] = []
        self._port, self._cookie = port, cookie
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._visit, daemon=True)

    def __enter__(self) -> "Visitor":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._left.set()
        self._thread.join(timeout=60)

    def check(self) -> None:
        """A page was shown, or one that says that it comes back."""
        assert self.wrong == []
        assert set(self.answers) <= {200, 503}
        assert self.answers[200]

    def _visit(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        while not self._left.wait(0.02):
            try:
                connection.request("GET", "/", headers={"Cookie": self._cookie})
                answer = connection.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                continue
            self.answers[answer.status] += 1
            is_told = b"Not available for a moment" in body and int(answer.headers["Retry-After"] or 0) > 0
            if answer.status != 200 and not (answer.status == 503 and is_told):
                self.wrong.append(f"{answer.status} {body[:200]!r}")
        connection.close()
