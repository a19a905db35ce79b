"""Finding a patient among the letters of the own facility, and nowhere else. Domain.md G4: no browsing of people."""

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from ksb.core import journal, ratelimit
from ksb.core.errors import Refused
from referrals.models import Episode, Sjp

MOST = 30
LIMIT, SECONDS = 300, 3600
NIK_LENGTH = 16
LEAST = 3  # letters of a name


def find(*, query, actor, at):
    """At most ``MOST`` letters of the own facility, newest first, whose patient has this name, NIK or medical record number.

    Somebody without NIK is found by the number of the register of special covers, or by the name it holds. Counted and
    journalled as a search, without what was typed. Raises Refused for fewer than three letters.
    """
    typed = " ".join(query.replace("\x00", "").split())
    if len(typed) < LEAST:
        raise Refused(_("Write at least three letters or digits."))
    ratelimit.hit("own_patients", actor.pk, limit=LIMIT, seconds=SECONDS, now=at)
    own = Sjp.objects.visible_to(actor).with_names().order_by("-pk")
    found = [*_without_nik(own, typed)[:MOST], *_of(own, typed)[:MOST]]
    found = sorted(found, key=lambda sjp: -sjp.pk)[:MOST]
    journal.record("letters.search", actor=actor, found=len(found))
    return found


def _of(own, typed):
    if "/KHS/" in typed.upper():
        return own.filter(special__number=typed.upper())
    digits = "".join(typed.split())
    if digits.isascii() and digits.isdigit() and len(digits) == NIK_LENGTH:
        return own.filter(resident__nik=digits)
    if any(sign.isdigit() for sign in typed):
        stays = Episode.objects.filter(sjp=OuterRef("pk"), medical_record=typed)
        return own.filter(Exists(stays))
    return own.filter(resident__name__istartswith=typed)


def _without_nik(own, typed):
    """Letters of people the registry does not know, by the name in the register of special covers: a few in the whole city."""
    return own.filter(special__isnull=False, resident__isnull=True, special__name__istartswith=typed)
