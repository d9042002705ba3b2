"""The cast, for tests of the web; on both databases."""

import pytest
from flask import Flask

from tests.cast import Cast, cast_of


@pytest.fixture
def cast(app: Flask) -> Cast:
    return cast_of(app)
