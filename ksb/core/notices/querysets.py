"""A notice belongs to one person, to one desk (a role, at one facility or in the city's offices), or to a family."""

from django.db.models import Q

from ksb.core.querysets import PerimeterQuerySet

MOST_COUNTED = 99


class NoticeQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """What was told to the actor in person or to a desk they sit at today."""
        desks = [Q(role=m.role, facility=m.facility_id) for m in actor.memberships_today]
        return self.filter(Q(*desks, user=actor.pk, _connector=Q.OR))

    def of_party(self, party):
        """What was told to somebody without an account, for instance a household."""
        return self.filter(party_type=party._meta.label_lower, party_id=party.pk)

    def about(self, thing):
        return self.filter(about_type=thing._meta.label_lower, about_id=thing.pk)

    def unread(self):
        return self.filter(read_at__isnull=True)

    def how_many(self):
        """Their number, counted no further than one beyond MOST_COUNTED."""
        return self.order_by()[: MOST_COUNTED + 1].count()


class DeliveryQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Addresses of people: auditors and who keeps the system running."""
        return self if actor.has_role("AUDITOR", "SYSTEM_ADMIN") else self.none()

    def waiting(self):
        return self.filter(next_try__isnull=False)
