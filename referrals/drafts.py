"""A clerk's answers between the pages. They stay on the server: no address and no hidden field carries health data."""

import hashlib
import json

from referrals import rules
from referrals.models import Draft
from referrals.models.examination import EXAMINED

FIELDS = (
    "complaint",
    "findings",
    "therapy",
    "query",
    "diagnosis",
    "reason",
    "service",
    "ward",
    "specialty",
    "exclusion",
    "hospital",
    "pass_over_reason",
    "doctor_name",
    "transport",
    *EXAMINED,
)
LONGEST = 4000


def begin(lookup, *, actor, at, answers=None, earlier=None):
    """The one draft of a look-up; made on the first call, with ``answers`` to start from.

    ``earlier`` is the referral it goes on from, after a hospital did not take the patient.
    """
    beginning = {"answers": answers or {}, "earlier": earlier, "created_at": at, "created_by": actor}
    draft, _made = Draft.objects.get_or_create(lookup=lookup, defaults=beginning)
    return draft


def keep(draft, data):
    """Keep what was typed, right or wrong, so that nothing is typed twice."""
    # PostgreSQL keeps no NUL character.
    draft.answers = {name: data[name][:LONGEST].replace("\x00", "") for name in FIELDS if data.get(name)}
    draft.save(update_fields=["answers"])


def answers_of(referral):
    """The answers behind an issued referral, for a new one to another hospital. The hospital is left open."""
    examined = {name: getattr(referral, name) for name in EXAMINED}
    return {
        **{name: str(value) for name, value in examined.items() if value not in (None, "")},
        "complaint": referral.complaint,
        "findings": referral.findings,
        "therapy": referral.therapy,
        "diagnosis": referral.diagnosis_id,
        "reason": referral.reason,
        "service": referral.service,
        "ward": rules.said_ward(referral.ward),
        "transport": referral.transport,
        "specialty": referral.specialty_id,
        "doctor_name": referral.doctor_name,
    }


def digest(draft):
    """Stands for the answers a clerk has seen on the check page: changed elsewhere, they are shown again before issuing."""
    return hashlib.sha256(json.dumps(draft.answers, sort_keys=True).encode()).hexdigest()[:16]
