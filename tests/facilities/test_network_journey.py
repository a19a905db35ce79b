"""Dinkes enters an agreement and a change of class in the browser; the hospital reads what is left of it."""

import pytest
from django.urls import reverse

from facilities.enums import Role
from facilities.models import Facility
from ksb.demo.network import create_network, live_through_network
from tests import factories as f

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
SIZES = [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]


@pytest.fixture
def network():
    create_network(f.TODAY)
    live_through_network(actor=f.make_user(Role.DINKES_SERVICES), at=f.NOW)
    return list(Facility.objects.hospitals().order_by("code"))


@pytest.mark.parametrize("size", SIZES, ids=["wide", "narrow"])
def test_every_page_of_the_network_reads_well(page, sign_in, audit, network, size):
    page.set_viewport_size(size)
    sign_in(page, f.make_user(Role.DINKES_SERVICES))
    amended, suspended, rising, quota = (network[n] for n in (8, 16, 5, 1))
    contract = amended.contracts.get()
    for name, *place in (
        ("facilities:facilities",),
        ("facilities:attention",),
        ("facilities:new_facility",),
        ("facilities:facility", suspended.code),
        ("facilities:facility", rising.code),
        ("facilities:change_facility", rising.code),
        ("facilities:change_standing", rising.code),
        ("facilities:suspend", rising.code),
        ("facilities:new_contract", rising.code),
        ("facilities:contract", contract.public_id),
        ("facilities:amend", contract.public_id),
        ("facilities:propose_account", contract.public_id),
        ("facilities:doctors", amended.code),
        ("facilities:new_doctor", amended.code),
        ("referrals:quotas",),
    ):
        page.goto(reverse(name, args=place))
        audit(page)
    sign_in(page, f.make_user(Role.HOSPITAL_DIRECTOR, facility=quota))
    page.goto(reverse("referrals:own_contract"))
    audit(page)


def test_an_addendum_is_entered_without_javascript_and_stands_in_the_history(page_without_javascript, sign_in, network):
    page, contract = page_without_javascript, network[0].contracts.get()
    sign_in(page, f.make_user(Role.DINKES_SERVICES))
    page.goto(reverse("facilities:contract", args=[contract.public_id]))
    page.click(f'a[href="{reverse("facilities:amend", args=[contract.public_id])}"]')
    page.fill("#id_number", "440/ADD-9/2026")
    page.fill("#id_signed_on", "20-11-2026")
    page.fill("#id_summary", "Kuota dinaikkan")
    page.fill("#id_starts", "1/12/2026")
    page.fill("#id_quota_letters", "150")
    page.click("main form[method=post] button.k-btn")
    assert "Kuota dinaikkan" in page.content()
    page.goto(reverse("facilities:facility_history", args=[network[0].code]))
    assert "440/ADD-9/2026" in page.content()
