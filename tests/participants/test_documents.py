"""The scans of an application: kept with it, shown to whom it is shown, gone with an abandoned draft."""

from datetime import timedelta

import pytest
from django.urls import reverse

from facilities.enums import Role
from ksb.core.errors import Refused, WrongState
from ksb.core.models import JournalEntry
from participants import documents, drafts, self_service
from participants.enums import Channel, DocumentKind, EnrolmentState
from participants.models import Document, Enrolment
from tests.factories import NOW, fresh_sources, make_family, make_user
from tests.participants.factories import clerk, make_application, make_draft, make_member, verifier
from tests.support.scans import pdf, photo, upload

pytestmark = pytest.mark.django_db


def attach(enrolment, *, actor=None, content=None, kind=DocumentKind.KK):
    return documents.attach(enrolment=enrolment, kind=kind, file=upload(content), actor=actor, at=NOW)


def address_of(document):
    return reverse("participants:document", args=[document.public_id])


def test_a_scan_is_kept_with_checksum_author_and_journal_entry(settings):
    officer = clerk()
    document = attach(make_application(actor=officer), actor=officer)
    stored = settings.MEDIA_ROOT / document.path
    assert stored.stat().st_size == document.size
    assert (document.uploaded_by, document.uploaded_at, document.scan) == (officer, NOW, "NOT_SCANNED")
    entry = JournalEntry.objects.about(document).get()
    assert (entry.verb, entry.data["sha256"]) == ("document.attach", document.sha256)


def test_a_member_family_takes_no_scans_any_more_and_no_file_stays_behind(settings):
    member = make_member()
    with pytest.raises(WrongState):
        attach(member, actor=clerk())
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_family_adds_scans_only_while_the_application_is_in_its_hands():
    application = make_application()
    with pytest.raises(WrongState):
        attach(application)
    attach(make_draft())


def test_an_application_holds_a_bounded_number_of_files():
    draft = make_draft()
    for n in range(documents.MOST):
        attach(draft, content=photo(size=(300, 300 + n)))
    with pytest.raises(Refused) as refusal:
        attach(draft)
    assert refusal.value.code == "too_many"


def test_who_may_see_the_application_sees_its_scans_and_each_look_is_on_record(client):
    officer = clerk()
    document = attach(make_application(actor=officer), actor=officer)
    for viewer in (officer, verifier(), make_user(Role.DINKES_MEMBERSHIP), make_user(Role.AUDITOR)):
        client.force_login(viewer)
        response = client.get(address_of(document))
        assert response.status_code == 200
        assert response.headers["Content-Security-Policy"].endswith("sandbox")
        assert JournalEntry.objects.filter(verb="document.view", object_id=document.pk, actor=viewer).count() == 1


@pytest.mark.parametrize("role", [Role.PUSKESMAS_CLERK, Role.HOSPITAL_DESK, Role.REGISTRY_OPERATOR, Role.SYSTEM_ADMIN])
def test_no_other_role_sees_a_scan(client, role):
    document = attach(make_application(), actor=verifier())
    client.force_login(make_user(role))
    assert client.get(address_of(document)).status_code == 403


def test_another_counter_does_not_see_the_scan_nor_that_it_exists(client):
    document = attach(make_application(), actor=verifier())
    client.force_login(clerk())
    assert client.get(address_of(document)).status_code == 404
    assert not JournalEntry.objects.filter(verb="document.view").exists()


def test_the_counter_adds_a_scan_on_the_applications_page_and_hears_what_was_wrong(client):
    officer = clerk()
    enrolment = make_application(actor=officer)
    client.force_login(officer)
    address = reverse("participants:attach", args=[enrolment.public_id])
    client.post(address, {"kind": "KTP", "file": upload(pdf(), "ktp.pdf")})
    client.post(address, {"kind": "KTP", "file": upload(b"MZ", "ktp.jpg")})
    client.post(address, {"kind": "KTP"})
    assert enrolment.documents.get().media_type == "application/pdf"
    page = client.get(reverse("participants:application", args=[enrolment.public_id]))
    assert len(list(page.context["messages"])) == 3
    assert address_of(enrolment.documents.get()) in page.content.decode()


# Drafts


def test_a_draft_abandoned_for_thirty_days_is_gone_with_its_files(settings, django_capture_on_commit_callbacks):
    old, young = make_draft(), make_draft()
    scan, kept = attach(old), attach(young)
    Enrolment.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=30, minutes=1))
    Enrolment.objects.filter(pk=young.pk).update(created_at=NOW - timedelta(days=29))
    submitted = make_application()
    Enrolment.objects.filter(pk=submitted.pk).update(created_at=NOW - timedelta(days=90))
    with django_capture_on_commit_callbacks(execute=True):
        assert drafts.forget_abandoned(at=NOW) == 1
    assert list(Enrolment.objects.order_by("pk")) == [young, submitted]
    assert list(Document.objects.all()) == [kept]
    assert not (settings.MEDIA_ROOT / scan.path).exists()
    assert (settings.MEDIA_ROOT / kept.path).exists()
    assert JournalEntry.objects.filter(verb="enrolment.draft_forgotten", object_id=old.pk).exists()


def test_a_draft_on_line_gives_way_to_the_counter():
    fresh_sources()
    household = make_family()
    draft = make_draft(household)
    attach(draft)
    application = make_application(household)
    assert (application.channel, application.state) == (Channel.COUNTER, EnrolmentState.CHECKING)
    assert list(household.enrolments.all()) == [application]
    assert not Document.objects.exists()


def test_a_photo_that_arrives_after_the_counter_took_over_is_told_so(settings):
    draft = make_draft()
    make_application(draft.household)
    with pytest.raises(WrongState):
        attach(draft)
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_what_is_missing_is_asked_for_in_order():
    draft = make_draft()
    assert documents.missing(draft) == [DocumentKind.KK, DocumentKind.KTP]
    attach(draft, kind=DocumentKind.KTP)
    assert documents.missing(draft) == [DocumentKind.KK]
    with pytest.raises(Refused) as refusal:
        self_service.hand_in(application=draft, at=NOW)
    assert refusal.value.code == "missing_document"
