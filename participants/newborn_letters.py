"""The reminder a family gets on day 7, 14 and 21 after a birth: what is still to be done for the child (domain.md B4)."""

from django.utils import timezone

from ksb.core import formats, journal
from ksb.core.letters import Letter, Signatory, Unit, letter_pdf
from participants.models import Newborn
from participants.newborns import cover_ends

REPORT_DAYS = 60


def reminder(newborn, *, actor, at):
    """The Letter to the parents of ``newborn``, signed by ``actor``."""
    place = newborn.facility
    return Letter(
        template="letters/newborn_reminder.html",
        title="Pengingat Pengurusan Akta Kelahiran dan KK",
        number=f"{newborn.pk}/PBL-{newborn.reminders}/{place.code}/{newborn.born_on.year}",
        dated=timezone.localdate(at),
        facts={
            "parent": newborn.guardian.name,
            "child": newborn.name,
            "born": formats.moment(newborn.birth_time),
            "place": newborn.place,
            "certificate": newborn.certificate,
            "covered_until": formats.day(cover_ends(newborn)),
            "report_days": REPORT_DAYS,
            "covered": newborn.decision["decision"] == "COVERED_NEWBORN",
        },
        signatories=(Signatory(capacity="Petugas", name=str(actor), nip=actor.nip),),
        unit=Unit(name=place.name, address=place.address),
    )


def print_reminder(*, newborn, actor, at):
    """The reminder as PDF bytes; it counts as handed over."""
    newborn.reminded = newborn.reminders
    Newborn.objects.filter(pk=newborn.pk).update(reminded=newborn.reminders)
    journal.record("newborn.reminder", newborn, actor=actor, number=newborn.reminders)
    return letter_pdf(reminder(newborn, actor=actor, at=at))
