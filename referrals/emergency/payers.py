"""Who pays before the programme: Jasa Raharja after a traffic accident, BPJS Ketenagakerjaan after one at work (C19, C20)."""

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core import formats, journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from referrals.emergency import letter
from referrals.enums import EmergencyCause, NoticeState
from referrals.models import EmergencyNotice
from referrals.workflow import DESK, SERVICES

# Causes somebody else answers for; of a crime it is JKN that says that it does not.
ANSWERED_FOR = (EmergencyCause.TRAFFIC_ACCIDENT, EmergencyCause.WORK_ACCIDENT, EmergencyCause.CRIME)


def may_record(notice, actor):
    """Whether ``actor`` records for this notice what the first payer said."""
    own = notice.hospital_id in actor.facility_ids(*DESK) or actor.has_role(*SERVICES)
    return own and notice.cause in ANSWERED_FOR and (notice.is_open or notice.state == NoticeState.APPROVED)


def record(*, notice, actor, at, police_report, payer_letter, payer_amount, unpaid_elsewhere):
    """Keep what the first payer said: numbers of its papers, whole rupiah it bears, or that it pays nothing."""
    if unpaid_elsewhere and (not payer_letter.strip() or payer_amount):
        raise Refused(_("That nobody else pays is proved by a letter: write its number, and no amount."))
    with transaction.atomic():
        notice = EmergencyNotice.objects.select_for_update(no_key=True, of=("self",)).get(pk=notice.pk)
        if notice.hospital_id not in actor.facility_ids(*DESK) and not actor.has_role(*SERVICES):
            raise NotAllowed(_("Only the desk of this hospital or Dinkes records the first payer."))
        if not may_record(notice, actor):
            raise WrongState(_("Nobody pays before the programme here, or the notice was declined."))
        notice.police_report, notice.payer_letter = police_report.strip(), payer_letter.strip()
        notice.payer_amount, notice.unpaid_elsewhere = payer_amount, unpaid_elsewhere
        notice.payer_at, notice.payer_by = at, actor
        letter.write_anew(notice)
        told = ("police_report", "payer_letter", "payer_amount", "unpaid_elsewhere", "payer_at", "payer_by")
        notice.save(update_fields=[*told, "letter"])
        journal.record("emergency.payer", notice, actor=actor, amount=payer_amount, unpaid=unpaid_elsewhere)
    return notice


def remarks(notice):
    """What the guarantee letter says of the notice it rests on, in Indonesian as all papers are."""
    lines = [f"Gawat darurat tanpa rujukan, laporan nomor {notice.number}."]
    if notice.late:
        lines.append(f"Izin khusus Dinas Kesehatan atas laporan terlambat: {notice.reason}")
    if notice.police_report:
        lines.append(f"Laporan polisi nomor {notice.police_report}.")
    if notice.first_payer and notice.unpaid_elsewhere:
        lines.append(f"{notice.first_payer} tidak menjamin, surat nomor {notice.payer_letter}.")
    elif notice.first_payer:
        borne = f" sebesar {formats.rupiah(notice.payer_amount)}" if notice.payer_amount else ""
        lines.append(f"Penjamin pertama {notice.first_payer}{borne}; KSB menjamin selisihnya.")
    return tuple(lines)
