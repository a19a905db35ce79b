"""From the billing desk over the director's signature and the completeness check to the verifiers (domain.md B16, SM9)."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from claims import batches, clocks, completeness, reminders
from claims.enums import BatchState, ClaimState
from claims.models import ClaimBatch, CompletenessCheck
from claims.workflow import BATCH
from ksb.core import outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import Notice
from referrals.enums import SjpState
from reports import night
from tests import factories as f
from tests.claims import factories as c
from tests.support.pdf import text_of
from tests.support.workflows import roles_that_may

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def to_sign():
    """A batch of two claims that waits for its director."""
    actor = c.biller()
    batch = c.take([c.row(c.letter()), c.row(c.letter())], actor=actor).batch
    return batches.submit(batch=batch, actor=actor, at=c.AT)


@pytest.fixture
def handed_in(to_sign):
    return batches.sign(batch=to_sign, actor=c.director(to_sign.hospital), at=c.AT)


@pytest.fixture
def officer():
    return f.make_user("DINKES_CLAIMS")


def return_(batch, officer, at=c.AT, incomplete=1, lacking=("Baris 2: resume medis",)):
    return completeness.return_(batch=batch, actor=officer, at=at, incomplete=incomplete, lacking=lacking)


def test_the_director_signs_and_the_batch_is_handed_in_on_time(to_sign):
    director = c.director(to_sign.hospital)
    batch = batches.sign(batch=to_sign, actor=director, at=c.AT)
    assert (batch.state, batch.signed_by, batch.late) == (BatchState.SUBMITTED, director, False)
    assert batch.due_on == datetime.date(2026, 11, 10)


@pytest.mark.parametrize(("day", "late"), [(10, False), (11, True)])
def test_a_batch_signed_after_the_tenth_is_late(to_sign, day, late):
    batch = batches.sign(batch=to_sign, actor=c.director(to_sign.hospital), at=c.AT.replace(day=day))
    assert batch.late is late


def test_G3_2_whoever_put_the_batch_together_does_not_sign_it():
    place = c.hospital()
    both = f.make_user("HOSPITAL_BILLER", "HOSPITAL_DIRECTOR", facility=place)
    batch = batches.submit(batch=c.take([c.row(c.letter())], actor=both).batch, actor=both, at=c.AT)
    with pytest.raises(NotAllowed):
        batches.sign(batch=batch, actor=both, at=c.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimBatch.objects.filter(pk=batch.pk).update(state="SUBMITTED", signed_at=c.AT, signed_by=both)


def test_the_database_takes_no_batch_without_a_signature_and_keeps_the_one_it_has(to_sign, officer):
    row = ClaimBatch.objects.filter(pk=to_sign.pk)
    for change in ({"state": "SUBMITTED"}, {"state": "COMPLETE"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)
    batches.sign(batch=to_sign, actor=c.director(to_sign.hospital), at=c.AT)
    for change in ({"signed_by": officer}, {"late": True}, {"signed_at": c.AT + DAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**change)


def test_another_hospitals_director_signs_nothing(to_sign):
    stranger = c.director(c.hospital(1))
    for act in (
        lambda: batches.sign(batch=to_sign, actor=stranger, at=c.AT),
        lambda: batches.send_back(batch=to_sign, actor=stranger, at=c.AT, reason="x"),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_the_director_sends_back_with_a_reason_and_the_claims_are_free_again(to_sign):
    director = c.director(to_sign.hospital)
    with pytest.raises(Refused):
        batches.send_back(batch=to_sign, actor=director, at=c.AT, reason=" ")
    batch = batches.send_back(batch=to_sign, actor=director, at=c.AT, reason="Jumlah tidak cocok")
    assert (batch.state, batch.submitted_at, batch.submitted_by) == (BatchState.OPEN, None, None)
    claim = batch.claims.select_related("sjp").first()
    assert (claim.state, claim.sjp.state) == (ClaimState.READY, SjpState.SERVICE_DONE)
    batches.submit(batch=batch, actor=f.make_user("HOSPITAL_BILLER", facility=batch.hospital), at=c.AT)


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("submit", {"HOSPITAL_BILLER"}),
        ("sign", {"HOSPITAL_DIRECTOR"}),
        ("send_back", {"HOSPITAL_DIRECTOR"}),
        ("complete", {"VERIFIER_COORDINATOR", "DINKES_CLAIMS"}),
        ("return_", {"VERIFIER_COORDINATOR", "DINKES_CLAIMS"}),
    ],
)
def test_who_may_move_a_batch_before_its_verification(name, roles):
    batch = c.take([c.row(c.letter())]).batch
    assert roles_that_may(BATCH, BATCH[name], batch) == roles


# Completeness


def test_a_complete_batch_gets_its_minutes_and_waits_for_verifiers(handed_in, officer):
    check = completeness.find_complete(batch=handed_in, actor=officer, at=c.AT)
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.completed_by) == (BatchState.COMPLETE, officer)
    assert (check.outcome, check.claims, check.claimed) == ("COMPLETE", 2, handed_in.claimed)
    with pytest.raises(WrongState):
        completeness.find_complete(batch=handed_in, actor=officer, at=c.AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CompletenessCheck.objects.filter(pk=check.pk).update(claims=9)


def test_an_incomplete_batch_goes_back_with_what_lacks_and_by_when(handed_in, officer):
    check = return_(handed_in, officer, lacking=["Baris 2: resume medis", "", " Baris 1: KTP "])
    handed_in.refresh_from_db()
    assert (handed_in.state, handed_in.signed_at, handed_in.signed_by) == (BatchState.OPEN, None, None)
    assert check.lacking == ["Baris 2: resume medis", "Baris 1: KTP"]
    assert check.due_on == datetime.date(2026, 12, 10)
    assert set(handed_in.claims.values_list("state", "sjp__state")) == {("READY", "SERVICE_DONE")}
    assert list(ClaimBatch.objects.returned()) == [handed_in]
    again = c.hand_in(handed_in, actor=c.biller(handed_in.hospital), at=c.AT + DAY)
    assert again.state == BatchState.COMPLETE
    assert again.completeness_checks.count() == 2


@pytest.mark.parametrize(("incomplete", "lacking"), [(0, ["x"]), (3, ["x"]), (1, [" "]), (1, ["x"] * 201)])
def test_a_return_says_how_many_and_what(handed_in, officer, incomplete, lacking):
    with pytest.raises(Refused):
        return_(handed_in, officer, incomplete=incomplete, lacking=lacking)
    assert not CompletenessCheck.objects.exists()


def test_a_batch_comes_back_max_resubmit_times_and_no_more(handed_in, officer):
    biller, director = c.biller(handed_in.hospital), c.director(handed_in.hospital)
    for _turn in range(2):
        return_(handed_in, officer)
        batch = batches.submit(batch=handed_in, actor=biller, at=c.AT)
        handed_in = batches.sign(batch=batch, actor=director, at=c.AT)
    return_(handed_in, officer)
    with pytest.raises(Refused, match="3"):
        batches.submit(batch=handed_in, actor=biller, at=c.AT)
    batches.withdraw(batch=handed_in, actor=biller, at=c.AT, reason="Berkas baru")


def test_after_ten_days_of_silence_a_batch_is_complete(handed_in):
    assert completeness.settle_silent(at=c.AT + 10 * DAY) == 0
    assert completeness.settle_silent(at=c.AT + 11 * DAY) == 1
    handed_in.refresh_from_db()
    check = handed_in.completeness_checks.get()
    assert (handed_in.state, check.outcome, check.checked_by) == (BatchState.COMPLETE, "SILENT", f.system())
    assert completeness.settle_silent(at=c.AT + 12 * DAY) == 0


def test_nothing_is_verified_before_it_is_complete(handed_in):
    from verification import assignment
    from verification.models import Assignment

    assignment.assign_waiting(at=c.AT)
    with pytest.raises(WrongState):
        BATCH.apply(handed_in, "open_verification", actor=None, at=c.AT)
    assert not Assignment.objects.exists()


# Clocks and what is told


def test_the_clocks_of_a_batch():
    assert clocks.shifted(datetime.date(2026, 8, 31), 6) == datetime.date(2027, 2, 28)
    assert clocks.shifted(datetime.date(2027, 1, 31), -2) == datetime.date(2026, 11, 30)
    assert clocks.due_on(datetime.date(2026, 12, 1)) == datetime.date(2027, 1, 10)
    assert clocks.mend_by(datetime.date(2026, 11, 30)) == datetime.date(2026, 12, 10)
    assert clocks.silent_on(datetime.date(2026, 11, 5)) == datetime.date(2026, 11, 16)


def told(kind):
    return list(Notice.objects.filter(kind=kind).order_by("pk").values_list("role", "facility"))


def test_director_and_billing_are_told_what_waits_for_them(to_sign, officer):
    outbox.drain()
    place = to_sign.hospital_id
    assert told("batch.to_sign") == [("HOSPITAL_DIRECTOR", place)]
    batches.sign(batch=to_sign, actor=c.director(to_sign.hospital), at=c.AT)
    return_(to_sign, officer)
    outbox.drain()
    assert told("batch.incomplete") == [("HOSPITAL_BILLER", place), ("HOSPITAL_DIRECTOR", place)]
    assert not Notice.objects.filter(kind="batch.to_sign", read_at=None).exists()


def test_three_days_before_each_clock_the_desks_are_reminded_once(handed_in, officer):
    place = handed_in.hospital_id
    c.letter()
    assert reminders.remind(at=c.AT) == 0
    assert reminders.remind(at=c.AT.replace(day=8)) == 1
    assert reminders.remind(at=c.AT.replace(day=9)) == 0
    assert told("claims.due") == [("HOSPITAL_BILLER", place)]
    assert reminders.remind(at=c.AT.replace(day=13)) == 2
    assert {role for role, _place in told("batch.silent_soon")} == {"VERIFIER_COORDINATOR", "DINKES_CLAIMS"}
    return_(handed_in, officer, at=c.AT.replace(day=14))
    assert reminders.remind(at=c.AT.replace(month=12, day=7)) == 3  # the year ends too
    assert told("batch.mend") == [("HOSPITAL_BILLER", place)]


def test_a_month_before_finished_care_expires_unclaimed_its_hospital_is_told_once_a_month():
    from tests.referrals import factories as r

    episode = r.done(r.issue()).episodes.get()
    for month, day, expected in ((3, 24, 0), (4, 24, 1), (4, 25, 1), (5, 10, 2), (5, 24, 2)):
        reminders.remind(at=episode.discharged_at.replace(year=2027, month=month, day=day))
        assert Notice.objects.filter(kind="claims.expiring").count() == expected, (month, day)
    assert told("claims.expiring")[0] == ("HOSPITAL_BILLER", episode.hospital_id)


def test_the_night_settles_silence_before_it_assigns(handed_in):
    names = [step.name for step in night.STEPS]
    assert names.index("batches") < names.index("assignment")
    step = next(step for step in night.STEPS if step.name == "batches")
    at = c.AT + 11 * DAY
    assert step.run(at.date(), at, None)["complete_by_silence"] == 1


# Screens


def url(name, batch):
    return reverse(f"claims:{name}", args=[batch.public_id])


def test_the_way_over_the_screens(client, to_sign, officer):
    director = c.director(to_sign.hospital)
    client.force_login(director)
    assert to_sign.number in client.get(url("sign", to_sign)).content.decode()
    assert client.post(url("sign", to_sign), {"send_back": "1", "reason": " "}).context["form"].errors
    assert client.post(url("sign", to_sign), {"sign": "1"}).status_code == 302
    assert client.post(url("sign", to_sign), {"sign": "1"}).status_code == 409
    assert client.get(url("sign", to_sign)).status_code == 302
    client.force_login(officer)
    assert to_sign.number in client.get(url("completeness", to_sign)).content.decode()
    refused = client.post(url("completeness", to_sign), {"return": "1", "incomplete": "9", "lacking": "KTP"})
    assert refused.context["form"].errors["incomplete"]
    assert client.get(url("completeness_letter", to_sign)).status_code == 404
    assert (
        client.post(url("completeness", to_sign), {"return": "1", "incomplete": "1", "lacking": "KTP"}).status_code
        == 302
    )
    client.force_login(c.biller(to_sign.hospital))
    page = client.get(url("batch", to_sign)).content.decode()
    assert "KTP" in page
    assert "10 Desember 2026" in page
    to_sign.refresh_from_db()
    batches.submit(batch=to_sign, actor=c.biller(to_sign.hospital), at=c.AT)
    client.force_login(director)
    assert client.post(url("sign", to_sign), {"send_back": "1", "reason": "Salah jumlah"}).status_code == 302
    client.force_login(c.biller(to_sign.hospital))
    assert "Salah jumlah" in client.get(url("batch", to_sign)).content.decode()


def test_the_letters_say_what_was_handed_in_and_what_lacks(client, handed_in, officer):
    return_(handed_in, officer, lacking=["Baris 2: resume medis"])
    client.force_login(c.biller(handed_in.hospital))
    text = text_of(client.get(url("completeness_letter", handed_in)).content)
    assert "PENGEMBALIAN" in text
    assert "Baris 2: resume medis" in text
    claim = handed_in.claims.first()
    detail = text_of(client.get(reverse("claims:claim_letter", args=[claim.public_id])).content)
    assert claim.sjp.number in detail
    assert claim.resident.nik not in detail
    assert "Konsultasi" in detail
    client.force_login(c.director(handed_in.hospital))
    assert client.get(reverse("claims:claim_letter", args=[claim.public_id])).status_code == 403


def test_the_covering_letter_counts_kinds_and_names_what_was_taken_back(client):
    from claims import corrections
    from facilities.enums import Service

    rows = [c.row(c.letter()), c.row(c.letter(service=Service.INPATIENT), days=3), c.row(c.letter())]
    actor = c.biller()
    batch = c.take(rows, actor=actor).batch
    client.force_login(actor)
    before = text_of(client.get(url("recap", batch)).content)
    assert "Rawat inap" in before
    assert "Rawat jalan" in before
    batches.submit(batch=batch, actor=actor, at=c.AT)
    batch = batches.sign(batch=batch.family().get(kind="RJ"), actor=c.director(batch.hospital), at=c.AT.replace(day=12))
    corrections.withdraw(claim=batch.claims.get(line_number=4), actor=actor, at=c.AT)
    text = text_of(client.get(url("recap", batch)).content)
    assert "Rawat inap" not in text
    assert "Rawat jalan" in text
    assert "(susulan)" in text
    assert "Ditarik kembali: 1 kasus" in text


# Steps of the price


def _scheme(above_tariff):
    from ksb.core.models import SchemeVersion

    version = SchemeVersion.objects.on(c.DAY)
    version.parameters = {**version.parameters, "above_tariff": above_tariff}
    version.save()


def _dear():
    """A claim a million above its tariff, checked again: itself and its line."""
    sjp = c.letter()
    dear = c.tariff(sjp.hospital, c.VISIT) + 1_000_000
    actor = c.biller()
    batch = c.take([c.row(sjp, TARIF_INACBG=str(dear), TOTAL_TARIF=str(dear))], actor=actor).batch
    batches.recheck(batch=batch, actor=actor, at=c.AT)
    claim = batch.claims.get()
    return claim, claim.lines.get()


def test_a_claim_above_the_tariff_is_refused_or_lowered_as_the_scheme_says():
    claim, line = _dear()
    assert (claim.state, claim.findings.filter(rule="TRF-02").count()) == ("BLOCKED", 1)
    assert (line.tariff, line.adjusted, line.payable) == (claim.tariff, None, line.asked)


def test_a_scheme_may_lower_what_is_above_the_tariff_by_itself():
    _scheme("adjust")
    claim, line = _dear()
    assert (claim.state, claim.findings.filter(rule="TRF-02").count()) == ("READY", 0)
    assert (line.asked, line.adjusted, line.payable) == (claim.tariff + 1_000_000, claim.tariff, claim.tariff)
    for approved in (line.asked, claim.tariff + 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(line).objects.filter(pk=line.pk).update(approved=approved, reason="x")
    assert type(line).objects.filter(pk=line.pk).update(approved=claim.tariff) == 1


def test_items_and_sessions_have_the_ceiling_of_their_list():
    from claims.models import ClaimLine
    from facilities import prices
    from tests.facilities.factories import price_table

    decider = f.make_user("DINKES_CLAIMS")
    for kind, lines in (("FORMULARY", ["B01,Cefotaxime,vial,15000,20"]), ("SESSION", ["HD,Hemodialisis,sesi,900000,"])):
        prices.approve(table=price_table(lines, kind=kind, valid_from=c.DAY), actor=decider, at=c.AT)
    claim = c.claimed()
    asked = [("ITEM", "B01", 30, 10_000), ("ITEM", "B99", 1, 500), ("SESSION", "HD", 2, 950_000), ("ITEM", "HD", 1, 1)]
    for kind, code, quantity, unit in asked:
        ClaimLine.objects.create(
            claim=claim, kind=kind, code=code, quantity=quantity, unit_price=unit, asked=quantity * unit
        )
    batches.recheck(batch=claim.batch, actor=c.biller(claim.hospital), at=c.AT)
    found = claim.lines.exclude(kind="INACBG").order_by("pk").values_list("tariff", flat=True)
    assert list(found) == [300_000, None, 1_800_000, None]
    with pytest.raises(IntegrityError), transaction.atomic():
        ClaimLine.objects.create(claim=claim, kind="ITEM", code="B02", quantity=2, unit_price=10, asked=30)


def test_R7_the_steps_of_a_price_stay_as_they_were_submitted():
    line = c.claimed(submitted=True).lines.get()
    for change in ({"quantity": 2}, {"unit_price": line.asked}, {"tariff": 1}, {"adjusted": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(line).objects.filter(pk=line.pk).update(**change)


# Dispensation


def test_an_expired_claim_goes_through_with_a_dispensation_of_two_officers_only():
    from claims import dispensations

    early = datetime.date(2026, 3, 2)
    actor = c.biller()
    sjp = c.letter(since=early)
    batch = c.take([c.row(sjp)], actor=actor).batch
    claim = batch.claims.get()
    assert claim.findings.filter(rule="ADM-06").exists()
    proposer, other = f.make_user("DINKES_SERVICES"), f.make_user("DINKES_CLAIMS")
    asked = c.dispensation(batch.hospital, proposer=proposer, at=c.AT)
    with pytest.raises(NotAllowed):
        dispensations.approve(dispensation=asked, actor=proposer, at=c.AT)
    batches.recheck(batch=batch, actor=actor, at=c.AT)
    assert claim.findings.filter(rule="ADM-06").exists()
    dispensations.approve(dispensation=asked, actor=other, at=c.AT)
    with pytest.raises(WrongState):
        dispensations.refuse(dispensation=asked, actor=other, at=c.AT)
    batches.recheck(batch=batch, actor=actor, at=c.AT)
    assert not claim.findings.filter(rule="ADM-06").exists()
    batches.recheck(batch=batch, actor=actor, at=c.AT + 60 * DAY)
    assert claim.findings.filter(rule="ADM-06").exists()


def test_a_dispensation_goes_over_the_screens(client):
    place = c.hospital()
    client.force_login(f.make_user("DINKES_SERVICES"))
    values = {"hospital": place.pk, "first": "01/01/2026", "last": "31/03/2026", "until": "01/03/2026", "reason": "x"}
    new = reverse("claims:new_dispensation")
    assert client.post(new, values).context["form"].errors
    assert client.post(new, {**values, "until": "31/12/2027"}).status_code == 302
    from claims.models import Dispensation

    asked = Dispensation.objects.get()
    decide = reverse("claims:decide_dispensation", args=[asked.public_id])
    assert client.post(decide).status_code == 403
    client.force_login(f.make_user("DINKES_CLAIMS"))
    assert "31-03-2026" in client.get(reverse("claims:dispensations")).content.decode()
    assert client.post(decide, {"approve": ""}).status_code == 302
    assert client.post(decide, {"refuse": ""}).status_code == 409
    client.force_login(c.biller(c.hospital(1)))
    assert place.name not in client.get(reverse("claims:dispensations")).content.decode()
