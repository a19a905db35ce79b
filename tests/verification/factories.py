"""Submitted batches and appointed verifiers for tests."""

import datetime
import itertools
import uuid

from django.db.backends.postgresql.psycopg_any import DateRange

from budget.ledger import line_for
from claims.enums import BatchState, ClaimState
from claims.models import Claim, ClaimBatch, ClaimLine, CompletenessCheck, Finding
from ksb.core.errors import NotAllowed, WrongState
from tests import factories as f
from tests.budget.factories import make_line
from verification import assignment, decisions, minutes
from verification.enums import Outcome
from verification.models import Appointment, SecondReading
from verification.rules import in_sample

_count = itertools.count(1)
MONTH = datetime.date(2026, 10, 1)
ASKED = 4_000_000
FIRST_ONLY = {"sjp": None, "replaces": None, "version": 1}


def verifier(role="VERIFIER_ADMIN", *, appointed=True):
    user = f.make_user(role)
    if appointed:
        kind = "MEDICAL" if role == "VERIFIER_MEDICAL" else "ADMINISTRATIVE"
        Appointment.objects.create(
            verifier=user,
            kind=kind,
            decree="Kep. 1",
            valid=DateRange(datetime.date(2026, 1, 1), datetime.date(2027, 1, 1)),
        )
    return user


def coordinator():
    return f.make_user("VERIFIER_COORDINATOR")


def submitted(hospital=None, *, claims=1, asked=ASKED, budget=True, **claim):
    """A batch as the verifiers get it: handed in by the hospital and found complete, and a budget line that can bear it.

    Its claims are outpatient: no medical stage; none is drawn for the sample. ``item`` is quantity and price of a third
    line, ``sjp`` and
    ``replaces`` those of the first claim.
    """
    n = next(_count)
    hospital = hospital or f.hospital(public=False)
    if budget and line_for(hospital=hospital, year=2026) is None:
        make_line(10**12, for_public=hospital.is_public)
    biller = f.make_user("HOSPITAL_BILLER", facility=hospital)
    batch = ClaimBatch.objects.create(
        number=f"{n:04d}/KLAIM/{hospital.code}/XI/2026",
        hospital=hospital,
        service_month=MONTH,
        state=BatchState.COMPLETE,
        sha256=f"{n:064d}",
        rows=claims,
        accepted=claims,
        claimed=claims * asked,
        created_at=f.NOW,
        created_by=biller,
        submitted_at=f.NOW,
        submitted_by=biller,
        signed_at=f.NOW,
        signed_by=f.make_user("HOSPITAL_DIRECTOR", facility=hospital),
        completed_at=f.NOW,
        completed_by=f.system(),
    )
    for line in range(1, claims + 1):
        _claim(batch, line, asked, **claim | (FIRST_ONLY if line > 1 else {}))
    CompletenessCheck.objects.create(
        batch=batch,
        number=f"{n:04d}/BA-KLAIM/DINKES/XI/2026",
        outcome="COMPLETE",
        received=f.NOW,
        claims=claims,
        claimed=batch.claimed,
        checked_at=f.NOW,
        checked_by=f.system(),
    )
    return batch


def unsampled():
    """A public id that the sample of 5 % never draws: second readings in tests are chosen, not met by chance."""
    while True:
        public_id = uuid.uuid4()
        if not in_sample(Claim(public_id=public_id), 5):
            return public_id


def _claim(batch, line, asked, *, adjusted=None, item=(0, 0), **values):
    claim = Claim.objects.create(
        **{"public_id": unsampled(), "care_type": 2, "inacbg": "J-4-16-I", **values},
        batch=batch,
        hospital=batch.hospital,
        resident=f.make_resident(),
        line_number=line,
        state=ClaimState.SUBMITTED,
        reference=f"{next(_count):06d}/SJP/32750200001/X/2026",
        care_class=3,
        admitted_on=datetime.date(2026, 10, 3),
        discharged_on=datetime.date(2026, 10, 6),
        discharge_status=1,
        birth_date=datetime.date(1990, 5, 17),
        sex=1,
        patient_name=f"PASIEN {line}",
        diagnoses=["J18.9"],
        claimed=asked,
        hospital_bill=asked + 500_000,
        payor="5;001",
    )
    quantity, price = item
    sums = asked - 100_000 - quantity * price
    ClaimLine.objects.create(claim=claim, kind="INACBG", code="J-4-16-I", asked=sums)
    ClaimLine.objects.create(claim=claim, kind="SD", code="DD01", asked=100_000, tariff=adjusted, adjusted=adjusted)
    if quantity:
        ClaimLine.objects.create(
            **{"claim": claim, "kind": "ITEM", "code": "OB1", "asked": quantity * price},
            quantity=quantity,
            unit_price=price,
        )


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


def days(first, number):
    """A period of ``number`` days."""
    return DateRange(first, first + datetime.timedelta(days=number))


def doubtful(hospital=None, by=None, second=None):
    """A claim with a signal of fraud, approved by its verifier, that waits for ``second``: the SecondReading."""
    second = second or verifier("VERIFIER_MEDICAL")
    batch, reader = assigned(submitted(hospital), by=by)
    claim = batch.claims.get()
    moved_in = {"since": "2026-09-20", "claimed": ASKED}
    Finding.objects.create(claim=claim, rule="FRD-09", severity="P", evidence=moved_in)
    decide(claim, reader)
    SecondReading.objects.filter(claim=claim).update(reader=second)
    return SecondReading.objects.select_related("claim__batch", "reader", "first__verifier").get(claim=claim)


def read_twice(hospital=None, by=None, second=None):
    """Two readers who disagree: the SecondReading before the coordinator."""
    reading = doubtful(hospital, by, second)
    return decisions.read_second(
        reading=reading, outcome=Outcome.REJECT, reason="Tidak terbukti", actor=reading.reader, at=f.NOW
    )


def sign(bahv, reader):
    """All three signatures under ``bahv``."""
    bahv = minutes.sign_hospital(
        bahv=bahv, actor=f.make_user("HOSPITAL_DIRECTOR", facility=bahv.batch.hospital), at=f.NOW
    )
    bahv = minutes.sign_verifier(bahv=bahv, actor=reader, at=f.NOW)
    return minutes.approve(bahv=bahv, actor=f.make_user("DINKES_SERVICES"), at=f.NOW)


def may(flow, thing, move, person):
    """Whether the table lets ``person`` make ``move`` on ``thing`` as it stands."""
    try:
        flow.check(thing, move.name, actor=person)
    except (NotAllowed, WrongState):
        return False
    return True


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
