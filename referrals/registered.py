"""Letters of people without NIK (rule C24): they stand on the register of special covers until it is known who somebody is."""

from ksb.core import journal, outbox
from participants.models import SpecialCover
from participants.special.covers import IDENTIFIED
from referrals.models import BackReferral, ControlLetter, Episode, Escalation, Referral, Sjp

LETTERS_FOLLOWED = "letters.identified"


@outbox.handles(IDENTIFIED)
def follow_person(event):
    """The letters and stays of somebody who was without NIK go to the person of the registry they turned out to be."""
    special = SpecialCover.objects.get(pk=event.object_id)
    moved = sum(
        model.objects.filter(special=special).update(resident=special.resident_id)
        for model in (Referral, Sjp, Episode, ControlLetter, BackReferral, Escalation)
    )
    if moved:
        journal.record("special_cover.letters_moved", special, actor=None, letters=moved)
    outbox.emit(LETTERS_FOLLOWED, special)
