"""What looks like a broker's work or a move for treatment's sake: noticed with evidence, judged by a person, never by itself."""

import datetime
import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ksb.core import formats, stamps
from participants.enums import SignalKind, SignalOutcome
from participants.querysets import CityDataQuerySet


class Signal(models.Model):
    """One finding of domain.md B2. ``key`` names what the families have in common (a keyed hash, never the thing itself).

    A finding that was judged is open again when another family joins it.
    """

    id = models.BigAutoField(primary_key=True)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("signal"), max_length=16, choices=SignalKind)
    key = models.CharField(max_length=64, editable=False)
    households = ArrayField(models.BigIntegerField(), verbose_name=_("families"))
    count = models.PositiveIntegerField(_("how many"))
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    facts = models.JSONField(_("facts"), default=dict)
    noticed_on = models.DateField(_("noticed on"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=SignalOutcome, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    judged_at = stamps.at(_("judged at"))
    judged_by = stamps.by(_("judged by"), db_index=False)

    objects = CityDataQuerySet.as_manager()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            stamps.pair("signal", "judged"),
            models.UniqueConstraint(fields=["kind", "key"], name="one_signal_per_kind_and_key"),
            models.CheckConstraint(
                name="judged_signal_has_outcome",
                condition=Q(judged_at__isnull=True, outcome="") | (Q(judged_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes = [
            GinIndex(fields=["households"], name="signal_of_family"),
            models.Index(fields=["-id"], name="signal_open", condition=Q(judged_at__isnull=True)),
            models.Index(fields=["kind", "-id"], name="signal_by_kind"),
        ]

    def __str__(self):
        return self.get_kind_display()

    @property
    def sentence(self):
        """The evidence in words: how many, from when to when."""
        words = {name: _word(value) for name, value in self.facts.items()}
        words |= {"count": self.count, "first": formats.day(self.first_on), "last": formats.day(self.last_on)}
        return SENTENCES[self.kind] % words


SENTENCES = {
    SignalKind.SAME_PHONE: _("%(count)d families gave the same telephone number, from %(first)s to %(last)s."),
    SignalKind.SAME_EMAIL: _("%(count)d families gave the same e-mail address, from %(first)s to %(last)s."),
    SignalKind.SAME_DEVICE: _(
        "%(count)d families applied from the same telephone or computer, from %(first)s to %(last)s."
    ),
    SignalKind.SAME_FILE: _("The same photo was handed in by %(count)d families, from %(first)s to %(last)s."),
    SignalKind.ADDRESS: _(
        "%(count)d family cards stand at one address with a house number; the newest since %(last)s."
    ),
    SignalKind.NEW_MEMBERS: _(
        "%(count)d people moved onto a family card that existed before, from %(first)s to %(last)s."
    ),
    SignalKind.MOVE_AND_TREAT: _("An SJP was asked for on %(last)s, %(days)s days after moving in on %(first)s."),
    SignalKind.MOVE_IN_CARE: _("Moved in on %(last)s, after being admitted to a hospital on %(first)s."),
    SignalKind.GUEST: _(
        "Came onto this family card as another relative on %(first)s; an SJP was asked for on %(last)s, %(days)s days later."
    ),
    SignalKind.IN_HOSPITAL: _(
        "The application of %(last)s came in while a member was in a hospital (admitted on %(first)s)."
    ),
    SignalKind.TIP: _("Reported on %(first)s: %(text)s"),
}


def _word(value):
    """Days in the facts are written as days."""
    try:
        return formats.day(datetime.date.fromisoformat(value))
    except (TypeError, ValueError):
        return value
