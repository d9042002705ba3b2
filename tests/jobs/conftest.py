"""A bell that is heard."""

from collections.abc import Iterator

import pytest

from tests.valkey import ValkeyServer, running_valkey


@pytest.fixture
def valkey() -> Iterator[ValkeyServer]:
    """A Valkey server of the test's own."""
    with running_valkey() as server:
        yield server
