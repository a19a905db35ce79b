"""Submitted batches and appointed verifiers for tests."""

import datetime
import itertools

from django.db.backends.postgresql.psycopg_any import DateRange

from budget.ledger import line_for
from claims.enums import BatchState, ClaimState
from claims.models import Claim, ClaimBatch, ClaimLine
from tests import factories as f
from tests.budget.factories import make_line
from verification import assignment, decisions, minutes
from verification.enums import Outcome
from verification.models import Appointment

_count = itertools.count(1)
MONTH = datetime.date(2026, 10, 1)
ASKED = 4_000_000


def verifier(role="VERIFIER_ADMIN", *, appointed=True):
    user = f.make_user(role)
    if appointed:
        Appointment.objects.create(
            verifier=user, decree="Kep. 1", valid=DateRange(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1))
        )
    return user


def coordinator():
    return f.make_user("VERIFIER_COORDINATOR")


def submitted(hospital=None, *, claims=1, asked=ASKED, budget=True, sjp=None):
    """A batch as it is after the hospital has submitted it, and a budget line that can bear it."""
    n = next(_count)
    hospital = hospital or f.hospital(public=False)
    if budget and line_for(hospital=hospital, year=2026) is None:
        make_line(10**12, for_public=hospital.is_public)
    biller = f.make_user("HOSPITAL_BILLER", facility=hospital)
    batch = ClaimBatch.objects.create(
        number=f"{n:04d}/KLAIM/{hospital.code}/XI/2026",
        hospital=hospital,
        service_month=MONTH,
        state=BatchState.SUBMITTED,
        sha256=f"{n:064d}",
        rows=claims,
        accepted=claims,
        claimed=claims * asked,
        created_at=f.NOW,
        created_by=biller,
        submitted_at=f.NOW,
        submitted_by=biller,
    )
    for line in range(1, claims + 1):
        _claim(batch, line, asked, sjp)
    return batch


def _claim(batch, line, asked, sjp):
    claim = Claim.objects.create(
        batch=batch,
        hospital=batch.hospital,
        sjp=sjp,
        resident=f.make_resident(),
        line_number=line,
        state=ClaimState.SUBMITTED,
        reference=f"{next(_count):06d}/SJP/32750200001/X/2026",
        care_type=1,
        care_class=3,
        admitted_on=datetime.date(2026, 10, 3),
        discharged_on=datetime.date(2026, 10, 6),
        discharge_status=1,
        birth_date=datetime.date(1990, 5, 17),
        sex=1,
        patient_name=f"PASIEN {line}",
        diagnoses=["J18.9"],
        inacbg="J-4-16-I",
        claimed=asked,
        hospital_bill=asked + 500_000,
        payor="5;001",
    )
    ClaimLine.objects.create(claim=claim, kind="INACBG", code="J-4-16-I", asked=asked - 100_000)
    ClaimLine.objects.create(claim=claim, kind="SD", code="DD01", asked=100_000)


def assigned(batch=None, by=None):
    """A submitted batch in the hands of a verifier: ``(batch, verifier)``."""
    batch = batch or submitted()
    reader = by or verifier()
    assignment.assign(batch=batch, verifier=reader, actor=None, at=f.NOW)
    batch.refresh_from_db()
    return batch, reader


def decide(claim, reader, outcome=Outcome.APPROVE, **values):
    return decisions.decide(claim=claim, outcome=outcome, actor=reader, at=f.NOW, **values)


def decided(claims=2):
    """A batch whose claims are all approved: ``(batch, verifier)``."""
    batch, reader = assigned(submitted(claims=claims))
    for claim in batch.claims.order_by("pk"):
        decide(claim, reader)
    return batch, reader


def approved_bahv(hospital=None, *, claims=1, batch=None, reader=None, director=None, dinkes=None, **values):
    """A BAHV that all three have signed, of a new batch or of ``batch``."""
    batch, reader = assigned(batch or submitted(hospital, claims=claims, **values), by=reader)
    for claim in batch.claims.order_by("pk"):
        decide(claim, reader)
    bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
    director = director or f.make_user("HOSPITAL_DIRECTOR", facility=batch.hospital)
    bahv = minutes.sign_hospital(bahv=bahv, actor=director, at=f.NOW)
    bahv = minutes.sign_verifier(bahv=bahv, actor=reader, at=f.NOW)
    return minutes.approve(bahv=bahv, actor=dinkes or f.make_user("DINKES_SERVICES"), at=f.NOW)
