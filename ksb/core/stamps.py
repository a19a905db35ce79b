"""Every ``x_at`` has its ``x_by``: the fields and the CHECK that keeps them together."""

from django.conf import settings
from django.db import models
from django.db.models import Q


def at(verbose_name, **kwargs):
    """The moment of an act, empty until it happened."""
    return models.DateTimeField(verbose_name, null=True, blank=True, editable=False, **kwargs)


def by(verbose_name, **kwargs):
    """Who did it, empty until it happened. Users are never deleted, only deactivated."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=verbose_name,
        **kwargs,
    )


def created_by(verbose_name, **kwargs):
    """The author of a row that cannot exist without one."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=verbose_name,
        **kwargs,
    )


def pair(model, act):
    """CHECK: ``<act>_at`` and ``<act>_by`` are both empty or both filled."""
    return models.CheckConstraint(
        name=f"{model}_{act}_at_has_its_by",
        condition=Q(**{f"{act}_at__isnull": True, f"{act}_by__isnull": True})
        | Q(**{f"{act}_at__isnull": False, f"{act}_by__isnull": False}),
    )


def different_people(model, first, second):
    """CHECK: two acts on one object are done by two people (segregation of duties)."""
    return models.CheckConstraint(
        name=f"{model}_{first}_by_is_not_{second}_by",
        condition=Q(**{f"{first}_by__isnull": True})
        | Q(**{f"{second}_by__isnull": True})
        | ~Q(**{f"{first}_by": models.F(f"{second}_by")}),
    )
