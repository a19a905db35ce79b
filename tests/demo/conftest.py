from datetime import date

import pytest

from ksb.demo.city.build import Order, make_city
from tests.demo.city_files import CityFiles

ON = date(2026, 11, 18)


@pytest.fixture(scope="session")
def order_city(tmp_path_factory):
    """Makes a small city and returns its CityFiles; keyword arguments are those of Order."""

    def make(**wishes):
        order = Order(**{"residents": 4_000, "seed": 7, "on": ON, "out": tmp_path_factory.mktemp("city")} | wishes)
        return CityFiles(order.out, make_city(order))

    return make


@pytest.fixture(scope="session")
def city(order_city):
    return order_city(residents=24_000, next_month=True)


@pytest.fixture(scope="session")
def winter_city(order_city):
    """Its demand runs over the turn of the year."""
    return order_city(on=date(2026, 1, 14), residents=12_000)
