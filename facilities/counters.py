"""What waits around the network: bed counts that have grown old, accounts that wait for a second person."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.bed_board import stale_after
from facilities.enums import AccountState, Role
from facilities.models import AccountChange, BedCount, Facility
from facilities.permissions import ACCOUNT_DECIDERS
from ksb.core.counters import Counter


def _old(at):
    return BedCount.objects.filter(reported_at__lt=at - timedelta(minutes=stale_after(timezone.localdate(at))))


def _own_old_beds(actor, at):
    return _old(at).filter(facility__in=actor.facility_ids(Role.HOSPITAL_DESK))


def _silent(actor, at):
    """Contracted hospitals with an old count, or with none."""
    contracted = Facility.objects.hospitals().filter(active=True).contracted_on(timezone.localdate(at))
    of_it = {"facility": OuterRef("pk")}
    return contracted.filter(Exists(_old(at).filter(**of_it)) | ~Exists(BedCount.objects.filter(**of_it)))


COUNTERS = (
    Counter(
        code="beds.old",
        label=_("Bed counts to renew"),
        url_name="facilities:beds",
        roles=(Role.HOSPITAL_DESK,),
        waiting=_own_old_beds,
        urgent=True,
    ),
    Counter(
        code="beds.silent",
        label=_("Hospitals with old bed counts"),
        url_name="facilities:beds_silent",
        roles=(Role.DINKES_SERVICES,),
        waiting=_silent,
    ),
    Counter(
        code="accounts",
        label=_("Bank accounts to approve"),
        url_name="facilities:attention",
        roles=ACCOUNT_DECIDERS,
        waiting=lambda actor, at: AccountChange.objects.visible_to(actor).filter(state=AccountState.PROPOSED),
    ),
)
