"""Users and what they are in the programme."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import HOSPITAL_ROLES, PUSKESMAS_ROLES, Role
from facilities.querysets import MembershipQuerySet, PeopleManager
from ksb.core import stamps


class User(AbstractUser):
    """Somebody who can log in. What they may do follows from memberships in force today, never from groups."""

    SYSTEM = "sistem"

    nip = models.CharField(
        _("NIP"), max_length=18, blank=True, help_text=_("civil-servant number, printed under a signature")
    )
    position = models.CharField(_("position"), max_length=120, blank=True)

    objects = PeopleManager()

    def __str__(self):
        return self.get_full_name() or self.username

    @cached_property
    def memberships_today(self):
        today = timezone.localdate()
        return list(self.memberships.at_work(today).select_related("facility").order_by("valid_from", "pk"))

    @cached_property
    def audit_scopes(self):
        """Days of service that the letters of audit in force today open to this user, as ranges; none for anybody else."""
        if not self.has_role(Role.AUDITOR):
            return []
        return list(self.audits.filter(valid__contains=timezone.localdate()).values_list("scope", flat=True))

    @property
    def roles(self):
        """Role codes in force today."""
        return {m.role for m in self.memberships_today}

    def has_role(self, *roles):
        return not self.roles.isdisjoint(roles)

    def facility_ids(self, *roles):
        """Facilities where the user holds one of ``roles`` today."""
        return [m.facility_id for m in self.memberships_today if m.role in roles and m.facility_id]

    @property
    def facility(self):
        """The facility the user works at today, or None for city offices."""
        return next((m.facility for m in self.memberships_today if m.facility), None)


class Membership(models.Model):
    """One role of one user, at one facility where the role belongs to a facility, for a range of days."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=30, choices=Role)
    facility = models.ForeignKey(
        "facilities.Facility",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("facility"),
    )
    decree = models.CharField(_("decree or letter of appointment"), max_length=120, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    granted_at = models.DateTimeField(_("granted at"), auto_now_add=True)
    granted_by = stamps.created_by(_("granted by"))

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["user", "valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="facility_roles_name_their_facility",
                condition=~Q(role__in=[*HOSPITAL_ROLES, *PUSKESMAS_ROLES]) | Q(facility__isnull=False),
                violation_error_message=_("Choose the facility this role belongs to."),
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_starts",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="nobody_grants_own_rights",
                condition=~Q(granted_by=F("user")),
                violation_error_message=_("Nobody may grant a role to themselves."),
            ),
        ]

    def __str__(self):
        return f"{self.user} – {self.get_role_display()}"
