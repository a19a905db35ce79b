"""Patterns over claims: found with the figures of the peers, kept for a person, never shown to the hospital."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from claims import signals, statistics
from claims.models import BatchFile, Claim, FraudSignal, GroupStatistic
from claims.workflow import FRAUD_SIGNAL
from ksb.core.errors import NotAllowed, Refused
from participants.models import Signal
from referrals.models import Referral
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db
HEADER = "OBAT\tALKES"
ON = datetime.date(2026, 10, 31)
_rows = iter(range(1, 10**6))


def place(**values):
    return f.make_facility(hospital_class="C", ownership="PRIVATE", **values)


def claims_of(hospital, count, *, people=1, **values):
    """``count`` claims of so many people in one batch, written straight to the table: what is judged is a pattern."""
    batch, household = hospital.claim_batches.first() or _batch(hospital), f.make_household()
    residents = [f.make_resident(household) for _ in range(people)]
    common = {"batch": batch, "hospital": hospital, "state": "READY", "care_type": 1, "care_class": 3, "sex": 1}
    common |= {
        "admitted_on": c.DAY,
        "discharged_on": c.DAY,
        "discharge_status": 1,
        "birth_date": c.DAY,
        "payor": "5;001",
    }
    common |= {"patient_name": "X", "inacbg": "K-4-17-I", "diagnoses": ["A09.9"], "claimed": 1_000_000}
    made = []
    for n in range(count):
        own = {name: value(n) if callable(value) else value for name, value in values.items()}
        serial = next(_rows)
        each = {"line_number": serial, "reference": f"R{serial}", "hospital_bill": 1_234_567 + 7_919 * serial}
        made.append(Claim(**common | {"resident": residents[n % people]} | each | own))
    return Claim.objects.bulk_create(made)


def _batch(hospital):
    from claims.models import ClaimBatch

    return ClaimBatch.objects.create(
        **{"number": f"B/{hospital.pk}", "hospital": hospital, "service_month": c.DAY.replace(day=1)},
        **{"sha256": str(hospital.pk), "created_at": c.AT, "created_by": f.system()},
    )


def found(rule):
    signals.refresh(on=ON)
    return list(FraudSignal.objects.filter(rule=rule))


@pytest.fixture
def peers():
    """Three hospitals with thirty ordinary stays each."""
    return [claims_of(place(), 30, inacbg=lambda n: "K-4-17-II" if n % 10 == 0 else "K-4-17-I") for _ in range(3)]


def test_FRD_01_finds_the_hospital_whose_severity_stands_out(peers):
    suspect = place()
    claims_of(suspect, 30, inacbg="K-4-17-III")
    (signal,) = found("FRD-01")
    assert signal.hospital == suspect
    assert (signal.facts["share"], signal.facts["peers"], len(signal.claims)) == (100, 10, 30)
    assert "100" in signal.message


def test_FRD_01_says_nothing_of_few_claims_or_of_equals(peers):
    claims_of(place(), 29, inacbg="K-4-17-III")
    assert found("FRD-01") == []


@pytest.mark.parametrize(("alike", "hits"), [(5, 1), (4, 0)])
def test_FRD_03_finds_patients_alike_in_everything(alike, hits):
    claims_of(place(), alike, people=alike, hospital_bill=3_217_000)
    assert len(found("FRD-03")) == hits


@pytest.mark.parametrize(("drugs", "hits"), [(900_000, 1), (100_000, 0)])
def test_FRD_04_finds_a_share_of_medicines_above_the_peers(drugs, hits):
    def with_drugs(amount):
        own = place()
        claims_of(own, 30, hospital_bill=1_000_000, cost_sum=1_000_000, row=f"{amount}\t0")
        batch = own.claim_batches.get()
        BatchFile.objects.create(
            **{
                "batch": batch,
                "hospital": own,
                "file_name": "oktober.txt",
                "sha256": f"{own.pk:064d}",
                "header": HEADER,
            },
            **{"rows": 30, "last_line": 31, "received_at": f.NOW, "received_by": f.system()},
        )

    for _ in range(3):
        with_drugs(100_000)
    with_drugs(drugs)
    assert len(found("FRD-04")) == hits


@pytest.mark.parametrize(("others", "hits"), [(1, 1), (5, 0)])
def test_FRD_05_finds_a_hospital_that_sends_all_to_one(others, hits):
    sender, main, rest = place(), place(), [place() for _ in range(others)]
    for n in range(10):
        sjp = c.letter(to=rest[n % others] if n >= 9 - others else main)
        Referral.objects.filter(pk=sjp.referral_id).update(issuing_hospital=sender, direction="LEVEL")
    assert len(found("FRD-05")) == hits


@pytest.mark.parametrize(("hospitals", "hits"), [(2, 1), (1, 0)])
def test_FRD_07_finds_one_member_at_two_hospitals_on_a_day(hospitals, hits):
    member = f.make_resident()
    for _ in range(hospitals):
        claims_of(place(), 1, resident=member, care_type=2)
    assert len(found("FRD-07")) == hits


@pytest.mark.parametrize(("days", "hits"), [(10, 1), (20, 0)])
def test_FRD_08_finds_a_patient_who_goes_from_hospital_to_hospital(days, hits):
    member, first = f.make_resident(), c.DAY - datetime.timedelta(days=45)
    for n in range(3):
        day = first + datetime.timedelta(days=n * days)
        claims_of(place(), 1, resident=member, care_type=2, admitted_on=day, discharged_on=day)
    assert len(found("FRD-08")) == hits


@pytest.mark.parametrize(("families", "hits"), [(2, 1), (1, 0)])
def test_FRD_10_finds_families_of_one_telephone_at_one_hospital(families, hits):
    own, people = place(), [f.make_resident() for _ in range(3)]
    Signal.objects.create(
        **{"kind": "SAME_PHONE", "key": "x", "households": [p.household_id for p in people], "count": 3},
        **{"first_on": ON, "last_on": ON, "noticed_on": ON},
    )
    for person in people[:families]:
        claims_of(own, 1, resident=person)
    assert len(found("FRD-10")) == hits


@pytest.mark.parametrize(("bill", "hits"), [(2_000_000, 1), (None, 0)])
def test_FRD_11_finds_round_bills(bill, hits):
    def ordinary(n):
        return int(10 ** (6 + ((n * 0.61803) % 1))) + 13

    for _ in range(3):
        claims_of(place(), 100, hospital_bill=ordinary)
    claims_of(place(), 100, hospital_bill=bill or ordinary)
    assert len(found("FRD-11")) == hits


def test_FRD_02_finds_claims_nobody_registered_where_others_were():
    from tests.claims.test_rule_table import visit

    own = place()
    f.make_contract(own)
    letters = [c.letter(to=own) for _ in range(6)]
    for sjp in letters[:2]:
        visit(sjp, hours=1)
    claims_of(own, 6, sjp=lambda n: letters[n], care_type=2)
    (signal,) = found("FRD-02")
    assert (signal.facts["count"], signal.facts["share"]) == (4, 67)


def test_FRD_06_finds_more_patients_claimed_than_beds_reported_as_taken():
    from facilities.models import BedCount, BedReport
    from tests.claims.test_rule_table import moment

    own = place()
    f.make_contract(own)
    count = None
    for n in range(4):
        at = moment(c.DAY + datetime.timedelta(days=n))
        figures = {"capacity": 10, "occupied": 1, "reported_at": at, "reported_by": f.system()}
        count = count or BedCount.objects.create(facility=own, ward="CLASS_3", **figures)
        BedReport.objects.create(count=count, **figures)
    letters = [c.letter(to=own, service="INPATIENT") for _ in range(2)]
    claims_of(own, 2, sjp=lambda n: letters[n], discharged_on=c.DAY + datetime.timedelta(days=4))
    (signal,) = found("FRD-06")
    assert signal.facts["count"] == 4


def test_the_same_night_twice_finds_nothing_new(peers):
    claims_of(place(), 30, inacbg="K-4-17-III")
    assert signals.refresh(on=ON)["FRD-01"] == 1
    assert set(signals.refresh(on=ON).values()) == {0}


def test_a_pattern_switched_off_is_not_looked_for(peers):
    claims_of(place(), 30, inacbg="K-4-17-III")
    c.in_force("FRD-01")
    signals.refresh(on=f.TODAY + datetime.timedelta(days=1))
    assert not FraudSignal.objects.filter(rule="FRD-01").exists()


def test_what_was_not_proven_is_noticed_again_in_other_claims(peers):
    suspect = place()
    claims_of(suspect, 30, inacbg="K-4-17-III")
    (signal,) = found("FRD-01")
    judge = f.make_user("VERIFIER_COORDINATOR")
    signals.judge(signal=signal, move="dismiss", note="RS rujukan bedah.", actor=judge, at=f.NOW)
    assert signals.refresh(on=ON)["FRD-01"] == 0
    claims_of(suspect, 1, inacbg="K-4-17-III", claimed=2_000_000)
    assert found("FRD-01")[0].state == "NOTICED"


@pytest.mark.parametrize("move", [move.name for move in FRAUD_SIGNAL.transitions])
@pytest.mark.parametrize("role", ["VERIFIER_COORDINATOR", "DINKES_CLAIMS", "VERIFIER_MEDICAL", "AUDITOR"])
def test_only_the_coordinator_and_dinkes_services_judge(move, role):
    start = FRAUD_SIGNAL[move].sources[0]
    judged = {} if start in ("NOTICED", "IN_REVIEW") else {"judged_at": f.NOW, "judged_by": f.system(), "note": "x"}
    signal, actor = c.fraud_signal(c.hospital(), state=start, **judged), f.make_user(role)
    if role == "VERIFIER_COORDINATOR":
        assert signals.judge(signal=signal, move=move, note="Sudah dilihat", actor=actor, at=f.NOW).state
    else:
        with pytest.raises(NotAllowed):
            signals.judge(signal=signal, move=move, note="Sudah dilihat", actor=actor, at=f.NOW)


def test_an_outcome_says_what_was_found_out():
    signal, actor = c.fraud_signal(c.hospital()), f.make_user("VERIFIER_COORDINATOR")
    with pytest.raises(Refused):
        signals.judge(signal=signal, move="investigate", note=" ", actor=actor, at=f.NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        FraudSignal.objects.filter(pk=signal.pk).update(state="PROVEN")


@pytest.mark.parametrize(("role", "status"), [("HOSPITAL_BILLER", 403), ("VERIFIER_ADMIN", 403), ("AUDITOR", 200)])
def test_no_hospital_and_no_verifier_sees_a_pattern(client, role, status):
    signal = c.fraud_signal(c.hospital())
    client.force_login(f.make_user(role, facility=c.hospital()) if role.startswith("HOSPITAL") else f.make_user(role))
    assert client.get(reverse("claims:signals")).status_code == status
    assert client.get(reverse("claims:signal", args=[signal.public_id])).status_code == status


def test_a_pattern_is_judged_on_its_page_and_counted(client):
    signal = c.fraud_signal(c.hospital())
    client.force_login(f.make_user("VERIFIER_COORDINATOR"))
    address = reverse("claims:signal", args=[signal.public_id])
    assert client.post(address, {"move": "dismiss", "note": ""}).status_code == 200
    assert client.post(address, {"move": "dismiss", "note": "Bukan pola."}).status_code == 302
    assert signals.hit_rates() == {"FRD-01": (1, 1, 0)}
    assert "FRD-01" in client.get(reverse("claims:signals"), {"state": "NOT_PROVEN"}).content.decode()


def test_the_usual_stay_is_that_of_nineteen_in_twenty():
    claims_of(place(), 20, discharged_on=lambda n: c.DAY + datetime.timedelta(days=n))
    assert statistics.refresh(on=ON) == 1
    assert (GroupStatistic.objects.get().claims, GroupStatistic.objects.get().stay_p95) == (20, 19)
