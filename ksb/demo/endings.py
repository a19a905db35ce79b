"""Letters that do not end as hoped: refused, sought for by the duty officer, cancelled, revoked, expired."""

import datetime

from facilities.enums import Service
from facilities.models import Diagnosis, Facility, User
from ksb.core import outbox
from ksb.core.errors import Refused
from ksb.demo.kinds import letter
from ksb.demo.people import PRIVATE_HOSPITAL
from participants.enums import ResidentStatus
from participants.models import Resident
from referrals import escalation, expiry, hospital, issuing
from referrals.enums import PassOverReason
from referrals.models import Escalation

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)
LONG_AGO = 45 * DAY  # past the last day of any letter


def live_endings(*, on, at):
    """One or two of each, as far as the small city has patients for them."""
    clerk, desk, officer = (User.objects.get(username=name) for name in ("puskesmas", "rsud.daftar", "dinkes.layanan"))
    people = iter(_patients())
    for act in (_no_bed, _beyond_competence, _unanswered, _sought, _cancelled, _revoked, _unused):
        person = next(people, None)
        if person is None:
            break
        try:
            act(person, clerk, desk, officer, at)
        except Refused:
            continue
    expiry.expire(on=on, at=at)
    outbox.drain()


def _patients():
    covered = Resident.objects.filter(coverage_status__decision="COVERED", status=ResidentStatus.ACTIVE)
    return covered.filter(sjps=None).order_by("pk")[:7]


def _no_bed(person, clerk, desk, officer, at):
    pneumonia = Diagnosis.objects.get(pk="J18.9")
    sjp = letter(person, clerk, at - 3 * HOUR, service=Service.INPATIENT, diagnosis=pneumonia)
    reason = "Seluruh tempat tidur kelas III terisi, perkiraan kosong besok siang."
    hospital.refuse(sjp=sjp, code="NO_BED", reason=reason, actor=desk, at=at - 2 * HOUR)


def _beyond_competence(person, clerk, desk, officer, at):
    """A private hospital, taken because the RSUD was full, sends the patient on."""
    sjp = letter(
        person,
        clerk,
        at - DAY,
        service=Service.OUTPATIENT,
        diagnosis=Diagnosis.objects.get(pk="I10"),
        hospital=Facility.objects.get(code=PRIVATE_HOSPITAL),
        pass_over_reason=PassOverReason.RSUD_FULL,
    )
    reason = "Memerlukan kateterisasi jantung, rujuk ke rumah sakit kelas B."
    own_desk = User.objects.get(username="rs.daftar")
    hospital.refuse(sjp=sjp, code="COMPETENCE", reason=reason, actor=own_desk, at=at - DAY + HOUR)


def _unanswered(person, clerk, desk, officer, at):
    """Intensive care is asked for and the clock has run out: the case waits for the duty officer."""
    stroke = Diagnosis.objects.get(pk="I63.9")
    letter(person, clerk, at - 2 * HOUR, service=Service.INTENSIVE, diagnosis=stroke)
    escalation.open_overdue(at=at)


def _sought(person, clerk, desk, officer, at):
    """Another one, which the duty officer has taken."""
    _unanswered(person, clerk, desk, officer, at)
    escalation.take(escalation=Escalation.objects.running().get(resident=person), actor=officer, at=at)


def _cancelled(person, clerk, desk, officer, at):
    sjp = letter(person, clerk, at - DAY, service=Service.OUTPATIENT, diagnosis=Diagnosis.objects.get(pk="I10"))
    issuing.cancel(sjp=sjp, actor=clerk, at=at - DAY + HOUR, reason="Pasien meminta dirujuk minggu depan.")


def _revoked(person, clerk, desk, officer, at):
    sjp = letter(person, clerk, at - 3 * DAY, service=Service.OUTPATIENT, diagnosis=Diagnosis.objects.get(pk="I10"))
    reason = "Surat dipakai orang lain; dilaporkan rumah sakit."
    issuing.revoke(sjp=sjp, actor=officer, at=at - DAY, reason=reason)


def _unused(person, clerk, desk, officer, at):
    """Nobody came: the night lets the letter expire."""
    letter(person, clerk, at - LONG_AGO, service=Service.OUTPATIENT, diagnosis=Diagnosis.objects.get(pk="I10"))
