"""Stages, questions, second readings, disputes, several BAHV: what a claim goes through, and what nobody can do to it."""

import datetime
import uuid

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from budget import ledger
from budget.models import LedgerEntry
from claims import documents
from claims.enums import BatchState, ClaimState
from claims.models import Claim, ClaimLine, Finding
from claims.workflow import CLAIM
from facilities.enums import Role
from facilities.models import Membership
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.letters import letter_pdf
from ksb.core.scheme import Parameters
from referrals.models import Sjp
from tests import factories as f
from tests.claims import factories as c
from tests.support.pdf import text_of
from tests.support.scans import pdf, upload
from tests.support.workflows import roles_that_may
from tests.verification import factories as v
from verification import assignment, decisions, disputes, minutes, questions, reminders, rules, team, worklist
from verification.enums import AppointmentKind, Outcome, Ruling, Stage
from verification.granting import Grant
from verification.letters import bahv_letter, decision_letter, dispute_letter, question_letter
from verification.models import Absence, Appointment, Assignment, Conflict, SecondReading
from verification.workflow import DISPUTE

pytestmark = pytest.mark.django_db
LATER = f.NOW + datetime.timedelta(days=15)
INPATIENT = {"care_type": 1}


def fresh(claim):
    claim.refresh_from_db()
    return claim


def biller(batch, role="HOSPITAL_BILLER"):
    return f.make_user(role, facility=batch.hospital)


# Stages


@pytest.mark.parametrize(
    ("values", "asking", "parameters", "needed"),
    [
        ({"care_type": 2}, set(), {}, False),
        ({"care_type": 1}, set(), {}, True),
        ({"inacbg": "J-4-16-III"}, set(), {}, True),
        ({"claimed": 50_000_000}, set(), {}, True),
        ({}, {"CLN-03"}, {}, True),
        ({}, {"ADM-04"}, {}, False),
        ({}, set(), {"medical_stage": "ALL"}, True),
    ],
)
def test_the_medical_stage_is_for_inpatients_level_three_high_cost_and_clinical_questions(
    values, asking, parameters, needed
):
    claim = Claim(**{"care_type": 2, "inacbg": "Q-5-44-0", "claimed": 1, **values})
    assert rules.needs_doctor(claim, asking, Parameters(**parameters)) is needed


@pytest.mark.parametrize(
    ("claimed", "asking", "percent", "why"),
    [
        (1, {"FRD-09"}, 0, "FRAUD"),
        (50_000_001, set(), 0, "HIGH_COST"),
        (50_000_000, set(), 0, None),
        (1, set(), 100, "SAMPLE"),
        (1, {"ADM-04"}, 0, None),
    ],
)
def test_fraud_signals_high_cost_and_the_sample_are_read_again(claimed, asking, percent, why):
    claim = Claim(public_id=v.unsampled(), claimed=claimed)
    assert rules.why_read_again(claim, asking, Parameters(audit_sample_pct=percent)) == why


def test_the_sample_is_about_its_share_and_the_same_each_time():
    claims = [Claim() for _n in range(4000)]
    drawn = [claim for claim in claims if rules.in_sample(claim, 5)]
    assert 120 < len(drawn) < 290
    assert drawn == [claim for claim in claims if rules.in_sample(claim, 5)]


def test_an_inpatient_claim_goes_from_the_administrative_to_the_medical_verifier():
    batch, admin = v.assigned(v.submitted(**INPATIENT))
    doctor, claim = v.verifier("VERIFIER_MEDICAL"), batch.claims.get()
    with pytest.raises(Refused) as refusal:
        v.decide(claim, admin)
    assert refusal.value.code == "needs_doctor"
    v.decide(claim, admin, Outcome.PASS)
    assert fresh(claim).state == ClaimState.MEDICAL_REVIEW
    given = Assignment.objects.get(batch=batch, stage=Stage.MEDICAL)
    assert given.verifier == doctor
    assert given.seed is not None
    with pytest.raises(NotAllowed):
        v.decide(claim, admin)
    v.decide(claim, doctor)
    assert fresh(claim).state == ClaimState.APPROVED


def test_an_appointment_that_has_ended_decides_nothing():
    batch, reader = v.assigned()
    Appointment.objects.filter(verifier=reader).update(valid=v.days(datetime.date(2026, 1, 1), 10))
    with pytest.raises(NotAllowed):
        v.decide(batch.claims.get(), reader)


def test_an_administrative_appointment_does_not_make_a_doctor():
    batch = v.submitted()
    with pytest.raises(Refused):
        assignment.assign(batch=batch, verifier=v.verifier(), stage=Stage.MEDICAL, actor=v.coordinator(), at=f.NOW)


# Every step of the table, by every role


def test_each_move_of_a_claim_belongs_to_its_roles_and_states():
    people = {role: f.make_user(role) for role in Role}
    for move in CLAIM.transitions:
        for state in ClaimState:
            claim = Claim(state=state)
            passed = {role for role, person in people.items() if v.may(CLAIM, claim, move, person)}
            assert passed == (set(move.roles) - {"SYSTEM"} if state in move.sources else set()), (move.name, state)


# Assignment


def test_a_draw_is_balanced_and_can_be_repeated_from_its_seed():
    first, second = v.verifier(), v.verifier()
    for n in range(4):
        assignment.assign_by_chance(batch=v.submitted(f.hospital(n, public=False)), stage=Stage.ADMIN, at=f.NOW)
    assert [Assignment.objects.filter(verifier=one).count() for one in (first, second)] == [2, 2]
    drawn = Assignment.objects.order_by("pk").first()
    assert drawn.drawn_from == [first.pk, second.pk]
    people = assignment.candidates(drawn.batch.hospital, on=f.TODAY)
    for one in people:
        one.load = 0
    assert assignment.draw(people, seed=drawn.seed)[0].pk in drawn.drawn_from


def test_absence_and_ties_hand_open_work_over_at_once():
    away, other = v.verifier(), v.verifier()
    batch, _reader = v.assigned(by=away)
    coordinator = v.coordinator()
    team.record_absence(verifier=away, period=v.days(f.TODAY, 5), reason="Cuti", actor=coordinator, at=f.NOW)
    assert batch.assignments.lasting().get().verifier == other
    Absence.objects.update(ended_at=f.NOW, ended_by=coordinator)
    team.record_conflict(
        verifier=other, hospital=batch.hospital, reason="Keluarga", declared_on=None, actor=coordinator, at=f.NOW
    )
    assert batch.assignments.lasting().get().verifier == away
    with pytest.raises(Refused):
        team.record_conflict(
            verifier=other, hospital=batch.hospital, reason="x", declared_on=None, actor=coordinator, at=f.NOW
        )


def test_an_ended_tie_stays_on_record_and_binds_no_more():
    reader, coordinator, hospital = v.verifier(), v.coordinator(), f.hospital(public=False)
    tie = team.record_conflict(
        verifier=reader, hospital=hospital, reason="Kerja", declared_on=f.TODAY, actor=coordinator, at=f.NOW
    )
    assert rules.obstacles(reader, hospital, on=f.TODAY) == [rules.CONFLICT]
    team.end_conflict(conflict=tie, actor=coordinator, at=f.NOW)
    assert rules.obstacles(reader, hospital, on=f.TODAY) == []
    assert Conflict.objects.count() == 1


def test_who_ever_worked_in_a_hospital_is_never_appointed():
    reader = v.verifier(appointed=False)
    f.make_user("HOSPITAL_DESK").memberships.update(user=reader, valid_to=datetime.date(2020, 1, 1))
    values = {"kind": AppointmentKind.ADMINISTRATIVE, "decree": "Kep. 2", "period": v.days(f.TODAY, 90)}
    with pytest.raises(Refused):
        team.appoint(verifier=reader, actor=v.coordinator(), at=f.NOW, **values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(verifier=reader, decree="Kep. 2", valid=v.days(f.TODAY, 90))


# Questions


def asked(**values):
    batch, reader = v.assigned(v.submitted(**values))
    claim = batch.claims.order_by("line_number").first()
    v.decide(claim, reader, Outcome.PEND, reason="Mana resume?", code="DOCUMENT", wanted=["RESUME"])
    return batch, reader, fresh(claim)


def test_a_question_waits_for_the_hospital_and_its_answer_comes_back_to_who_asked():
    batch, reader, claim = asked()
    question = claim.questions.get()
    assert claim.state == ClaimState.PENDED
    assert question.due_on == f.TODAY + datetime.timedelta(days=14)
    with pytest.raises(NotAllowed):
        questions.answer(
            question=question,
            text="x",
            files=[],
            actor=f.make_user("HOSPITAL_BILLER", facility=f.hospital(5)),
            at=f.NOW,
        )
    questions.answer(question=question, text="Terlampir", files=[upload()], actor=biller(batch), at=f.NOW)
    assert fresh(claim).state == ClaimState.ANSWERED
    assert question.proofs.count() == 1
    assert list(worklist.waiting_for(reader, batch)) == [claim]
    with pytest.raises(WrongState):
        questions.answer(question=question, text="Lagi", files=[], actor=biller(batch), at=f.NOW)
    v.decide(claim, reader)
    assert fresh(claim).state == ClaimState.APPROVED


def test_without_an_answer_the_night_reminds_and_then_rejects():
    _batch, _reader, claim = asked()
    assert reminders.remind(at=f.NOW) == 0
    assert reminders.remind(at=f.NOW + datetime.timedelta(days=11)) == 1
    assert questions.end_unanswered(at=f.NOW + datetime.timedelta(days=14)) == 0
    assert questions.end_unanswered(at=LATER) == 1
    assert questions.end_unanswered(at=LATER) == 0
    assert fresh(claim).state == ClaimState.REJECTED
    assert claim.reviews.latest("pk").code == "NO_ANSWER"


def test_an_answer_after_the_last_day_is_refused_and_keeps_no_file():
    batch, _reader, claim = asked()
    with pytest.raises(WrongState):
        questions.answer(question=claim.questions.get(), text="x", files=[upload()], actor=biller(batch), at=LATER)
    assert fresh(claim).state == ClaimState.PENDED


# Second reading


def test_nothing_is_final_before_the_second_reader_agrees():
    reading = v.doubtful()
    claim = reading.claim
    assert (claim.state, claim.approved, claim.decided_at) == (ClaimState.SECOND_READING, None, None)
    assert not LedgerEntry.objects.filter(kind="COMMIT").exists()
    with pytest.raises(Refused):
        minutes.draw(batch=claim.batch, actor=reading.first_by, at=f.NOW)
    decisions.read_second(reading=reading, outcome=Outcome.APPROVE, actor=reading.reader, at=f.NOW)
    assert (fresh(claim).state, claim.approved) == (ClaimState.APPROVED, v.ASKED)
    assert LedgerEntry.objects.get(kind="COMMIT").amount == v.ASKED


def test_disagreement_goes_to_the_coordinator():
    reading = v.read_twice()
    claim = reading.claim
    assert fresh(claim).state == ClaimState.SECOND_READING
    with pytest.raises(NotAllowed):
        decisions.resolve(reading=reading, takes="first", reason="x", actor=reading.reader, at=f.NOW)
    decisions.resolve(reading=reading, takes="second", reason="Bukti kurang", actor=v.coordinator(), at=f.NOW)
    assert fresh(claim).state == ClaimState.REJECTED
    with pytest.raises(WrongState):
        decisions.resolve(reading=reading, takes="first", reason="x", actor=v.coordinator(), at=f.NOW)


def test_nobody_reads_a_claim_twice():
    reading = v.doubtful()
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondReading.objects.filter(pk=reading.pk).update(reader=reading.first_by)
    with pytest.raises(NotAllowed):
        decisions.read_second(reading=reading, outcome=Outcome.APPROVE, actor=reading.first_by, at=f.NOW)
    SecondReading.objects.filter(pk=reading.pk).update(reader=None)
    reading.refresh_from_db()
    drawn = assignment.give_second_reader(reading, at=f.NOW)
    assert drawn not in (None, reading.first_by)


def test_the_second_reader_does_not_see_the_first_decision(client):
    reading = v.doubtful()
    claim = reading.claim
    for person, address in (
        (reading.reader, reverse("verification:claim", args=[claim.public_id])),
        (reading.reader, reverse("claims:claim", args=[claim.public_id])),
        (biller(claim.batch), reverse("claims:claim", args=[claim.public_id])),
    ):
        client.force_login(person)
        page = client.get(address)
        assert page.status_code == 200
        assert not page.context["reviews"]


def test_the_second_reader_opens_the_papers_of_the_claim_and_no_others(client):
    reading = v.doubtful()
    claim, other = reading.claim, v.submitted(reading.claim.hospital).claims.get()
    papers = [
        documents.attach(claim=one, kind="RESUME", file=upload(pdf(extra=extra)), actor=biller(one.batch), at=f.NOW)
        for one, extra in ((claim, b"1"), (other, b"2"))
    ]
    client.force_login(reading.reader)
    found = [client.get(reverse("claims:paper", args=[paper.public_id])).status_code for paper in papers]
    assert found == [200, 404]


def test_many_claims_without_findings_are_approved_at_once_others_are_left():
    batch, reader = v.assigned(v.submitted(claims=3))
    clean, found, inpatient = batch.claims.order_by("line_number")
    Finding.objects.create(claim=found, rule="FRD-09", severity="W")
    Claim.objects.filter(pk=clean.pk).update(state="ADMIN_REVIEW")
    done = decisions.approve_many(
        batch=batch, claims=[c.public_id for c in (clean, found, inpatient)], actor=reader, at=f.NOW
    )
    assert done == {"approved": 2, "passed_on": 0}
    assert fresh(found).state == ClaimState.ADMIN_REVIEW
    assert clean.reviews.get().in_bulk


@pytest.mark.parametrize(("state", "again"), [("NOTICED", True), ("INVESTIGATED", True), ("NOT_PROVEN", False)])
def test_what_a_pattern_nobody_has_judged_names_is_read_twice_and_not_approved_with_others(state, again):
    batch, reader = v.assigned()
    claim = batch.claims.get()
    c.fraud_signal(batch.hospital, claims=[claim.pk], state=state, note="x", judged_at=f.NOW, judged_by=f.system())
    assert decisions.approvable(batch, reader).exists() is not again
    v.decide(claim, reader)
    reading = SecondReading.objects.filter(claim=claim).first()
    assert (reading and reading.why) == ("FRAUD" if again else None)


def test_of_many_approved_at_once_the_sample_is_read_again():
    drawn = next(one for one in iter(uuid.uuid4, None) if rules.in_sample(Claim(public_id=one), 5))
    batch, reader = v.assigned(v.submitted(public_id=drawn))
    decisions.approve_many(batch=batch, claims=[drawn], actor=reader, at=f.NOW)
    claim = batch.claims.get()
    assert (claim.state, claim.second_reading.why) == (ClaimState.SECOND_READING, "SAMPLE")
    assert not LedgerEntry.objects.filter(claim=claim).exists()


# Disputes


def rejected(claims=1):
    batch, reader = v.assigned(v.submitted(claims=claims))
    claim = batch.claims.order_by("line_number").first()
    v.decide(claim, reader, Outcome.REJECT, reason="Tidak terbukti", code="PROOF")
    return batch, reader, fresh(claim)


def filed(claim, batch, at=f.NOW):
    return disputes.file_dispute(claim=claim, argument="Bukti ada", files=[], actor=biller(batch), at=at)


def panel(dispute):
    doctor, officer = v.verifier("VERIFIER_MEDICAL"), f.make_user("DINKES_SERVICES")
    named = disputes.name_panel(dispute=dispute, doctor=doctor, officer=officer, actor=v.coordinator(), at=f.NOW)
    return named, doctor, officer


def ruled(dispute, doctor, ruling=Ruling.UPHOLD, **lines):
    return disputes.rule(
        dispute=dispute, ruling=ruling, grounds="Bukti sah", lines=lines.get("lines", {}), actor=doctor, at=f.NOW
    )


def test_a_dispute_upheld_commits_what_was_refused_and_goes_into_a_supplementary_bahv():
    batch, reader, claim = rejected(claims=2)
    v.decide(batch.claims.order_by("line_number").last(), reader)
    dispute, doctor, officer = panel(filed(claim, batch))
    first = minutes.draw(batch=batch, actor=reader, at=f.NOW)
    assert (first.total_approved, first.totals["RJ"]["pending"]["cases"]) == (v.ASKED, 1)
    v.sign(first, reader)
    dispute = ruled(dispute, doctor)
    disputes.confirm(dispute=dispute, actor=officer, at=f.NOW)
    assert (fresh(claim).state, claim.approved) == (ClaimState.APPROVED, v.ASKED)
    assert sum(LedgerEntry.objects.filter(kind="COMMIT").values_list("amount", flat=True)) == 2 * v.ASKED
    second = minutes.draw(batch=batch, actor=reader, at=f.NOW)
    assert (second.sequence, second.total_approved, list(second.claims.all())) == (2, v.ASKED, [claim])
    assert batch.approved == fresh(batch).approved or batch.state == BatchState.BAHV_APPROVED
    v.sign(second, reader)
    with pytest.raises(Refused):
        minutes.draw(batch=batch, actor=reader, at=f.NOW)


def test_a_draft_loses_a_disputed_claim_and_a_signature_ends_the_right_to_dispute():
    batch, reader, claim = rejected(claims=2)
    other = batch.claims.order_by("line_number").last()
    v.decide(other, reader, Outcome.REJECT, reason="x")
    draft = minutes.draw(batch=batch, actor=reader, at=f.NOW)
    stale = type(draft).objects.get(pk=draft.pk)
    filed(claim, batch)
    draft.refresh_from_db()
    assert list(draft.claims.all()) == [other]
    director = biller(batch, "HOSPITAL_DIRECTOR")
    with pytest.raises(WrongState):
        minutes.sign_hospital(bahv=stale, actor=director, at=f.NOW)
    minutes.sign_hospital(bahv=draft, actor=director, at=f.NOW)
    with pytest.raises(WrongState):
        filed(fresh(other), batch)


def test_a_dispute_has_its_days_its_hospital_and_comes_once():
    batch, _reader, claim = rejected()
    with pytest.raises(WrongState):
        filed(claim, batch, at=LATER)
    with pytest.raises(NotAllowed):
        disputes.file_dispute(
            claim=claim, argument="x", files=[], actor=f.make_user("HOSPITAL_BILLER", facility=f.hospital(5)), at=f.NOW
        )
    dispute, doctor, officer = panel(filed(claim, batch))
    with pytest.raises(NotAllowed):
        disputes.confirm(dispute=dispute, actor=f.make_user("DINKES_SERVICES"), at=f.NOW)
    dispute = ruled(dispute, doctor, Ruling.DENY)
    disputes.confirm(dispute=dispute, actor=officer, at=f.NOW)
    assert (fresh(claim).state, claim.approved) == (ClaimState.REJECTED, None)
    with pytest.raises(WrongState):
        filed(claim, batch)


def test_the_panel_has_not_read_the_claim():
    doctor = v.verifier("VERIFIER_MEDICAL")
    batch, _reader = v.assigned(by=doctor)
    claim = batch.claims.get()
    v.decide(claim, doctor, Outcome.REJECT, reason="x")
    with pytest.raises(Refused):
        disputes.name_panel(
            dispute=filed(fresh(claim), batch),
            doctor=doctor,
            officer=f.make_user("DINKES_SERVICES"),
            actor=v.coordinator(),
            at=f.NOW,
        )


def test_a_ruling_in_part_lies_between_what_was_granted_and_what_was_asked():
    batch, _reader, claim = rejected()
    dispute, doctor, officer = panel(filed(claim, batch))
    package = claim.lines.get(kind="INACBG")
    with pytest.raises(Refused):
        ruled(dispute, doctor, Ruling.UPHOLD_PART, lines={package.pk: Grant(1, package.asked + 1)})
    with pytest.raises(Refused):
        ruled(dispute, doctor, Ruling.UPHOLD_PART)
    dispute = ruled(dispute, doctor, Ruling.UPHOLD_PART, lines={package.pk: Grant(1, 1_000_000)})
    disputes.confirm(dispute=dispute, actor=officer, at=f.NOW)
    assert (fresh(claim).state, claim.approved) == (ClaimState.PARTLY_APPROVED, 1_000_000)


@pytest.mark.parametrize("move", DISPUTE.transitions, ids=lambda m: m.name)
def test_each_step_of_a_dispute_belongs_to_its_role(move):
    batch, _reader, claim = rejected()
    dispute, _doctor, _officer = panel(filed(claim, batch))
    type(dispute).objects.filter(pk=dispute.pk).update(ruling="DENY", grounds="x", approved=0)
    assert roles_that_may(DISPUTE, move, dispute) == set(move.roles)


# The database as the last guard


def test_R7_a_signed_bahv_and_its_list_cannot_be_changed():
    batch, reader = v.decided()
    bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
    v.sign(bahv, reader)
    rows, entries = type(bahv).objects.filter(pk=bahv.pk), bahv.entries.all()
    for act in (
        lambda: rows.update(total_approved=0),
        lambda: rows.update(state="DRAFT"),
        lambda: rows.update(annex_sha256="x"),
        lambda: rows.update(hospital_signed_by=reader),
        lambda: rows._raw_delete("default"),
        lambda: entries._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_R7_a_dispute_opens_a_decided_claim_but_takes_nothing_away():
    batch, reader = v.assigned()
    claim = batch.claims.get()
    drug = claim.lines.get(kind="SD")
    v.decide(claim, reader, Outcome.ADJUST, reason="x", lines={drug.pk: Grant(1, 0)})
    row = Claim.objects.filter(pk=claim.pk)
    for act in (lambda: row.update(approved=1), lambda: ClaimLine.objects.filter(pk=drug.pk).update(approved=1)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    filed(fresh(claim), batch)
    for act in (
        lambda: row.update(approved=1),
        lambda: row.update(state="ADMIN_REVIEW"),
        lambda: row.update(claimed=1),
        lambda: row.update(decided_at=None, decided_by=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


# Papers


def test_the_letters_say_what_was_asked_decided_and_ruled():
    _batch, _reader, claim = asked()
    paper = text_of(letter_pdf(question_letter(claim.questions.get())))
    assert "Mana resume?" in paper
    assert "paling lambat" in paper
    batch, _reader, claim = rejected()
    paper = text_of(letter_pdf(decision_letter(claim)))
    assert "Tidak terbukti" in paper
    assert "sengketa" in paper
    dispute, doctor, officer = panel(filed(claim, batch))
    dispute = ruled(dispute, doctor)
    paper = text_of(letter_pdf(dispute_letter(disputes.confirm(dispute=dispute, actor=officer, at=f.NOW))))
    assert "empat juta rupiah" in paper
    assert "Bukti sah" in paper


def test_a_supplementary_bahv_says_so():
    batch, reader, claim = asked(claims=2)
    v.decide(batch.claims.order_by("line_number").last(), reader)
    v.sign(minutes.draw(batch=batch, actor=reader, at=f.NOW), reader)
    questions.end_unanswered(at=LATER)
    second = minutes.draw(batch=batch, actor=reader, at=f.NOW)
    assert "SUSULAN" in text_of(letter_pdf(bahv_letter(second)))
    assert list(second.claims.all()) == [claim]


# Screens


def test_P4b_a_claim_is_read_and_decided_in_few_statements_however_many_its_lines(client, query_count):
    for extra in (0, 5):
        sjp = c.letter(to=c.hospital(), estimate=3_000_000)
        batch = v.submitted(sjp.hospital, claims=2, sjp=sjp)
        ledger.reserve(sjp, at=f.NOW)
        Sjp.objects.filter(pk=sjp.pk).update(state="SERVICE_DONE")
        claim = batch.claims.get(line_number=1)
        for kind in ("SUBACUTE", "CHRONIC", "SP", "SR", "SI")[:extra]:
            ClaimLine.objects.create(claim=claim, kind=kind, asked=0)
        _batch, reader = v.assigned(batch)
        client.force_login(reader)
        address = reverse("verification:claim", args=[claim.public_id])
        with query_count("verification.claim"):
            client.get(address)
        with query_count("verification.decide"):
            client.post(address, {"outcome": "APPROVE"})
        moved = LedgerEntry.objects.filter(Q(claim=claim) | Q(sjp=sjp)).order_by("pk").values_list("kind", flat=True)
        assert list(moved) == ["RESERVE", "COMMIT", "RELEASE"]


@pytest.mark.parametrize("role", [Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES, Role.AUDITOR])
def test_the_figures_of_verification_stand_on_one_page_and_in_files(client, role):
    reading = v.read_twice()
    decisions.resolve(reading=reading, takes="second", reason="x", actor=v.coordinator(), at=f.NOW)
    asked()
    client.force_login(f.make_user(role))
    address = reverse("verification:report")
    wrong = client.get(address, {"since": "01-12-2026", "until": "01-11-2026"})
    assert wrong.context["form"].errors
    page = client.get(address, {"since": f"{f.TODAY:%Y}-01-01", "until": f"{f.TODAY:%d-%m-%Y}"})
    assert page.status_code == 200
    found = {table.code: table for table in page.context["tables"]}
    assert len(found["pending"].rows) == 1
    assert found["overturned"].rows
    for code in found:
        assert client.get(reverse("verification:report_csv", args=[code])).status_code == 200


def test_what_is_settled_late_is_found_from_the_queue(client):
    batch, reader, claim = asked(claims=2)
    v.decide(batch.claims.order_by("line_number").last(), reader)
    v.sign(minutes.draw(batch=batch, actor=reader, at=f.NOW), reader)
    questions.answer(question=claim.questions.get(), text="Terlampir", files=[], actor=biller(batch), at=f.NOW)
    client.force_login(reader)
    assert [late.pk for late in client.get(reverse("verification:queue")).context["late"]] == [batch.pk]
    assert list(worklist.open_claims(reader)) == [claim]
    v.decide(claim, reader)
    v.sign(minutes.draw(batch=batch, actor=reader, at=f.NOW), reader)
    assert not client.get(reverse("verification:queue")).context["late"]


def test_a_part_lowered_to_its_ceiling_is_approved_at_what_is_left_of_it():
    batch, reader = v.assigned(v.submitted(claims=2, adjusted=60_000))
    plain, less = batch.claims.order_by("line_number")
    assert v.decide(plain, reader).approved == v.ASKED - 40_000
    drug = less.lines.get(kind="SD")
    with pytest.raises(Refused, match=r"60\.000"):
        v.decide(less, reader, Outcome.ADJUST, reason="Mahal", lines={drug.pk: Grant(1, 70_000)})
    v.decide(less, reader, Outcome.ADJUST, reason="Mahal", lines={drug.pk: Grant(1, 50_000)})
    assert batch.claims.get(pk=less.pk).approved == v.ASKED - 50_000


def test_who_handed_the_claims_in_does_not_sign_their_minutes():
    batch, reader = v.decided()
    bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
    Membership.objects.create(
        **{"user": batch.submitted_by, "role": Role.HOSPITAL_DIRECTOR, "facility": batch.hospital, "decree": "SK/9"},
        valid_from=f.TODAY,
        granted_by=f.system(),
    )
    with pytest.raises(NotAllowed):
        minutes.sign_hospital(bahv=bahv, actor=batch.submitted_by, at=f.NOW)
    signed = {"state": "SIGNED_HOSPITAL", "hospital_signed_at": f.NOW, "hospital_signed_by": batch.submitted_by}
    with pytest.raises(IntegrityError, match="does not sign"), transaction.atomic():
        type(bahv).objects.filter(pk=bahv.pk).update(**signed)


def test_a_letter_keeps_number_and_day_when_a_ruling_lets_the_decision_stand():
    batch, _reader, claim = rejected()
    before = decision_letter(claim)
    dispute, doctor, officer = panel(filed(claim, batch))
    disputes.confirm(dispute=ruled(dispute, doctor, Ruling.DENY), actor=officer, at=f.NOW + datetime.timedelta(days=40))
    after = decision_letter(fresh(claim))
    assert (after.number, after.dated) == (before.number, before.dated)


def test_the_QR_of_a_decision_says_its_number_and_what_ruling_replaced_it(client):
    batch, _reader, claim = rejected()
    letter = decision_letter(claim)
    assert letter.number in client.get(letter.validity_path).text
    dispute, doctor, officer = panel(filed(claim, batch))
    disputes.confirm(dispute=ruled(dispute, doctor, Ruling.UPHOLD), actor=officer, at=f.NOW)
    page = client.get(letter.validity_path)
    assert letter.number in page.text
    assert dispute.number in page.text
