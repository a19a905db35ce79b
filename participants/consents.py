"""What a family agreed to with its application: recorded with purpose, edition of the notice and moment, and taken back.

What the law asks to be kept (care, money) outlives a withdrawal; nothing new begins.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.workflow import system_user
from participants import drafts
from participants.enums import EnrolmentState
from participants.models import Consent, Enrolment

# The edition of templates/participants/parts/notice.html: another wording is another edition.
EDITION = "2026-11"


def give(*, enrolment, actor, at):
    """Record that the family of ``enrolment`` agreed; given already, it stands. ``actor`` None is the family itself."""
    if not enrolment.consents.filter(withdrawn_at=None).exists():
        Consent.objects.create(enrolment=enrolment, notice=EDITION, given_at=at, given_by=actor or system_user())


def in_force(enrolment):
    """The Consent of an application or membership that was not taken back, or None (legacy lists have none)."""
    return enrolment.consents.filter(withdrawn_at=None).order_by("-pk").first()


def withdrawn(enrolment):
    """The Consent the family has taken back without giving another, or None."""
    if in_force(enrolment):
        return None
    return enrolment.consents.exclude(withdrawn_at=None).order_by("-pk").first()


def withdraw(*, enrolment, actor, at):
    """The family takes its consent back. A draft goes with everything in it; else nobody approves the application any more.

    Dinkes rejects it, or ends the membership, at the family's own request. ``actor`` None is the family itself.
    """
    with transaction.atomic():
        enrolment = Enrolment.objects.select_for_update(no_key=True, of=("self",)).get(pk=enrolment.pk)
        consent = in_force(enrolment)
        if consent is None:
            raise Refused(_("There is no consent to take back."))
        consent.withdrawn_at, consent.withdrawn_by = at, actor or system_user()
        consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
        journal.record("consent.withdraw", enrolment, actor=actor, purpose=consent.purpose)
        if enrolment.state == EnrolmentState.DRAFT:
            drafts.forget(Enrolment.objects.filter(pk=enrolment.pk), actor=actor)


def require(enrolment):
    """Raise Refused where the family has taken its consent back."""
    if consent := withdrawn(enrolment):
        raise Refused(
            _("The family took its consent back on %(day)s. Reject the application at the family's own request.")
            % {"day": f"{consent.withdrawn_at:%d-%m-%Y}"},
            code="consent",
        )
