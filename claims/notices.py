"""What a hospital and Dinkes are told of batches and claims. ``@follows`` names the journalled act; see docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.enums import CompletenessOutcome
from claims.models import Claim, ClaimBatch, CompletenessCheck
from facilities.enums import Role
from facilities.notices import mail_of
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, settle, tell
from ksb.core.outbox import follows
from ksb.core.workflow import system_user

RETURNED = kind(
    "claims.returned",
    sentiment="warn",
    text=_("The verifier returned claims of batch %(number)s. The reasons stand beside each claim."),
    route="claims:batch",
)
TO_SIGN = kind(
    "batch.to_sign",
    sentiment="warn",
    text=_("Batch %(number)s waits for your signature. It is due on %(due_on)s."),
    message=_("KSB: batch %(number)s waits for your signature. It is due on %(due_on)s."),
    route="claims:sign",
)
SENT_BACK = kind(
    "batch.sent_back",
    sentiment="warn",
    text=_("The director did not sign batch %(number)s. The reason stands on its page."),
    route="claims:batch",
)
INCOMPLETE = kind(
    "batch.incomplete",
    sentiment="warn",
    text=_("Batch %(number)s came back as incomplete. Mend it and hand it in again by %(due_on)s."),
    message=_("KSB: batch %(number)s came back as incomplete. Mend it and hand it in again by %(due_on)s."),
    route="claims:batch",
)
DUE = kind(
    "claims.due",
    sentiment="warn",
    text=_(
        "%(count)d letters whose care is finished are not claimed yet. The month of %(month)s is due on %(due_on)s."
    ),
    route="claims:batches",
    by_link=False,
)
EXPIRING = kind(
    "claims.expiring",
    sentiment="bad",
    text=_("%(count)d cases of finished care expire within a month. Claim them."),
    route="claims:batches",
    by_link=False,
)
YEAR_END = kind(
    "claims.year_end",
    sentiment="warn",
    text=_(
        "%(count)d letters whose care is finished are not claimed yet. Hand them in by %(due_on)s to be paid from this "
        "year's budget."
    ),
    route="claims:batches",
    by_link=False,
)
MEND = kind(
    "batch.mend",
    sentiment="warn",
    text=_("Batch %(number)s, returned as incomplete, is to be handed in again by %(due_on)s."),
    route="claims:batch",
)
SILENT_SOON = kind(
    "batch.silent_soon",
    sentiment="warn",
    text=_("Batch %(number)s counts as complete on %(silent_on)s unless you say what lacks."),
    route="claims:completeness",
)
COMPLETE = kind("batch.complete", sentiment="ok", text=_("Batch %(number)s is complete."), route="claims:batch")


@follows("claim.return_")
def returned(event):
    """Once for a batch, however many of its claims come back."""
    batch = Claim.objects.select_related("batch").get(pk=event.object_id).batch
    tell(RETURNED, to=billing_of(batch), about=batch, params={"number": batch.number}, at=timezone.now())


@follows("batch.submit")
def to_sign(event):
    batch, now = _batch(event), timezone.now()
    place = batch.hospital_id
    tell(
        TO_SIGN,
        to=To(role=Role.HOSPITAL_DIRECTOR, facility_id=place),
        about=batch,
        params={"number": batch.number, "due_on": batch.due_on},
        once=event.pk,
        at=now,
        addresses=mail_of(Role.HOSPITAL_DIRECTOR, place, at=now),
    )


@follows("batch.sign")
def signed(event):
    settle(_batch(event), at=timezone.now(), actor=system_user(), kinds=[TO_SIGN, INCOMPLETE, SENT_BACK])


@follows("batch.send_back")
def sent_back(event):
    batch, now = _batch(event), timezone.now()
    settle(batch, at=now, actor=system_user(), kinds=[TO_SIGN])
    tell(SENT_BACK, to=billing_of(batch), about=batch, params={"number": batch.number}, once=event.pk, at=now)


@follows("completeness.write")
def checked(event):
    """Complete, also by silence, or come back: the billing desk is told, of a return the director as well."""
    check = CompletenessCheck.objects.select_related("batch").get(pk=event.object_id)
    batch, now = check.batch, timezone.now()
    if check.outcome != CompletenessOutcome.RETURNED:
        tell(COMPLETE, to=billing_of(batch), about=batch, params={"number": batch.number}, once=check.pk, at=now)
        return
    for role in (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR):
        tell(
            INCOMPLETE,
            to=To(role=role, facility_id=batch.hospital_id),
            about=batch,
            params={"number": batch.number, "due_on": check.due_on},
            once=check.pk,
            at=now,
            addresses=mail_of(role, batch.hospital_id, at=now),
        )


def billing_of(batch):
    return To(role=Role.HOSPITAL_BILLER, facility_id=batch.hospital_id)


def _batch(event):
    return ClaimBatch.objects.get(pk=event.object_id)
