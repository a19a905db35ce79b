"""Open letters of people whom the registry reports dead or moved away (domain.md B5).

Only letters nobody has used yet: a patient in care stays guaranteed, and what was rendered until the day stays payable.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core import outbox
from participants.enums import EventKind, ResidentStatus
from participants.models import RegistryEvent
from referrals.enums import ReferralState, SjpState
from referrals.models import Referral, Sjp
from referrals.workflow import REFERRAL, SJP

CHUNK = 2000
STATUS = {EventKind.DEATH: ResidentStatus.DECEASED, EventKind.MOVE_OUT: ResidentStatus.MOVED_OUT}


def close_letters(*, run_id, at):
    """Close unused letters of those who left by the registry run ``run_id``. Returns ``{"sjp": n, "referrals": n}``.

    Waits for a desk that holds a letter at this moment; one that it has registered meanwhile stays. Who has come back since
    keeps the letters.
    """
    found = {"sjp": 0, "referrals": 0}
    for kind, why in _reasons().items():
        gone = RegistryEvent.objects.filter(run_id=run_id, kind=kind, resident__status=STATUS[kind]).values("resident")
        found["sjp"] += _close(SJP, Sjp, [SjpState.WAITING, SjpState.ISSUED], gone, at, {"reason": why})
        open_referrals = [ReferralState.ISSUED, ReferralState.ACCEPTED]
        found["referrals"] += _close(REFERRAL, Referral, open_referrals, gone, at, None)
    return found


def _reasons():
    return {
        EventKind.DEATH: _("The population registry reports the patient as deceased."),
        EventKind.MOVE_OUT: _("The population registry reports that the patient moved out of the city."),
    }


def _close(workflow, model, states, gone, at, update):
    total = 0
    while True:
        with transaction.atomic():
            letters = model.objects.filter(resident__in=gone, state__in=states).order_by("pk")
            ids = list(letters.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True)[:CHUNK])
            if not ids:
                return total
            total += workflow.apply_many(
                model.objects.filter(pk__in=ids), "close_by_registry", actor=None, at=at, update=update
            )
            if model is Sjp:
                outbox.emit_many("sjp.released", ids, why="registry")
