"""The administration as a whole: what its lists offer works, and nothing is shown the way the database keeps it."""

import re
from html import unescape

import pytest
from django.contrib import admin
from django.urls import reverse

from facilities.enums import Role
from tests import factories as f

pytestmark = pytest.mark.django_db
LINK = re.compile(r'href="(\?[^"]+)"')
RAW = ("DateRange(", "Decimal(", "datetime.date", "&lt;Q:")


def lists(client):
    """Address and page of every list the user may open."""
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        answer = client.get(address)
        if answer.status_code == 200:
            yield address, answer.content.decode()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DINKES_SERVICES, Role.DINKES_MEMBERSHIP, Role.TREASURER])
def test_every_filter_and_order_a_list_offers_works_and_nothing_is_shown_raw(client, role):
    f.make_contract(f.hospital())
    client.force_login(f.make_user(role))
    wrong, seen = [], 0
    for address, page in lists(client):
        by_parameter = {link.partition("=")[0]: unescape(link) for link in LINK.findall(page)}
        for link in ["", *by_parameter.values()]:
            answer = client.get(address + link)
            seen += 1
            if answer.status_code != 200 or any(raw in answer.content.decode() for raw in RAW):
                wrong.append(f"{address}{link}: {answer.status_code}")
    assert not wrong
    assert seen >= 3
