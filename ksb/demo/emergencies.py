"""Emergencies of the last days at the demo RSUD, one at each step of the way: for the queues of desk, Dinkes and Puskesmas."""

import datetime

from facilities.models import Diagnosis, Specialty, User
from ksb.core import outbox
from ksb.core.errors import Refused
from participants.enums import ResidentStatus
from participants.models import Resident
from referrals.emergency import deciding, payers, reporting
from referrals.enums import EpisodeState

HOUR = datetime.timedelta(hours=1)
YOUNGEST = 42  # years: nobody who has just given birth
YEAR = 365
STROKE = {
    "criterion": "CONSCIOUSNESS",
    "diagnosis": "I63.9",
    "findings": "GCS 10, hemiparesis kanan, TD 210/120. CT scan segera.",
    "statement": "Penurunan kesadaran mendadak, perlu tindakan segera di IGD.",
    "service": "INPATIENT",
    "room": "HCU",
    "cause": "ILLNESS",
}
ACCIDENT = {
    "criterion": "HAEMODYNAMIC",
    "diagnosis": "S06.9",
    "findings": "TD 80/50, nadi 128, perdarahan kepala, GCS 12.",
    "statement": "Syok perdarahan setelah kecelakaan, tidak dapat menunggu rujukan.",
    "service": "INTENSIVE",
    "room": "ICU",
    "cause": "TRAFFIC_ACCIDENT",
}
COUGH = {
    "criterion": "IMMEDIATE_ACTION",
    "diagnosis": "J06.9",
    "findings": "Batuk pilek dua hari, tanda vital normal.",
    "statement": "Pasien meminta segera diperiksa.",
    "service": "EMERGENCY",
    "room": "IGD",
    "cause": "ILLNESS",
}
UNKNOWN = {
    "sex": 1,
    "age": 35,
    "marks": "Jaket ojek daring hijau, tato naga di lengan kanan; ditemukan di Jl. Ahmad Yani.",
}


def live_emergencies(*, on, at):
    """Report emergencies as of ``at``: waiting, asked about, late, unknown, approved, declined."""
    desk, officer = User.objects.get(username="rsud.daftar"), User.objects.get(username="dinkes.layanan")
    people = iter(_patients(on))
    _report(desk, next(people, None), STROKE, at=at, hours=3)
    _report(desk, None, ACCIDENT | UNKNOWN, at=at, hours=5)
    _report(desk, next(people, None), STROKE, at=at, hours=90, late_reason="Keluarga baru membawa KTP dan KK hari ini.")
    asked = _report(desk, next(people, None), COUGH, at=at, hours=6)
    if asked:
        question = "Mohon pernyataan DPJP mengapa kasus ini gawat darurat."
        deciding.ask(notice=asked, question=question, until=at + 20 * HOUR, actor=officer, at=at)
    if approved := _report(desk, next(people, None), ACCIDENT | {"police_report": "LP/B/118/XI/2026"}, at=at, hours=8):
        _approve(approved, desk, officer, at=at)
    declined = _report(desk, next(people, None), COUGH, at=at, hours=10)
    if declined:
        reason = "Tidak memenuhi lima kriteria. Pasien diarahkan ke Puskesmas."
        deciding.decline(notice=declined, step="decline_criteria", reason=reason, actor=officer, at=at)
    outbox.drain()


def _approve(notice, desk, officer, *, at):
    told = {"police_report": notice.police_report, "payer_letter": "JR/2026/0441", "unpaid_elsewhere": False}
    notice = payers.record(notice=notice, actor=desk, at=at, payer_amount=20_000_000, **told)
    deciding.approve(notice=notice, actor=officer, at=at)


def _patients(on):
    elder = Resident.objects.filter(
        status=ResidentStatus.ACTIVE,
        coverage_status__decision="COVERED",
        birth_date__lt=on - datetime.timedelta(days=YOUNGEST * YEAR),
    )
    return elder.exclude(episodes__state=EpisodeState.IN_CARE).order_by("-pk")[:5]


def _report(desk, resident, case, *, at, hours, **values):
    """The notice; None where the made city has nobody for it."""
    if resident is None and "marks" not in case:
        return None
    if resident is not None:
        values |= {"identity_check": "KTP_SEEN"}
    try:
        return reporting.report(
            hospital=desk.facility,
            actor=desk,
            resident=resident,
            at=at,
            admitted_at=at - hours * HOUR,
            specialty=Specialty.objects.get(pk="IGD"),
            medical_record=f"26-11-{hours:02d}",
            doctor_name="dr. Rudi Hartono, Sp.EM",
            **{**case, "diagnosis": Diagnosis.objects.get(pk=case["diagnosis"])},
            **values,
        )
    except Refused:
        return None
