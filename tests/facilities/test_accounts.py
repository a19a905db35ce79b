"""Accounts in the administration: rights are given by somebody else, and secrets of others cannot be guessed there."""

import pytest
from django.urls import reverse

from facilities.enums import Role
from facilities.models import Holiday, Membership, User
from ksb.core.models import JournalEntry
from tests import factories as f

pytestmark = pytest.mark.django_db
ADD = reverse("admin:facilities_membership_add")
PEOPLE = reverse("admin:facilities_user_changelist")


@pytest.fixture
def administrator(client):
    user = f.make_user(Role.SYSTEM_ADMIN)
    client.force_login(user)
    return user


def grant(user, role, **more):
    return {"user": user.pk, "role": role, "valid_from": "2026-11-22", "valid_to": "", "decree": "SK 1", **more}


def test_an_administrator_gives_a_role_and_answers_for_it(client, administrator):
    colleague = f.make_user()
    assert client.post(ADD, grant(colleague, Role.REGISTRATION_CLERK)).status_code == 302
    assert Membership.objects.get(user=colleague).granted_by == administrator


def test_nobody_gives_a_role_to_themselves(client, administrator):
    page = client.post(ADD, grant(administrator, Role.AUDITOR))
    assert page.context["adminform"].form.non_field_errors()
    assert Membership.objects.filter(user=administrator).count() == 1


def test_nor_by_changing_what_a_colleague_once_gave_them(client, administrator):
    own = Membership.objects.get(user=administrator)
    address = reverse("admin:facilities_membership_change", args=[own.pk])
    assert client.post(address, grant(administrator, Role.DINKES_CLAIMS)).status_code == 403
    others = f.make_user(Role.AUDITOR).memberships.get()
    address = reverse("admin:facilities_membership_change", args=[others.pk])
    assert client.post(address, grant(administrator, Role.DINKES_CLAIMS)).status_code == 200
    assert set(Membership.objects.filter(user=administrator).values_list("role", flat=True)) == {Role.SYSTEM_ADMIN}


def test_who_changes_a_membership_answers_for_it(client, administrator):
    colleague = f.make_user(Role.REGISTRATION_CLERK)
    membership = colleague.memberships.get()
    address = reverse("admin:facilities_membership_change", args=[membership.pk])
    assert client.post(address, grant(colleague, Role.MEMBERSHIP_VERIFIER)).status_code == 302
    membership.refresh_from_db()
    assert (membership.role, membership.granted_by) == (Role.MEMBERSHIP_VERIFIER, administrator)


@pytest.mark.parametrize(
    "guess",
    [
        *("password__startswith=scrypt", "password__gt=a", "memberships__role=AUDITOR", "last_name__regex=("),
        *("auth_token__key__startswith=a", "nip__contains=1", "is_active__regex=(", "pk__in=1"),
    ],
)
def test_a_column_that_is_not_offered_cannot_be_asked_for(client, administrator, guess):
    assert client.get(f"{PEOPLE}?{guess}").status_code == 400


def test_what_a_list_offers_still_narrows_it(client, administrator):
    page = client.get(f"{PEOPLE}?is_active__exact=0")
    assert page.status_code == 200
    assert not page.context["cl"].result_list


def test_the_form_of_an_account_takes_no_password_and_makes_nobody_a_superuser(client, administrator):
    colleague = f.make_user(Role.AUDITOR)
    address = reverse("admin:facilities_user_change", args=[colleague.pk])
    sent = {"username": "baru", "is_active": "on", "is_superuser": "on", "password": "x", "date_joined": "2020-01-01"}
    assert client.post(address, sent).status_code == 302
    after = User.objects.get(pk=colleague.pk)
    assert (after.username, after.is_superuser, after.password) == ("baru", False, colleague.password)


def test_the_coordinator_can_choose_every_verifier_and_no_other_account(client):
    verifier = f.make_user(Role.VERIFIER_MEDICAL)
    f.make_user(Role.TREASURER)
    client.force_login(f.make_user(Role.VERIFIER_COORDINATOR))
    form = client.get(reverse("admin:verification_appointment_add")).context["adminform"].form
    offered = form.fields["verifier"].queryset
    assert verifier in offered
    assert not offered.filter(memberships__role=Role.TREASURER).exists()


def test_a_day_added_to_the_calendar_stands_in_the_journal(client):
    client.force_login(f.make_user(Role.DINKES_SERVICES))
    client.post(reverse("admin:facilities_holiday_add"), {"day": "2027-02-02", "name": "Hari uji"})
    entry = JournalEntry.objects.about(Holiday.objects.get(name="Hari uji")).get()
    assert (entry.verb, entry.object_id, entry.data["key"]) == ("admin.add", None, "2027-02-02")
