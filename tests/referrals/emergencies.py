"""Emergencies for tests: a notice at any point of its life."""

from datetime import timedelta

from referrals.emergency import deciding, reporting
from tests import factories as f
from tests.referrals import factories as r

HOUR = timedelta(hours=1)
CASE = {
    "criterion": "CONSCIOUSNESS",
    "findings": "GCS 9, pupil anisokor, TD 90/60.",
    "statement": "Penurunan kesadaran, perlu tindakan segera.",
    "doctor_name": "dr. Rudi Hartono, Sp.EM",
    "service": "EMERGENCY",
    "room": "IGD",
    "medical_record": "00-77-01",
    "cause": "ILLNESS",
}
UNKNOWN = {"sex": 1, "age": 40, "marks": "Kemeja biru, bekas luka di lengan kiri, ditemukan di Jl. Ahmad Yani."}


def report(actor=None, resident=None, *, at=f.NOW, **values):
    """A notice two hours after the arrival, of a covered person unless ``marks`` describe somebody unknown."""
    actor = actor or r.desk(r.contracted())
    if resident is None and "marks" not in values:
        resident = f.covered_person()
    if resident is not None:
        values = {"identity_check": "KTP_SEEN", **values}
    return reporting.report(
        **{
            "hospital": actor.facility,
            "actor": actor,
            "resident": resident,
            "at": at,
            "admitted_at": at - 2 * HOUR,
            "specialty": r.specialty("IGD"),
            "diagnosis": r.diagnosis("J18.9"),
            **CASE,
            **values,
        }
    )


def late(actor=None, resident=None, *, at=f.NOW, **values):
    """The same, reported four days after the arrival."""
    values = {"admitted_at": at - 96 * HOUR, "late_reason": "Keluarga baru membawa KTP hari ini.", **values}
    return report(actor, resident, at=at, **values)


def officer():
    return f.make_user("DINKES_SERVICES")


def approved(actor=None, resident=None, **values):
    """The notice after the approval of Dinkes."""
    notice = report(actor, resident, **values)
    deciding.approve(notice=notice, actor=officer(), at=f.NOW + HOUR)
    notice.refresh_from_db()
    return notice
