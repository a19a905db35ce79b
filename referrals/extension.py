"""More days under a letter in use (domain.md B14): the hospital asks before the last day, Dinkes decides.

The letter keeps its number and state; its last day moves, on the next print and on the public page too.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core import formats, journal, outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import refusing
from ksb.core.scheme import Parameters, scheme_on
from referrals import letters, rules
from referrals.enums import EpisodeState, ExtensionState, SjpState
from referrals.models import Episode, Extension, Sjp
from referrals.workflow import DESK, EXTENSION

WARN_DAYS = timedelta(days=2)
ONE_OPEN = {"one_open_extension_per_sjp": gettext_lazy("Dinkes has not answered the last request yet.")}


def request(*, sjp, actor, at, doctor_name, reason):
    """Ask for the days the scheme gives once more; returns the Extension. Raises NotAllowed or Refused with the reason."""
    if sjp.hospital_id not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the hospital this letter is addressed to may do this."))
    on = timezone.localdate(at)
    with refusing(ONE_OPEN), transaction.atomic():
        sjp = _locked(sjp)
        parameters = _parameters(sjp)
        stay = _running_stay(sjp)
        _check(sjp, stay, on=on, parameters=parameters)
        asked = Extension.objects.create(
            sjp=sjp,
            doctor_name=doctor_name,
            reason=reason,
            previous_until=sjp.valid_until,
            until=next_last_day(sjp, stay, parameters),
            requested_at=at,
            requested_by=actor,
        )
        journal.record("extension.request", asked, actor=actor, sjp=sjp.number, until=asked.until.isoformat())
    return asked


def _check(sjp, stay, *, on, parameters):
    if sjp.state != SjpState.USED or stay is None:
        raise WrongState(_("Only the letter of a patient who is admitted now can be extended."))
    if on > sjp.valid_until:
        raise Refused(
            _("The letter was valid until %(day)s. An extension is asked for before the last day has passed.")
            % {"day": formats.day(sjp.valid_until)}
        )
    if sjp.extensions.filter(state=ExtensionState.GRANTED).count() >= parameters.max_extension:
        raise Refused(
            _("This letter has been extended %(times)d times already. More is not possible under the rules in force.")
            % {"times": parameters.max_extension}
        )


def next_last_day(sjp, stay, parameters):
    """The last day of the next extension: whole periods counted from the admission or from the letter's first day."""
    start = timezone.localdate(stay.admitted_at) if parameters.sjp_extend_base == "admission" else sjp.valid_from
    day, days = rules.last_day(sjp.service, start, parameters), rules.days(sjp.service, parameters)
    while day <= sjp.valid_until:
        day += timedelta(days=days)
    return day


def until_for(sjp):
    """The last day an extension asked for now would give; None when nobody is admitted under the letter."""
    stay = _running_stay(sjp)
    return next_last_day(sjp, stay, _parameters(sjp)) if stay else None


def may_ask(sjp, stay, *, actor, on):
    """Whether the button makes sense: an own stay under a letter that still holds and waits for no answer."""
    return (
        stay is not None
        and stay.service in rules.STAYS
        and sjp.state == SjpState.USED
        and on <= sjp.valid_until
        and sjp.hospital_id in actor.facility_ids(*DESK)
        and not sjp.extensions.filter(state=ExtensionState.WAITING).exists()
    )


def grant(*, extension, actor, at):
    """The letter holds to the day asked for. A patient who has gone home meanwhile needs no more days."""
    with transaction.atomic():
        sjp = _locked(extension.sjp)
        EXTENSION.check(Extension.objects.get(pk=extension.pk), "grant", actor=actor)
        if sjp.state != SjpState.USED:
            raise WrongState(
                _("The letter is “%(state)s” now and is not extended.") % {"state": sjp.get_state_display()}
            )
        extension = EXTENSION.apply(extension, "grant", actor=actor, at=at)
        sjp.valid_until = extension.until
        sjp.letter = letters.extended(sjp.letter, until=extension.until, on=timezone.localdate(at))
        sjp.save(update_fields=["valid_until", "letter"])
        journal.record("sjp.extend", sjp, actor=actor, until=extension.until.isoformat())
    return extension


def decline(*, extension, actor, at, reason):
    """No more days; the letter ends as it said."""
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    return EXTENSION.apply(extension, "decline", actor=actor, at=at, update={"answer": reason.strip()})


def warn(*, on):
    """Emit ``sjp.ending`` for letters that end within WARN_DAYS, or have ended, while the patient still lies there and no
    request for more days waits. Returns their number.

    Each last day is told once before and once after it (``officer_notices``); an extension begins anew.
    """
    in_care = Episode.objects.filter(sjp=OuterRef("pk"), state=EpisodeState.IN_CARE, service__in=rules.STAYS)
    ending = Sjp.objects.filter(Exists(in_care), state=SjpState.USED, valid_until__lte=on + WARN_DAYS)
    asked = Extension.objects.filter(sjp=OuterRef("pk"), state=ExtensionState.WAITING)
    ids = list(ending.filter(~Exists(asked)).order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        outbox.emit_many("sjp.ending", ids, on=on.isoformat())
    return len(ids)


def _running_stay(sjp):
    stays = Episode.objects.filter(sjp=sjp, state=EpisodeState.IN_CARE, service__in=rules.STAYS)
    return stays.order_by("pk").first()


def _locked(sjp):
    return Sjp.objects.select_for_update(no_key=True, of=("self",)).get(pk=sjp.pk)


def _parameters(sjp):
    """Of the rules the letter was given under."""
    scheme = scheme_on(sjp.valid_from)
    return scheme.parameters if scheme else Parameters()
