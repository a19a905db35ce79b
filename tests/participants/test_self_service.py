"""A family applies by itself on a telephone: the same checks as at the counter, nothing of another family, no script."""

import datetime
import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone

from ksb.core.errors import Refused
from ksb.core.models import JournalEntry, SchemeVersion
from ksb.core.ratelimit import TooMany, hit
from participants import consents, enrolment, self_service
from participants.enums import Channel, ConsentPurpose, EnrolmentState
from participants.models import Document, Enrolment
from participants.own_family import DEVICE
from tests.factories import NOW, enrol, fresh_sources, make_family, make_household, make_resident, make_run, system
from tests.participants.factories import (
    keeper,
    make_application,
    make_draft,
    make_online_application,
    make_rejected,
    verifier,
)
from tests.participants.test_resident_portal import enter, fresh_today, text_of
from tests.support.scans import photo, upload

pytestmark = pytest.mark.django_db
BEGIN, PHOTO, REVIEW, STATUS, APPEAL = (
    reverse(f"resident:{name}") for name in ("begin", "photo", "review", "application", "appeal")
)
WITHDRAW = reverse("resident:withdraw_consent")
AGREED = {"consent": "on", "phone": "0812 3456 7890"}


@pytest.fixture
def family(client):
    """A family of three that has opened its own page."""
    fresh_today()
    household = make_family()
    enter(client, household.head)
    return household


def send_photos(client):
    for kind in ("KK", "KTP"):
        assert client.post(PHOTO, {"kind": kind, "file": upload()}).url == PHOTO


# The way from the notice to the number


def test_a_family_applies_without_staff_and_gets_its_number(client, family):
    assert client.get(BEGIN).status_code == 200
    assert client.post(BEGIN, AGREED).url == PHOTO
    send_photos(client)
    assert client.get(PHOTO).url == REVIEW
    assert client.get(REVIEW).status_code == 200
    assert client.post(REVIEW).url == STATUS
    application = Enrolment.objects.get()
    assert (application.channel, application.state) == (Channel.ONLINE, EnrolmentState.CHECKING)
    assert application.created_by == application.submitted_by == system()
    assert application.phone == "081234567890"
    assert application.checklist["consent"] is True
    said = text_of(client.get(STATUS))
    assert application.number in said
    assert JournalEntry.objects.filter(verb="enrolment.submit", object_id=application.pk, actor=None).exists()


def test_pressing_twice_hands_in_once_and_sends_a_photo_once(client, family):
    client.post(BEGIN, AGREED)
    send_photos(client)
    assert client.post(PHOTO, {"kind": "KTP", "file": upload()}).url == PHOTO
    assert Document.objects.count() == 2
    assert [client.post(REVIEW).url for _ in range(2)] == [STATUS, STATUS]
    assert JournalEntry.objects.filter(verb="enrolment.submit").count() == 1


@pytest.mark.parametrize("missing", ["consent", "phone"])
def test_without_agreement_or_telephone_nothing_begins(client, family, missing):
    response = client.post(BEGIN, {name: value for name, value in AGREED.items() if name != missing})
    assert missing in response.context["form"].errors
    assert not Enrolment.objects.exists()


def test_the_photos_are_asked_for_one_by_one_and_what_is_no_photo_is_told_at_the_field(client, family):
    client.post(BEGIN, AGREED)
    assert client.get(PHOTO).context["kind"] == "KK"
    response = client.post(PHOTO, {"kind": "KK", "file": upload(b"MZ...", "kk.jpg")})
    assert response.context["form"].errors["file"]
    assert client.post(PHOTO, {"kind": "KK"}).context["form"].errors["file"]
    client.post(PHOTO, {"kind": "KK", "file": upload()})
    assert client.get(PHOTO).context["kind"] == "KTP"
    assert client.get(f"{PHOTO}?lain").context["kind"] == "KTP"
    client.post(PHOTO, {"kind": "KTP", "file": upload()})
    assert client.get(f"{PHOTO}?lain").context["kind"] == "OTHER"


def test_a_photo_can_be_looked_at_and_taken_back_on_the_same_telephone_alone(client, family):
    client.post(BEGIN, AGREED)
    send_photos(client)
    scan = Document.objects.order_by("pk").first()
    look = reverse("resident:own_photo", args=[scan.public_id])
    assert client.get(look).headers["Content-Type"] == "image/jpeg"
    del client.cookies[DEVICE]
    assert client.get(look).status_code == 404
    assert client.post(reverse("resident:remove_photo", args=[scan.public_id])).url == REVIEW
    assert Document.objects.count() == 1
    assert client.get(PHOTO).context["kind"] == "KK"


def test_a_photo_of_another_family_does_not_exist_here(client, family):
    client.post(BEGIN, AGREED)
    send_photos(client)
    other = make_draft()
    scan = self_service.attach(enrolment=other, kind="KK", file=upload(), at=NOW)
    for name, method in (("own_photo", client.get), ("remove_photo", client.post)):
        assert method(reverse(f"resident:{name}", args=[scan.public_id])).status_code == 404
    assert Document.objects.filter(pk=scan.pk).exists()


@pytest.mark.parametrize("name", ["begin", "photo", "review", "application", "appeal"])
def test_without_the_three_details_no_page_opens(client, name):
    assert client.get(reverse(f"resident:{name}")).url == reverse("resident:check")
    assert client.post(reverse(f"resident:{name}"), AGREED).url == reverse("resident:check")


def test_an_application_that_is_not_in_the_familys_hands_shows_only_how_far_it_is(client, family):
    make_application(family, at=timezone.now())
    assert client.get(PHOTO).url == STATUS
    assert client.post(REVIEW).url == STATUS
    assert client.get(APPEAL).status_code == 404
    assert client.get(STATUS).status_code == 200


# The same rules as at the counter


def test_a_registered_family_is_told_so_and_nothing_begins(client, family):
    enrol(family)
    response = client.post(BEGIN, AGREED)
    assert response.status_code == 200
    assert response.context["form"].non_field_errors()
    assert Enrolment.objects.count() == 1


def test_while_registration_is_closed_nobody_begins_and_nobody_hands_in():
    draft = make_draft()
    SchemeVersion.objects.filter(code="P6").update(parameters={"registration_open": False})
    with pytest.raises(Refused):
        self_service.begin(household=make_family(), phone="081234567890", email="", device="", at=NOW)
    with pytest.raises(Refused):
        self_service.hand_in(application=draft, at=NOW)


def test_a_second_beginning_goes_on_with_the_draft():
    household = make_family()
    first = make_draft(household)
    second = make_draft(household, phone="0899999999")
    assert (first.pk, second.phone) == (second.pk, "0899999999")


def test_a_newcomer_waits_and_reads_until_when(client):
    fresh_today()
    household = make_household()
    person = make_resident(household, resident_since=timezone.localdate() - datetime.timedelta(days=30))
    enter(client, person)
    client.post(BEGIN, AGREED)
    send_photos(client)
    client.post(REVIEW)
    application = Enrolment.objects.get()
    assert application.state == EnrolmentState.WAITING
    assert client.get(STATUS).context["stages"][1].day == application.waiting_until


def test_while_the_registry_is_too_old_an_application_is_taken_in_and_not_decided(client):
    make_run(snapshot_date=NOW.date() - datetime.timedelta(days=5), at=NOW - datetime.timedelta(days=5))
    household = make_family()
    enter(client, household.head)
    client.post(BEGIN, AGREED)
    send_photos(client)
    client.post(REVIEW)
    assert Enrolment.objects.get().state == EnrolmentState.SUBMITTED
    assert client.get(STATUS).status_code == 200


def test_two_people_of_the_office_decide_on_what_came_on_line():
    application = make_online_application()
    first, second = verifier(), keeper()
    enrolment.compare(enrolment=application, findings={}, actor=first, at=NOW)
    done = enrolment.approve(enrolment=application, actor=second, at=NOW)
    assert done.state == EnrolmentState.ACTIVE


def test_what_came_back_is_corrected_and_handed_in_again_by_the_family(client):
    fresh_today()
    application = make_online_application(at=timezone.now())
    enrolment.send_back(
        enrolment=application,
        reason_code="DOCUMENTS_MISSING",
        reason="Foto KTP buram.",
        actor=verifier(),
        at=timezone.now(),
    )
    enter(client, application.household.head)
    assert "Foto KTP buram." in text_of(client.get(STATUS))
    assert client.post(PHOTO, {"kind": "KTP", "file": upload(photo("PNG"))}).status_code == 302
    assert client.post(REVIEW).url == STATUS
    application.refresh_from_db()
    assert (application.state, application.reason, application.documents.count()) == (EnrolmentState.CHECKING, "", 3)


# Objecting


def test_a_rejected_family_objects_on_line_and_somebody_else_decides(client):
    judge = verifier()
    rejected = make_rejected(by=judge, at=timezone.now())
    enter(client, rejected.household.head)
    assert client.get(STATUS).context["appeal_until"]
    assert client.post(APPEAL, AGREED).context["form"].errors["statement"]
    assert client.post(APPEAL, {**AGREED, "statement": "Kami pindah RT, bukan pindah kota."}).url == PHOTO
    send_photos(client)
    client.post(REVIEW)
    appeal = Enrolment.objects.get(appeal_of=rejected)
    assert (appeal.state, appeal.statement) == (EnrolmentState.CHECKING, "Kami pindah RT, bukan pindah kota.")
    for step in (
        lambda: enrolment.compare(enrolment=appeal, findings={}, actor=judge, at=NOW),
        lambda: enrolment.reject(enrolment=appeal, reason_code="OWN_REQUEST", reason="x", actor=judge, at=NOW),
        lambda: enrolment.order_field_check(enrolment=appeal, actor=judge, at=NOW),
    ):
        with pytest.raises(Refused):
            step()
    enrolment.compare(enrolment=appeal, findings={}, actor=verifier(), at=timezone.now())
    assert enrolment.approve(enrolment=appeal, actor=keeper(), at=timezone.now()).state == EnrolmentState.ACTIVE


def test_after_the_term_nobody_objects_but_anybody_applies_anew():
    rejected = make_rejected()
    late = NOW + datetime.timedelta(days=15)
    fresh_sources(on=late.date(), at=late)
    with pytest.raises(Refused):
        make_draft(rejected.household, at=late, appeal_of=rejected)
    assert make_draft(rejected.household, at=late).appeal_of is None


def test_a_rejection_is_objected_to_once():
    rejected = make_rejected()
    appeal = make_online_application(rejected.household, appeal_of=rejected, statement="Keliru.")
    enrolment.reject(enrolment=appeal, reason_code="OWN_REQUEST", reason="Dicabut.", actor=keeper(), at=NOW)
    with pytest.raises(Refused):
        make_draft(rejected.household, appeal_of=rejected)


# Limits


def test_uploads_are_limited_for_a_family():
    draft = make_draft()
    hit_often("portal.upload", draft.household_id, self_service.UPLOADS_PER_HOUR)
    with pytest.raises(TooMany):
        self_service.attach(enrolment=draft, kind="OTHER", file=upload(), at=NOW)


def test_beginnings_are_limited_for_a_family():
    household = make_family()
    hit_often("portal.begin", household.pk, self_service.BEGINNINGS_PER_DAY, seconds=24 * self_service.HOUR)
    with pytest.raises(TooMany):
        make_draft(household)


def hit_often(purpose, value, times, seconds=self_service.HOUR):
    for _ in range(times):
        hit(purpose, value, limit=times, seconds=seconds, now=NOW)


def test_a_device_is_marked_by_a_random_word_and_known_by_its_hash_alone(client, family):
    client.post(BEGIN, AGREED)
    word = client.cookies[DEVICE]
    assert word["httponly"]
    draft = Enrolment.objects.get()
    assert len(draft.device) == 40
    assert word.value not in draft.device


def test_no_page_of_the_application_shows_a_number_a_name_or_a_script(client, family):
    client.post(BEGIN, AGREED)
    send_photos(client)
    for address in (BEGIN, f"{PHOTO}?lain", REVIEW):
        body = client.get(address).content.decode()
        for secret in (family.kk_number, family.head.nik, family.head.name, "<script"):
            assert secret not in body.replace(" ", "")
        assert len(body) < 9_000


def test_a_page_of_the_family_weighs_less_than_six_kilobytes_cold(client, family):
    make_online_application(family, at=timezone.now())
    static = [Path(finders.find(f"ksb/{name}")).read_bytes() for name in ("ksb.css", "favicon.svg")]
    for name in ("check", "family", "application", "correction"):
        page = client.get(reverse(f"resident:{name}")).content
        assert sum(len(gzip.compress(part)) for part in (page, *static)) < 6_000
        assert page.count(b'<link rel="stylesheet"') == 1


# What the family agreed to (UU PDP 27/2022)


def test_the_agreement_is_on_record_with_purpose_edition_and_moment(client, family):
    client.post(BEGIN, AGREED)
    consent = Enrolment.objects.get().consents.get()
    assert (consent.purpose, consent.notice, consent.given_by, consent.withdrawn_at) == (
        ConsentPurpose.MEMBERSHIP,
        consents.EDITION,
        system(),
        None,
    )
    client.post(BEGIN, AGREED)
    assert Enrolment.objects.get().consents.count() == 1


def test_a_draft_whose_agreement_is_taken_back_leaves_nothing_behind(client, family):
    client.post(BEGIN, AGREED)
    assert client.get(WITHDRAW).status_code == 200
    assert client.post(WITHDRAW).url == reverse("resident:family")
    assert not Enrolment.objects.exists()
    assert JournalEntry.objects.filter(verb="consent.withdraw").exists()
    assert client.get(WITHDRAW).status_code == 404


def test_an_application_without_agreement_is_not_approved_until_the_family_agrees_anew(client):
    fresh_sources()
    application = make_application()
    consents.withdraw(enrolment=application, actor=None, at=NOW)
    enrolment.compare(enrolment=application, findings={}, actor=verifier(), at=NOW)
    with pytest.raises(Refused) as no:
        enrolment.approve(enrolment=application, actor=keeper(), at=NOW)
    assert no.value.code == "consent"
    client.force_login(keeper())
    rows = client.get(reverse("participants:applications"), {"step": "CONSENT"})
    assert application.number in rows.content.decode()
    consents.give(enrolment=application, actor=system(), at=NOW)
    assert enrolment.approve(enrolment=application, actor=keeper(), at=NOW).state == EnrolmentState.ACTIVE


def test_a_member_family_that_takes_its_agreement_back_is_told_what_follows_and_dinkes_ends_it(client, family):
    member = enrol(family)
    consents.give(enrolment=member, actor=None, at=NOW)
    assert WITHDRAW in client.get(reverse("resident:family")).content.decode()
    client.post(WITHDRAW)
    assert list(Enrolment.objects.consent_taken_back()) == [member]
    with pytest.raises(Refused):
        consents.withdraw(enrolment=member, actor=None, at=NOW)
