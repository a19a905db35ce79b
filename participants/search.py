"""Finding a person without a number: how the name begins, with the day of birth or the kelurahan. For two roles, on record.

A name alone would be browsing. Both ways are served by an index that carries the order of the list.
"""

import re

from django.db.models import Q
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.ratelimit import hit
from ksb.core.workflow import may
from participants.lookups import HOUR, PER_HOUR
from participants.models import Resident
from participants.permissions import PEOPLE_SEARCHERS

LEAST_LETTERS = 3
PAGE = 25
LAST_CHARACTER = "\U0010ffff"


def find_people(*, name, birth_date, kelurahan, actor, at, after=None):
    """At most PAGE people whose name begins with ``name``, and whether there are more; ``after`` is the last one seen.

    Raises NotAllowed, TooMany (the hourly limit of all look-ups), Refused when the question is too wide. The journal keeps
    who was shown, not what was typed.
    """
    if not may(actor, PEOPLE_SEARCHERS):
        raise NotAllowed(_("Your role does not include searching by name."))
    begins = re.sub(r"\s+", " ", name).strip().upper()
    if len(begins) < LEAST_LETTERS:
        raise Refused(_("Write at least the first three letters of the name."), code="name")
    if birth_date is None and kelurahan is None:
        raise Refused(_("Add the date of birth or the kelurahan: a name alone finds too many."), code="narrow")
    hit("lookup", actor.pk, limit=PER_HOUR, seconds=HOUR, now=at)
    people = Resident.objects.visible_to(actor).filter(name__gte=begins, name__lt=begins + LAST_CHARACTER)
    if birth_date is not None:
        people = people.filter(birth_date=birth_date)
    if kelurahan is not None:
        people = people.filter(kelurahan=kelurahan)
    if after is not None:
        people = people.filter(name__gte=after.name).filter(Q(name__gt=after.name) | Q(pk__gt=after.pk))
    rows = list(people.select_related("household", "kelurahan").order_by("name", "id")[: PAGE + 1])
    shown = rows[:PAGE]
    by = [word for word, value in (("birth_date", birth_date), ("kelurahan", kelurahan)) if value]
    journal.record("people.search", actor=actor, by=by, shown=[person.pk for person in shown])
    return shown, len(rows) > PAGE
