"""A clerk's answers between the pages. They stay on the server: no address and no hidden field carries health data."""

import hashlib
import json

from referrals.models import Draft

FIELDS = (
    "complaint",
    "findings",
    "therapy",
    "query",
    "diagnosis",
    "reason",
    "service",
    "specialty",
    "hospital",
    "pass_over_reason",
    "doctor_name",
)
LONGEST = 4000


def begin(lookup, *, actor, at, answers=None):
    """The one draft of a look-up; made on the first call, with ``answers`` to start from."""
    draft, _made = Draft.objects.get_or_create(
        lookup=lookup, defaults={"answers": answers or {}, "created_at": at, "created_by": actor}
    )
    return draft


def keep(draft, data):
    """Keep what was typed, right or wrong, so that nothing is typed twice."""
    # PostgreSQL keeps no NUL character.
    draft.answers = {name: data[name][:LONGEST].replace("\x00", "") for name in FIELDS if data.get(name)}
    draft.save(update_fields=["answers"])


def answers_of(sjp):
    """The answers behind an issued letter, for a new one to another hospital. The hospital is left open."""
    referral = sjp.referral
    return {
        "complaint": referral.complaint,
        "findings": referral.findings,
        "therapy": referral.therapy,
        "diagnosis": referral.diagnosis_id,
        "reason": referral.reason,
        "service": referral.service,
        "specialty": referral.specialty_id,
        "doctor_name": referral.doctor_name,
    }


def digest(draft):
    """Stands for the answers a clerk has seen on the check page: changed elsewhere, they are shown again before issuing."""
    return hashlib.sha256(json.dumps(draft.answers, sort_keys=True).encode()).hexdigest()[:16]
