"""Letter L9, surat keterangan gawat darurat: what the hospital states of an emergency, as PDF and as a page.

It says what the notice said when it was last changed; an earlier print is told apart by its fingerprint.
"""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from ksb.core import formats, journal
from ksb.core.errors import WrongState
from ksb.core.letters import PAPER_LANGUAGE, Letter, Signatory, Unit, letter_pdf
from participants.eligibility import EmergencyCriterion
from referrals.emergency.papers import DECLINED
from referrals.letters import registered_facts
from referrals.models import EmergencyNotice

TITLE = "Surat Keterangan Gawat Darurat"


@translation.override(PAPER_LANGUAGE)
def facts_of(notice):
    """Every field of letter L9 as text, for ``EmergencyNotice.letter``."""
    return {
        "patient": _patient(notice),
        "hospital": {
            "name": notice.hospital.name,
            "code": notice.hospital.code,
            "address": notice.hospital.address,
        },
        "record": notice.medical_record,
        "arrival": formats.moment(notice.admitted_at),
        "dead_on_arrival": notice.dead_on_arrival,
        "criterion": str(EmergencyCriterion(notice.criterion).label),
        "criterion_number": str(EmergencyCriterion.values.index(notice.criterion) + 1),
        "diagnosis": f"{notice.diagnosis.code} {notice.diagnosis.alias or notice.diagnosis.title}",
        "findings": notice.findings,
        "statement": notice.statement,
        "care": f"{notice.get_service_display()}, {notice.room}",
        "cause": notice.get_cause_display(),
        "police": notice.police_report,
        "doctor": notice.doctor_name,
        "reporter": str(notice.reported_by),
        "reporter_nip": notice.reported_by.nip,
        "reported": formats.moment(notice.reported_at),
    }


def _patient(notice):
    if notice.special and notice.resident is None:
        return registered_facts(notice.special, on=timezone.localdate(notice.admitted_at))
    if notice.resident is None:
        return {
            "name": notice.patient_name,
            "nik": "belum diketahui",
            "birth": f"perkiraan umur {notice.age} tahun" if notice.age is not None else formats.NOTHING,
            "sex": notice.get_sex_display(),
            "address": formats.NOTHING,
            "marks": notice.marks,
        }
    resident, household = notice.resident, notice.resident.household
    age = formats.age(resident.birth_date, timezone.localdate(notice.admitted_at))
    return {
        "name": resident.name,
        "nik": formats.mask_identity(resident.nik),
        "birth": f"{resident.birth_place}, {formats.day(resident.birth_date)} ({age})".strip(", "),
        "sex": resident.get_sex_display(),
        "address": f"{household.address}, {household.kelurahan}" if household.kelurahan else household.address,
    }


def write_anew(notice):
    """The letter of a notice that has just been changed; not saved here."""
    notice.letter = facts_of(notice)


def letter_of(notice):
    """Letter L9 of ``notice`` as it stands after ``notice.prints`` prints."""
    facts = notice.letter
    return Letter(
        template="letters/emergency.html",
        title=TITLE,
        number=notice.number,
        dated=timezone.localdate(notice.reported_at),
        facts=facts,
        signatories=(
            Signatory(capacity="Petugas pelapor", name=facts["reporter"], nip=facts["reporter_nip"]),
            Signatory(capacity="Dokter penanggung jawab", name=facts["doctor"]),
        ),
        unit=Unit(name=facts["hospital"]["name"], address=facts["hospital"]["address"]),
        validity_path=reverse("validity:letter", args=[notice.token]),
        prints=max(1, notice.prints),
    )


def print_pdf(*, notice, actor, at):
    """One more print as PDF bytes: counted and journalled; from the second on it says SALINAN."""
    with transaction.atomic():
        fresh = EmergencyNotice.objects.select_for_update(no_key=True, of=("self",)).get(pk=notice.pk)
        if fresh.state in DECLINED:
            raise WrongState(
                _("This letter is not printed any more: it is “%(state)s”.") % {"state": fresh.get_state_display()}
            )
        fresh.prints += 1
        fresh.save(update_fields=["prints"])
        journal.record("emergency.print", fresh, actor=actor, prints=fresh.prints)
    return letter_pdf(letter_of(fresh))
