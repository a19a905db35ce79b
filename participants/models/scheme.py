"""A version of the programme's rules on its way into force (domain.md B22, G3.8)."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from participants.enums import ProposalState
from participants.querysets import SchemeProposalQuerySet


class SchemeProposal(models.Model):
    """New rules from a day on, entered by one person and put in force by another. ``parameters`` are those of Parameters
    that differ from the defaults.
    """

    STATES = ProposalState

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    code = models.CharField(_("code"), max_length=10)
    name_id = models.CharField(_("name in Indonesian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    starts = models.DateField(_("in force from"))
    legal_source = models.TextField(_("legal source"), max_length=300)
    parameters = models.JSONField(_("parameters"), default=dict)
    reason = models.CharField(_("explanation"), max_length=255, blank=True)
    version = models.OneToOneField(
        "core.SchemeVersion",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="proposal",
        verbose_name=_("version it became"),
    )
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"))
    approved_at = stamps.at(_("approved at"))
    approved_by = stamps.by(_("approved by"))
    refused_at = stamps.at(_("refused at"))
    refused_by = stamps.by(_("refused by"))

    objects = SchemeProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed rules")
        verbose_name_plural = _("proposed rules")
        constraints = [
            *(stamps.pair("schemeproposal", act) for act in ("approved", "refused")),
            stamps.different_people("schemeproposal", "created", "approved"),
            models.CheckConstraint(
                name="approved_rules_are_a_version",
                condition=~Q(state=ProposalState.APPROVED) | Q(approved_at__isnull=False, version__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name_id}"
