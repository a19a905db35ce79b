"""The perimeter brick: every read of personal or financial data starts with ``Model.objects.visible_to(actor)``."""

from django.db import models


class PerimeterQuerySet(models.QuerySet):
    """Base of every queryset of the house. A model without its own perimeter shows nothing."""

    def visible_to(self, actor):
        """Rows ``actor`` may know of. Outside of it an object does not exist (404)."""
        return self.none()


class ReferenceQuerySet(PerimeterQuerySet):
    """Public facts (regions, codes, facilities): visible to every user who is logged in."""

    def visible_to(self, actor):
        return self if actor.is_authenticated else self.none()
