"""A family member's letters on the family's own page: number, hospital, days, state. No diagnosis, no specialty, nobody else's.

Who opened the page sees the own letters; a parent also those of children below twelve. Older children's, a spouse's and a
parent's stay with them (domain.md G4: a family card is no family view of illnesses).
"""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from participants.enums import Relation
from participants.own_family import for_own_family, resident_of
from participants.portal import mask_name
from participants.rules import age_on
from referrals.models import Sjp

CHILD_BELOW = 12
PARENTS = frozenset((Relation.HEAD, Relation.HUSBAND, Relation.WIFE))
SHOWN = 20


@for_own_family
@require_safe
def own_letters(request, household):
    """The newest letters of whoever opened the page."""
    today = timezone.localdate()
    people = _whose(household, resident_of(request), today)
    rows = Sjp.objects.filter(resident__in=people, newborn__isnull=True).select_related("hospital", "resident")
    letters = [{"sjp": sjp, "name": mask_name(sjp.resident.name)} for sjp in rows.order_by("-pk")[:SHOWN]]
    return render(request, "referrals/own_letters.html", {"letters": letters})


def _whose(household, key, today):
    """Whose letters the resident with this key may see: the own ones, and of a parent the small children's."""
    people = {person.pk: person for person in household.residents.order_by("pk")}
    me = people.get(key)
    if me is None:
        return []
    if me.relation not in PARENTS:
        return [me.pk]
    children = [
        p.pk for p in people.values() if p.relation == Relation.CHILD and age_on(p.birth_date, today) < CHILD_BELOW
    ]
    return [me.pk, *children]
