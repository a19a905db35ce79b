"""From the open batch to the verifier, and what the database refuses whoever asks. Faults known elsewhere: QUALITY.md R7."""

import itertools
import re
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from claims import batches, corrections
from claims.enums import BatchState, ClaimState
from claims.intake.columns import COLUMNS, COSTS
from claims.models import Claim, ClaimBatch, ClaimLine
from claims.workflow import BATCH, CLAIM
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from referrals.enums import SjpState
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db

LATER = c.AT.replace(hour=15)


def opened(*rows):
    """A batch with one row a letter, and its biller."""
    actor = c.biller()
    rows = rows or (c.row(c.letter()),)
    return c.take(list(rows), actor=actor).batch, actor


def test_submitting_gives_ready_claims_to_the_director_and_leaves_blocked_ones():
    good, bad = c.letter(), c.letter()
    batch, actor = opened(c.row(good), c.row(bad, KELAS_RAWAT="1"))
    batch = batches.submit(batch=batch, actor=actor, at=LATER)
    assert (batch.state, batch.submitted_at, batch.submitted_by) == (BatchState.TO_SIGN, LATER, actor)
    assert list(batch.claims.order_by("line_number").values_list("state", flat=True)) == ["SUBMITTED", "BLOCKED"]
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == (SjpState.CLAIMED, SjpState.SERVICE_DONE)
    claim = batch.claims.get(state="SUBMITTED")
    assert batch.claimed == claim.claimed
    assert JournalEntry.objects.about(claim).get().verb == "claim.submit"
    assert JournalEntry.objects.about(batch).filter(verb="batch.submit").exists()


def test_submitting_judges_again_and_refuses_what_changed_since_the_officer_looked():
    first, second = c.letter(), c.letter()
    batch, actor = opened(c.row(first), c.row(second))
    seen = (2, batch.claimed)
    first.state = SjpState.REVOKED
    first.revoked_at, first.revoked_by = LATER, f.system()
    first.save()
    with pytest.raises(WrongState):
        batches.submit(batch=batch, actor=actor, at=LATER, expected=seen)
    batch.refresh_from_db()
    assert (batch.state, batch.accepted, batch.refused) == ("OPEN", 1, 1)
    assert batch.claims.get(sjp=first).state == ClaimState.BLOCKED
    batch = batches.submit(batch=batch, actor=actor, at=LATER, expected=(1, batch.claimed))
    assert batch.claims.get(sjp=second).state == ClaimState.SUBMITTED


def test_checking_again_clears_a_claim_whose_obstacle_is_gone():
    sjp = c.letter(state=SjpState.ISSUED)
    batch, actor = opened(c.row(sjp), c.row(c.letter()))
    assert batch.claims.get(sjp=sjp).state == ClaimState.BLOCKED
    sjp.state = SjpState.SERVICE_DONE
    sjp.save()
    batch = batches.recheck(batch=batch, actor=actor, at=LATER)
    assert batch.claims.get(sjp=sjp).state == ClaimState.READY
    assert (batch.accepted, batch.refused) == (2, 0)


def test_a_batch_without_a_ready_claim_cannot_be_submitted():
    batch, actor = opened(c.row(c.letter(), KELAS_RAWAT="1"))
    with pytest.raises(Refused):
        batches.submit(batch=batch, actor=actor, at=LATER)
    assert ClaimBatch.objects.get().state == BatchState.OPEN


@pytest.mark.parametrize("role", ["HOSPITAL_DIRECTOR", "HOSPITAL_DESK", "VERIFIER_ADMIN", "DINKES_CLAIMS"])
def test_only_the_hospitals_billing_officer_submits_links_and_withdraws(role):
    batch, _actor = opened()
    stranger = f.make_user(role, facility=batch.hospital if role.startswith("HOSPITAL") else None)
    claim = batch.claims.get()
    for act in (
        lambda: batches.submit(batch=batch, actor=stranger, at=LATER),
        lambda: batches.recheck(batch=batch, actor=stranger, at=LATER),
        lambda: batches.withdraw(batch=batch, actor=stranger, at=LATER, reason="x"),
        lambda: corrections.withdraw(claim=claim, actor=stranger, at=LATER),
        lambda: corrections.link(claim=claim, sjp_number="1", actor=stranger, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_submitting_twice_is_one_act():
    batch, actor = opened()
    batches.submit(batch=batch, actor=actor, at=LATER)
    with pytest.raises(WrongState):
        batches.submit(batch=batch, actor=actor, at=LATER)


def test_a_withdrawn_batch_gives_back_its_letters_and_its_file():
    sjp = c.letter()
    rows = [c.row(sjp)]
    actor = c.biller()
    batch = c.take(rows, actor=actor).batch
    batches.submit(batch=batch, actor=actor, at=LATER)
    batch = batches.withdraw(batch=batch, actor=actor, at=LATER, reason="Salah berkas")
    assert (batch.state, batch.claimed) == (BatchState.WITHDRAWN, 0)
    sjp.refresh_from_db()
    assert sjp.state == SjpState.SERVICE_DONE
    again = c.take(rows, actor=actor)
    assert again.batch.claims.get().state == ClaimState.READY


def test_withdrawing_a_batch_needs_a_reason():
    batch, actor = opened()
    with pytest.raises(Refused):
        batches.withdraw(batch=batch, actor=actor, at=LATER, reason="  ")


def test_one_claim_is_withdrawn_and_the_totals_follow():
    one, two = c.letter(), c.letter()
    batch, actor = opened(c.row(one), c.row(two))
    batches.submit(batch=batch, actor=actor, at=LATER)
    corrections.withdraw(claim=batch.claims.get(sjp=one), actor=actor, at=LATER)
    batch.refresh_from_db()
    one.refresh_from_db()
    assert batch.claimed == batch.claims.get(sjp=two).claimed
    assert one.state == SjpState.SERVICE_DONE


# Letters named by hand


def test_a_claim_with_a_number_of_e_klaim_is_linked_by_hand():
    sjp = c.letter()
    batch, actor = opened(c.row(sjp, SEP="3216174ICC26100001"), c.row(c.letter()))
    claim = batch.claims.get(sjp=None)
    claim = corrections.link(claim=claim, sjp_number=f" {sjp.number.lower()} ", actor=actor, at=LATER)
    assert (claim.state, claim.sjp, claim.resident, claim.reference) == (
        ClaimState.READY,
        sjp,
        sjp.resident,
        "3216174ICC26100001",
    )
    assert not claim.findings.filter(severity="R").exists()
    batch.refresh_from_db()
    assert (batch.accepted, batch.refused) == (2, 0)


def test_a_link_to_the_letter_of_another_patient_stays_blocked():
    sjp = c.letter(f.make_resident(name="SUTRISNO", birth_date=f.TODAY.replace(year=1960)))
    batch, actor = opened(c.row(c.letter(), SEP=""))
    claim = corrections.link(claim=batch.claims.get(), sjp_number=sjp.number, actor=actor, at=LATER)
    assert claim.state == ClaimState.BLOCKED
    assert claim.findings.get(rule="ADM-02").evidence["details"] == ["other_patient"]


@pytest.mark.parametrize("number", ["", "000001/SJP/1/I/2020", "bukan nomor"])
def test_a_link_to_no_letter_of_this_hospital_is_refused(number):
    batch, actor = opened(c.row(c.letter(), SEP=""))
    foreign = c.letter(to=c.hospital(1))
    for text in (number, foreign.number):
        with pytest.raises(Refused):
            corrections.link(claim=batch.claims.get(), sjp_number=text, actor=actor, at=LATER)
    assert Claim.objects.get().sjp is None


def test_a_link_to_a_letter_claimed_already_is_found():
    sjp = c.letter()
    c.take([c.row(sjp)])
    batch, actor = opened(c.row(c.letter(), SEP=""))
    claim = corrections.link(claim=batch.claims.get(sjp=None), sjp_number=sjp.number, actor=actor, at=LATER)
    assert claim.state == ClaimState.BLOCKED
    assert claim.findings.filter(rule="DUP-01").exists()


def test_only_a_blocked_claim_of_an_open_batch_is_linked():
    batch, actor = opened()
    with pytest.raises(WrongState):
        corrections.link(claim=batch.claims.get(), sjp_number=c.letter().number, actor=actor, at=LATER)


# The database as the last guard


def decided(outcome="APPROVED"):
    claim = c.claimed(submitted=True)
    batch = claim.batch
    coordinator, verifier = f.make_user("VERIFIER_COORDINATOR"), f.make_user("VERIFIER_ADMIN")
    BATCH.apply(batch, "open_verification", actor=coordinator, at=LATER)
    CLAIM.apply_many(batch.claims.all(), "open_verification", actor=coordinator, at=LATER)
    move = {"APPROVED": "approve", "REJECTED": "reject", "RETURNED": "return_"}[outcome]
    approved = claim.claimed if outcome == "APPROVED" else None
    return CLAIM.apply(claim, move, actor=verifier, at=LATER, update={"approved": approved})


def refused(act):
    with pytest.raises(IntegrityError), transaction.atomic():
        act()


@pytest.mark.parametrize("outcome", ["APPROVED", "REJECTED", "RETURNED"])
def test_R7_a_decided_claim_is_neither_deleted_nor_moved_back_nor_changed(outcome):
    claim = decided(outcome)
    row = Claim.objects.filter(pk=claim.pk)
    refused(lambda: row._raw_delete("default"))
    for state in ("READY", "BLOCKED", "SUBMITTED", "ADMIN_REVIEW", "WITHDRAWN"):
        refused(lambda state=state: row.update(state=state))
    refused(lambda: row.update(claimed=claim.claimed - 1))
    refused(lambda: row.update(approved=0))
    refused(lambda: row.update(decided_at=None, decided_by=None))
    lines = ClaimLine.objects.filter(claim=claim)
    refused(lambda: lines.update(approved=0, reason="x"))
    refused(lines.delete)
    refused(lambda: ClaimLine.objects.create(claim=claim, kind="SP", asked=1))


def test_R7_what_was_submitted_cannot_be_edited_after_the_check():
    claim = c.claimed(submitted=True)
    row = Claim.objects.filter(pk=claim.pk)
    refused(lambda: row.update(claimed=claim.claimed * 2))
    refused(lambda: row.update(sjp=c.letter()))
    refused(lambda: row.update(diagnoses=["Z00.0"]))
    refused(lambda: row.update(state="READY"))
    refused(lambda: ClaimLine.objects.filter(claim=claim).update(asked=1))
    refused(ClaimLine.objects.filter(claim=claim).delete)
    refused(lambda: row._raw_delete("default"))
    refused(lambda: ClaimBatch.objects.filter(pk=claim.batch_id).update(state="OPEN"))
    refused(lambda: ClaimBatch.objects.filter(pk=claim.batch_id).update(rows=9))


def test_totals_of_a_batch_under_verification_are_frozen():
    batch = ClaimBatch.objects.filter(pk=decided().batch_id)
    refused(lambda: batch.update(claimed=0))
    refused(lambda: batch.update(accepted=0, refused=1))
    refused(lambda: batch.update(state="COMPLETE"))
    refused(lambda: batch._raw_delete("default"))


def test_an_open_claim_may_still_change():
    claim = c.claimed()
    assert Claim.objects.filter(pk=claim.pk).update(medical_record="9") == 1


@pytest.mark.parametrize(("workflow", "function"), [(CLAIM, "claims_guard_claim"), (BATCH, "claims_guard_batch")])
def test_the_database_allows_exactly_the_moves_of_the_workflow(workflow, function):
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [function])
        source = cursor.fetchone()[0]
    guarded = {
        (state, target.strip(" '\n"))
        for state, targets in re.findall(r"WHEN '(\w+)' THEN ARRAY\[([^\]]*)\]", source)
        for target in targets.split(",")
    }
    free = {"READY", "BLOCKED", "OPEN"}
    moves = {(str(s), str(t.target)) for t in workflow.transitions for s in t.sources if str(s) not in free}
    # Back to the desk goes a claim by a guard of its own, which looks at the batch.
    assert guarded == moves - {("SUBMITTED", "READY")}


# At the same moment


@pytest.mark.django_db(transaction=True)
class TestConcurrently:
    def test_R7_the_same_file_twice_at_once_is_taken_once(self, in_threads):
        rows = [c.row(c.letter()) for _ in range(3)]
        place, actor = c.hospital(), c.biller()
        answers = in_threads(4, lambda n: c.take(rows, place=place, actor=actor))
        assert sum(isinstance(answer, Refused) for answer in answers) == 3
        batch = ClaimBatch.objects.get()
        assert all(batch.number in answer.message for answer in answers if isinstance(answer, Refused))
        assert batch.claims.count() == 3

    def test_control_without_its_guards_the_same_file_is_taken_more_than_once(self, in_threads, monkeypatch):
        """The positive control: the race above is a race. Guards are the lock, the check behind it and the unique indexes."""
        numbers = itertools.count(1)
        monkeypatch.setattr("claims.intake.taking.next_number", lambda *series: next(numbers))
        monkeypatch.setattr("claims.intake.taking._refuse_known_file", lambda *file: None)
        monkeypatch.setattr("claims.intake.taking.locks.hold_until_commit", lambda name: None)
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX a_file_is_taken_once; DROP INDEX an_episode_is_claimed_once")
        rows = [c.row(c.letter())]
        place, actor = c.hospital(), c.biller()
        in_threads(4, lambda n: c.take(rows, place=place, actor=actor))
        assert ClaimBatch.objects.count() > 1

    def test_R7_the_same_letter_in_several_files_at_once_is_ready_once(self, in_threads):
        """They are corrections of one another: whichever comes last is the version that counts."""
        sjps = [c.letter() for _ in range(5)]
        place, actor = c.hospital(), c.biller()
        files = [[c.row(sjp, MRN=str(n)) for sjp in sjps[:: 1 - 2 * (n % 2)]] for n in range(4)]
        in_threads(4, lambda n: c.take(files[n], place=place, actor=actor))
        assert (ClaimBatch.objects.count(), ClaimBatch.objects.get().files.count()) == (1, 4)
        assert ClaimBatch.objects.get().rows == 5
        for sjp in sjps:
            versions = sjp.claims.order_by("version").values_list("version", "state")
            assert list(versions) == [(1, "WITHDRAWN"), (2, "WITHDRAWN"), (3, "WITHDRAWN"), (4, "READY")]

    def test_R7_parallel_submits_are_one(self, in_threads):
        batch, actor = opened()
        answers = in_threads(4, lambda n: batches.submit(batch=ClaimBatch.objects.get(), actor=actor, at=LATER))
        assert sum(isinstance(answer, WrongState) for answer in answers) == 3
        assert JournalEntry.objects.filter(verb="claim.submit").count() == 1
        assert ClaimBatch.objects.get().claimed == batch.claimed

    def test_a_submit_and_a_withdrawal_at_once_leave_one_clear_end(self, in_threads):
        batch, actor = opened()
        acts = [
            lambda: batches.submit(batch=batch, actor=actor, at=LATER),
            lambda: batches.withdraw(batch=batch, actor=actor, at=LATER, reason="x"),
        ]
        in_threads(2, lambda n: acts[n]())
        states = (ClaimBatch.objects.get().state, Claim.objects.get().state, Claim.objects.get().sjp.state)
        # A submitted batch can still be withdrawn; a withdrawn one is not submitted.
        assert states in {("WITHDRAWN", "WITHDRAWN", "SERVICE_DONE"), ("TO_SIGN", "SUBMITTED", "CLAIMED")}


def test_no_state_is_set_outside_the_workflow_but_at_birth():
    from django.conf import settings

    source = "".join(path.read_text() for path in Path(settings.BASE_DIR, "claims").rglob("*.py"))
    assert not re.findall(r"(?m)^\s*\w+\.state\s*=[^=]|update\(state=", source)


def test_each_kind_of_care_becomes_a_batch_of_its_own():
    """One hand-in, one batch per kind: own number, covering letter, totals and way; lines and files stay found."""
    place, actor = c.hospital(), c.biller()
    letters, stay = [c.letter(to=place) for _ in range(2)], c.letter(to=place, service="INPATIENT")
    rows = [c.row(letters[0]), c.row(letters[1]), c.row(stay, days=3)]
    batch = c.take(rows, place=place, actor=actor).batch
    claimed = batch.claimed
    batch = batches.submit(batch=batch, actor=actor, at=LATER)
    family = {part.kind: part for part in batch.family()}
    assert {kind: part.claims.count() for kind, part in family.items()} == {"RI": 1, "RJ": 2}
    assert {part.state for part in family.values()} == {BatchState.TO_SIGN}
    assert sum(part.claimed for part in family.values()) == claimed
    assert len({part.number for part in family.values()}) == 2
    for part in family.values():
        assert part.file_name == batch.file_name
        for claim in part.claims.all():
            assert claim.data["SEP"] == claim.reference
    signed = batches.sign(batch=family["RJ"], actor=c.director(place), at=LATER)
    assert (signed.state, ClaimBatch.objects.get(kind="RI").state) == (BatchState.SUBMITTED, BatchState.TO_SIGN)


def test_a_part_sent_back_is_mended_and_handed_in_alone():
    place, actor = c.hospital(), c.biller()
    letter, stay = c.letter(to=place), c.letter(to=place, service="INPATIENT")
    batch = c.take([c.row(letter), c.row(stay, days=3)], place=place, actor=actor).batch
    batch = batches.submit(batch=batch, actor=actor, at=LATER)
    part = batch.splits.get()
    batches.send_back(batch=part, actor=c.director(place), at=LATER, reason="Periksa kelas rawat")
    part = batches.submit(batch=ClaimBatch.objects.get(pk=part.pk), actor=actor, at=LATER)
    assert (part.state, part.claims.count(), batch.family().count()) == (BatchState.TO_SIGN, 1, 2)


def test_a_part_of_a_part_finds_the_file_that_brought_its_rows():
    place, actor = c.hospital(), c.biller()
    batch = c.take(
        [c.row(c.letter(to=place)), c.row(c.letter(to=place, service="INPATIENT"), days=3)], place=place, actor=actor
    ).batch
    batch = batches.submit(batch=batch, actor=actor, at=LATER)
    part = batches.send_back(batch=batch.splits.get(), actor=c.director(place), at=LATER, reason="Kurang satu")
    stay = c.row(c.letter(to=place, service="INPATIENT"), days=3)
    shorter = [name for name in COLUMNS if name not in COSTS]
    assert c.take(c.text([stay], columns=shorter), place=place).batch == part
    batches.submit(batch=part, actor=actor, at=LATER)
    claim = Claim.objects.get(reference=stay["SEP"])
    assert claim.batch.split_from == part
    assert claim.data["SEP"] == claim.reference
    assert claim.batch.root == batch
    assert list(claim.batch.family()) == list(batch.family())
    assert batch.family().count() == 3
    part = batches.send_back(batch=claim.batch, actor=c.director(place), at=LATER, reason="Kurang satu lagi")
    more = c.row(c.letter(to=place, service="INPATIENT"), days=3)
    again = c.take(c.text([stay, more], columns=shorter), place=place)
    assert (again.batch, again.unchanged, again.accepted) == (part, 1, 2)


def test_the_second_part_taken_back_does_not_rewrite_who_took_back_the_file():
    batch, actor = opened(c.row(c.letter()), c.row(c.letter(service="INPATIENT"), days=3))
    batch = batches.submit(batch=batch, actor=actor, at=LATER)
    batches.withdraw(batch=batch.splits.get(), actor=actor, at=LATER, reason="Salah bulan")
    batches.withdraw(batch=batch, actor=c.biller(), at=LATER.replace(hour=16), reason="Salah bulan")
    file = batch.files.get()
    assert (file.withdrawn_at, file.withdrawn_by) == (LATER, actor)
