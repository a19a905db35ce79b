"""Several visits under one letter: who may come back, by what, and when the letter is finished. Domain.md B8 steps 9 and 10.

The letter stays in use from the first visit until the desk or the last discharge finishes it, or its referral ends.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from facilities.enums import Service
from ksb.core import formats
from ksb.core.errors import Refused, WrongState
from ksb.core.scheme import Parameters, scheme_on
from referrals import rules, series
from referrals.enums import ControlState, ReferralState, SjpState
from referrals.models import ControlLetter, Episode, InternalReferral, Referral, Sjp
from referrals.workflow import CONTROL, REFERRAL, SJP

CHUNK = 2000
LATE_SESSIONS = timedelta(days=7)  # a session is registered when it is over, at times some days later


# Coming back


def invitations(sjp, on):
    """What the patient of ``sjp`` may come back by on that day: control letters for it, and open internal referrals."""
    controls = ControlLetter.objects.filter(sjp=sjp, state=ControlState.ISSUED, control_on=on)
    internal = InternalReferral.objects.filter(episode__sjp=sjp, visit=None, valid_until__gte=on)
    return [*controls.select_related("specialty"), *internal.select_related("specialty")]


def may_come(sjp, on):
    """Whether the button for a further visit makes sense on that day; sessions of a series have a page of their own."""
    if sjp.state != SjpState.USED:
        return False
    unplanned_session = series.counts(sjp) and not sjp.series_id and on <= sjp.valid_until
    return unplanned_session or bool(invitations(sjp, on))


def check_again(sjp, invitation, on, parameters):
    """Raise Refused, or WrongState, where the patient of a letter in use cannot come on ``on``."""
    if series.counts(sjp) and not invitation:
        sentence = rules.why_not_on(sjp, on)
    elif invitation is None:
        raise WrongState(
            _(
                "This SJP is in use. A further visit needs a control letter for this day or a referral between clinics: "
                "write one on the page of the last visit."
            )
        )
    else:
        sentence = _why_not_by(invitation, rules.last_visit_day(sjp, parameters), on)
    if sentence:
        raise Refused(sentence)


def _why_not_by(invitation, last, on):
    if on > last:
        return _("The referral of this SJP was valid until %(day)s. The patient asks the Puskesmas for a new one.") % {
            "day": formats.day(last)
        }
    if isinstance(invitation, ControlLetter) and invitation.control_on != on:
        return _("The control letter is for %(day)s. Write a new one for another day.") % {
            "day": formats.day(invitation.control_on)
        }
    return ""


def service_of(sjp):
    """The kind of a further visit: the letter's own kind, or an outpatient visit after a stay."""
    return sjp.service if rules.several_visits(sjp.service) else Service.OUTPATIENT


def lock(sjp):
    """The letter with its row locked."""
    return Sjp.objects.select_for_update(no_key=True, of=("self",)).get(pk=sjp.pk)


def lock_in_use(sjp):
    """The locked letter, still in use."""
    sjp = lock(sjp)
    if sjp.state != SjpState.USED:
        raise WrongState(
            _("This step is not possible any more: the state is now “%(state)s”.") % {"state": sjp.get_state_display()}
        )
    return sjp


def accept(invitation, episode, *, actor, at):
    """The visit ``episode`` is the one ``invitation`` called for; of a letter of another patient it is refused."""
    if isinstance(invitation, ControlLetter):
        if invitation.sjp_id != episode.sjp_id:
            raise Refused(_("This control letter belongs to another SJP."))
        CONTROL.apply(invitation, "use", actor=actor, at=at, update={"visit": episode})
        return
    taken = InternalReferral.objects.filter(pk=invitation.pk, visit=None, episode__sjp=episode.sjp_id)
    if not taken.update(visit=episode):
        raise WrongState(_("The patient was already registered at this clinic."))


# The end of the letter


def awaited(sjp):
    """Whether the patient is still expected under this letter: an open control letter or referral between clinics."""
    return (
        ControlLetter.objects.to_come().filter(sjp=sjp).exists()
        or InternalReferral.objects.filter(episode__sjp=sjp, visit=None).exists()
    )


def finish(*, sjp, actor, at):
    """No further visit under this letter: it can be closed by its claim, and open control letters are cancelled."""
    with transaction.atomic():
        sjp = lock(sjp)
        if Episode.objects.in_care().filter(sjp=sjp).exists():
            raise Refused(_("The patient is still in care. Register the discharge first."))
        return close(sjp, actor=actor, at=at)


def close(sjp, *, actor, at):
    """Finish the letter and its referral inside the caller's transaction."""
    sjp = SJP.apply(sjp, "finish", actor=actor, at=at)
    if sjp.referral_id and sjp.referral.state == ReferralState.USED:
        REFERRAL.apply(sjp.referral, "finish", actor=actor, at=at)
    for letter in ControlLetter.objects.to_come().filter(sjp=sjp):
        CONTROL.apply(letter, "cancel", actor=actor, at=at)
    return sjp


# The night's share


def miss(*, on, at):
    """Control letters whose day lies before ``on``: the patient did not come. Returns how many."""
    return _in_chunks(ControlLetter.objects.to_come().filter(control_on__lt=on), CONTROL, "miss", at)


def end(*, on, at):
    """Letters in use under which nobody can come back any more, with their referrals. Returns how many letters."""
    running = Episode.objects.in_care().filter(sjp=OuterRef("pk"))
    is_series = Q(service=Service.HAEMODIALYSIS) | Q(series__isnull=False)
    over = Sjp.objects.filter(state=SjpState.USED, valid_until__lt=on).filter(~Exists(running))
    days = (scheme_on(on).parameters if scheme_on(on) else Parameters()).referral_valid_days
    over = over.filter(
        Q(is_series, valid_until__lt=on - LATE_SESSIONS)
        | ~is_series & Q(referral__valid_until__lt=on)
        | ~is_series & Q(referral=None, valid_from__lte=on - timedelta(days=days))
    )
    total = 0
    while True:
        with transaction.atomic():
            letters = over.order_by("pk").select_for_update(no_key=True, of=("self",), skip_locked=True)
            ids = list(letters.values_list("pk", flat=True)[:CHUNK])
            if not ids:
                return total
            total += SJP.apply_many(Sjp.objects.filter(pk__in=ids), "end", actor=None, at=at)
            REFERRAL.apply_many(
                Referral.objects.filter(sjps__in=ids, state=ReferralState.USED), "end", actor=None, at=at
            )


def _in_chunks(overdue, workflow, name, at):
    total = 0
    while True:
        ids = list(overdue.order_by("pk").values_list("pk", flat=True)[:CHUNK])
        done = workflow.apply_many(overdue.model.objects.filter(pk__in=ids), name, actor=None, at=at) if ids else 0
        if not done:
            return total
        total += done
