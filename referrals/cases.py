"""A case: the referrals of one patient for one need, each after the one before found no hospital (domain.md SM4, B8)."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from ksb.core import formats
from ksb.core.errors import Refused
from referrals import rules
from referrals.enums import EscalationState, ReferralState, SjpState
from referrals.models import Escalation, Referral

# A hospital that was full yesterday may be asked again today.
REMEMBERED = timedelta(hours=24)
GOING_ON = (ReferralState.ISSUED, ReferralState.ACCEPTED, ReferralState.USED, ReferralState.DONE)


@dataclass(frozen=True)
class History:
    """What routing needs to know of a case: ``refused`` maps hospitals to a sentence, ``named`` is the officer's finding."""

    refused: dict = field(default_factory=dict)
    found: Escalation | None = None

    @property
    def named(self):
        return self.found.hospital_id if self.found else None


def first_of(referral):
    """The key of the first referral of the case."""
    return referral.first_id or referral.pk


def referrals_of(first_id):
    """All referrals of the case, the first one first."""
    return Referral.objects.filter(Q(pk=first_id) | Q(first=first_id)).order_by("pk")


def before(referral):
    """The referrals of the case that came before ``referral``."""
    if referral.first_id is None:
        return Referral.objects.none()
    return referrals_of(referral.first_id).filter(pk__lt=referral.pk).select_related("hospital")


def refusals_of(first_id):
    """How many hospitals have refused the case so far."""
    return referrals_of(first_id).filter(state=ReferralState.REFUSED).count()


def history(draft, *, at):
    """What is known of the case a draft goes on with; an empty History for a new one."""
    if draft is None:
        return History()
    mine = Q(draft=draft)
    refused = {}
    if draft.earlier_id:
        first = first_of(draft.earlier)
        mine |= Q(first=first)
        refusals = referrals_of(first).filter(state=ReferralState.REFUSED, answered_at__gt=at - REMEMBERED)
        refused = {referral.hospital_id: _sentence(referral) for referral in refusals}
    found = Escalation.objects.filter(mine, state=EscalationState.SETTLED, ended_at__gt=at - REMEMBERED)
    return History(refused, found.select_related("hospital").order_by("-pk").first())


def _sentence(referral):
    told = referral.get_refusal_code_display() or referral.refusal
    return _("refused this patient at %(clock)s: %(why)s") % {
        "clock": formats.clock(referral.answered_at),
        "why": told,
    }


def last_answer_no(parent):
    """The last referral of a patient in care under ``parent`` that led nowhere; the next hospital continues its case."""
    ended = Referral.objects.filter(sjps__parent=parent, later__isnull=True).exclude(state__in=GOING_ON)
    return ended.order_by("-pk").first()


def may_go_on(sjp, *, at):
    """Whether the patient of ``sjp`` may be sent to another hospital now: the letter is over, or was not answered in time."""
    if sjp.referral is None:
        return False
    if sjp.state in (SjpState.CANCELLED, SjpState.EXPIRED, SjpState.DECLINED):
        return sjp.referral.state not in GOING_ON
    return sjp.state == SjpState.ISSUED and is_overdue(sjp.referral, at=at)


def start_clock(referral, *, at, parameters):
    """The hospital reads the letter from now on: its clock begins again, after Dinkes has approved. An answer stands."""
    if referral is not None and referral.state == ReferralState.ISSUED:
        referral.answer_due = rules.answer_due(referral.service, referral.reason, at, parameters)
        referral.save(update_fields=["answer_due"])


def is_overdue(referral, *, at):
    """Whether the hospital's clock has run out without an answer."""
    return referral.state == ReferralState.ISSUED and referral.answer_due is not None and at > referral.answer_due


def last_to_go_on_from(earlier):
    """The last referral of the case of ``earlier``, with the case locked. Raises Refused while one of it is open.

    Two windows that go on from the same refusal meet here: the second reads where the first has sent the patient.
    """
    first = first_of(earlier)
    Referral.objects.select_for_update(no_key=True, of=("self",)).get(pk=first)
    last = referrals_of(first).select_related("hospital").last()
    if last.state in GOING_ON:
        raise Refused(
            _("This patient has been sent on already: %(number)s to %(hospital)s. Open that letter.")
            % {"number": last.number, "hospital": last.hospital},
            code="sent_on",
        )
    return last
