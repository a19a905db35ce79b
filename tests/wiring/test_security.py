"""Whom a request comes from, behind proxies and without them."""

import pytest
from django.http import HttpResponse

from ksb.core.security import ClientAddressMiddleware


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, "203.0.113.9", "10.0.0.2"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "8.8.8.8, 203.0.113.9", "203.0.113.9"),
        (2, "8.8.8.8, 203.0.113.9, 10.0.0.7", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.2"),
        (1, "", "10.0.0.2"),
    ],
)
def test_only_what_our_own_proxies_added_is_believed(rf, settings, proxies, forwarded, believed):
    settings.PROXIES = proxies
    request = rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="10.0.0.2")
    ClientAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == believed


def test_without_the_header_the_peer_is_the_visitor(rf, settings):
    settings.PROXIES = 1
    request = rf.get("/", REMOTE_ADDR="10.0.0.2")
    ClientAddressMiddleware(lambda request: HttpResponse())(request)
    assert request.META["REMOTE_ADDR"] == "10.0.0.2"
