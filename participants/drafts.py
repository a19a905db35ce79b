"""Applications begun and not handed in: they leave nothing behind (domain.md G4: abandoned drafts go after 30 days)."""

import datetime

from django.db import transaction
from django.utils import timezone

from ksb.core import journal, uploads
from ksb.core.scheme import Parameters, scheme_on
from participants.enums import EnrolmentState
from participants.models import Document, Enrolment

AT_ONCE = 500


def forget(drafts, *, actor=None):
    """Delete the drafts of a queryset with their scans, files included. Returns their number."""
    with transaction.atomic():
        gone = list(drafts.filter(state=EnrolmentState.DRAFT).select_for_update(no_key=True, of=("self",))[:AT_ONCE])
        keys = [draft.pk for draft in gone]
        paths = list(Document.objects.filter(enrolment__in=keys).values_list("path", flat=True))
        journal.record_many("enrolment.draft_forgotten", gone, actor=actor)
        Document.objects.filter(enrolment__in=keys).delete()
        Enrolment.objects.filter(pk__in=keys).delete()
        transaction.on_commit(lambda: [uploads.forget(path) for path in paths], robust=True)
    return len(gone)


def forget_abandoned(*, at):
    """The night's part: drafts older than ``draft_ttl`` days. Returns their number."""
    scheme = scheme_on(timezone.localdate(at))
    ttl = (scheme.parameters if scheme else Parameters()).draft_ttl
    return forget(Enrolment.objects.filter(created_at__lt=at - datetime.timedelta(days=ttl)).order_by("pk"))
