"""Ways to the people of a desk."""

from django.utils import timezone

from facilities.models import User
from ksb.core.notices.enums import Channel


def mail_of(role, facility_id=None, *, at):
    """``(Channel.EMAIL, address)`` of everybody who holds ``role`` on the day of ``at``: at a facility, or in the city."""
    day = timezone.localdate(at)
    held = User.memberships.rel.related_model.objects.in_force(day).filter(role=role, facility=facility_id)
    people = User.objects.filter(is_active=True, memberships__in=held).exclude(email="").order_by("email")
    return [(Channel.EMAIL, address) for address in people.values_list("email", flat=True).distinct()]
