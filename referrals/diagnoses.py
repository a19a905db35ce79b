"""Finding an ICD-10 code: by code with or without its dot, by words of the WHO title, by the Indonesian name."""

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Replace

from facilities.models import Diagnosis

LIMIT = 30
MAX_WORDS = 6


def selectable():
    return Diagnosis.objects.filter(selectable=True)


def quick_picks():
    """The thirty diagnoses a Puskesmas writes most."""
    return selectable().filter(common_rank__isnull=False).order_by("common_rank")[:LIMIT]


def search(query):
    """At most thirty codes for what the clerk typed, best first: the code itself, everyday names, then titles."""
    words = query.replace("\x00", "").split()[:MAX_WORDS]
    if not words:
        return quick_picks()
    plain = "".join(words).replace(".", "").upper()
    by_words = Q()
    for word in words:
        by_words &= Q(title__icontains=word) | Q(alias__icontains=word)
    place = Case(
        When(plain_code=plain, then=Value(0)),
        When(plain_code__startswith=plain, then=Value(1)),
        When(alias__icontains=words[0], then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return (
        selectable()
        .annotate(plain_code=Replace("code", Value("."), Value("")))
        .filter(by_words | Q(plain_code__startswith=plain))
        .annotate(place=place)
        .order_by("place", F("common_rank").asc(nulls_last=True), "code")[:LIMIT]
    )
