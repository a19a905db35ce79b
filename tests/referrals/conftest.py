import pytest
import time_machine

from tests import factories as f


@pytest.fixture(autouse=True)
def _today():
    """Pages look at the clock; it shows the day of the factories, and runs."""
    with time_machine.travel(f.NOW, tick=True):
        yield
