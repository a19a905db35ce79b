"""Claims without e-Klaim's file: from the finished episodes of a hospital, one at a time, and ambulance trips.

A claim entered by hand is written as the row e-Klaim would export, and goes the one way in: the same rules, the same words.
A trip has no group; it is claimed as it was driven (domain.md B26).
"""

import io

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from claims import clocks, expired, totals
from claims.enums import LineKind, Source
from claims.intake import take_in
from claims.intake.columns import COLUMNS, COSTS
from claims.intake.taking import CLAIMED_MEANWHILE, open_batch
from claims.models import Claim, ClaimLine
from claims.permissions import require_billing
from claims.pricing import class_paid
from claims.rules.checking import check_claim
from claims.workflow import CLAIM
from facilities.enums import CareType, Service
from facilities.models import Tariff
from ksb.core import journal, locks
from ksb.core.errors import Refused, WrongState
from ksb.core.integrity import refusing

STAYS = (Service.INPATIENT, Service.INTENSIVE)


def unclaimed(actor, *, on):
    """Finished episodes of the actor's hospitals without a claim that may still be claimed: money not asked for yet."""
    return expired.unclaimed(actor).filter(expired.in_time(on))


def _refuse_unless_open(episode, actor, at):
    require_billing(actor, episode.hospital_id)
    if not unclaimed(actor, on=localdate(at)).filter(pk=episode.pk).exists():
        raise WrongState(
            _("There is nothing to claim here: the care is not finished, too long ago, or claimed already.")
        )


def prefilled(episode):
    """What the hospital has written already: codes of the summary, else the diagnosis of the letter; manner of discharge."""
    summary = getattr(episode, "resume", None)
    diagnoses = [summary.diagnosis_id, *summary.other_diagnoses] if summary else []
    return {
        "diagnoses": [code for code in diagnoses if code] or [episode.sjp.diagnosis_id],
        "procedures": list(summary.procedures) if summary else [],
        "discharge_status": episode.discharge_status,
        "medical_record": episode.medical_record,
        "doctor": (summary and summary.doctor_name) or episode.doctor_name,
    }


def claim_episode(*, episode, diagnoses, procedures, discharge_status, medical_record, doctor, group, costs, actor, at):
    """Write the row of ``episode`` and take it in. Returns the Claim, ready or blocked with its findings.

    ``group`` is the INA-CBG code, its price that of the tariff table; ``costs`` maps cost columns to whole rupiah, the
    hospital's own bill. Raises Refused with the sentences of the rules when the row cannot become a claim.
    """
    _refuse_unless_open(episode, actor, at)
    admitted, discharged = localdate(episode.admitted_at), localdate(episode.discharged_at)
    care = CareType.INPATIENT if episode.service in STAYS else CareType.OUTPATIENT
    price, title = _price(episode.hospital, group, care, discharged)
    sex = (episode.child or episode.person).sex
    cells = dict.fromkeys(COLUMNS, "-") | {name: str(costs.get(name, 0)) for name in COSTS}
    cells |= {name: "0" for name in COLUMNS if name.startswith("TARIF_")}
    cells |= {
        "KODE_RS": episode.hospital.code,
        "KELAS_RS": episode.hospital.hospital_class,
        "KELAS_RAWAT": str(class_paid(discharged)),
        "KODE_TARIF": episode.hospital.tariff_code,
        "PTD": str(care.value),
        "ADMISSION_DATE": f"{admitted:%d/%m/%Y}",
        "DISCHARGE_DATE": f"{discharged:%d/%m/%Y}",
        "BIRTH_DATE": f"{episode.patient_born_on:%d/%m/%Y}",
        "BIRTH_WEIGHT": "0",
        "SEX": str(sex),
        "DISCHARGE_STATUS": str(discharge_status),
        "DIAGLIST": ";".join(diagnoses),
        "PROCLIST": ";".join(procedures) or "-",
        "INACBG": group,
        "DESKRIPSI_INACBG": title,
        "TARIF_INACBG": str(price),
        "TOTAL_TARIF": str(price),
        "TARIF_RS": str(sum(costs.values())),
        "LOS": str((discharged - admitted).days + 1),
        "NAMA_PASIEN": episode.patient_name,
        "MRN": medical_record or "-",
        "UMUR_TAHUN": str((admitted - episode.patient_born_on).days // 365),
        "UMUR_HARI": str((admitted - episode.patient_born_on).days),
        "DPJP": doctor or "-",
        "SEP": episode.sjp.number,
        "NOKARTU": episode.patient_nik or "-",
        "PAYOR_ID": clocks.parameters_on(admitted).payors[0],
    }
    return _take_row(cells, episode, actor, at)


def _price(hospital, group, care, day):
    found = Tariff.objects.filter(
        code=group,
        tariff_code=hospital.tariff_code,
        regional=hospital.tariff_regional,
        care_type=care,
        care_class=class_paid(day),
        valid__contains=day,
    ).first()
    if found is None:
        raise Refused(_("The tariff table of your hospital's class does not hold this group. Check the INA-CBG code."))
    return found.amount, found.description


def _take_row(cells, episode, actor, at):
    text = "\n".join("\t".join(line) for line in (cells, (_cell(value) for value in cells.values()))) + "\n"
    result = take_in(
        file=io.BytesIO(text.encode()),
        file_name=episode.sjp.number,
        hospital=episode.hospital,
        actor=actor,
        at=at,
        source=Source.HAND,
    )
    if result.batch is None:
        raise Refused(" ".join(found.message for line in result.lines for found in line.findings))
    return result.batch.claims.get(line_number__gt=result.file.offset, line_number__lte=result.file.offset + 2)


def _cell(value):
    return " ".join(value.split())


def claim_trip(*, episode, actor, at):
    """Claim a trip of an ambulance as it was driven. Returns the Claim, ready or blocked with its findings."""
    _refuse_unless_open(episode, actor, at)
    sjp, trip = episode.sjp, episode.sjp.trip
    if not trip.amount:
        raise Refused(_("There is no ambulance tariff for the day of this trip. Ask Dinkes to enter it."))
    day, ended = localdate(episode.admitted_at), localdate(episode.discharged_at)
    sex = (episode.child or episode.person).sex
    with refusing(CLAIMED_MEANWHILE), transaction.atomic():
        locks.hold_until_commit(f"intake {episode.hospital_id}")
        batch = open_batch(hospital=episode.hospital, month=ended.replace(day=1), actor=actor, at=at)
        _refuse_unless_open(episode, actor, at)
        claim = Claim.objects.create(
            batch=batch,
            hospital=episode.hospital,
            sjp=sjp,
            resident_id=episode.patient_id,
            line_number=batch.last_line() + 1,
            reference=sjp.number,
            care_type=CareType.OUTPATIENT,
            care_class=class_paid(ended),
            admitted_on=day,
            discharged_on=ended,
            discharge_status=episode.discharge_status,
            birth_date=episode.patient_born_on,
            sex=sex,
            patient_name=episode.patient_name,
            diagnoses=[sjp.diagnosis_id],
            claimed=trip.amount,
            hospital_bill=trip.amount,
            tariff=trip.amount,
            payor=clocks.parameters_on(day).payors[0],
            card_number=episode.patient_nik,
        )
        description = _("%(km)d km, %(vehicle)s") % {"km": trip.km, "vehicle": trip.vehicle}
        ClaimLine.objects.create(claim=claim, kind=LineKind.TRIP, description=description[:200], asked=trip.amount)
        journal.record("claim.enter", claim, actor=actor, sjp=sjp.number)
        if check_claim(claim, on=localdate(at)):
            claim = CLAIM.apply(claim, "block", actor=actor, at=at)
        totals.recount(batch)
    return claim
