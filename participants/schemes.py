"""Changing the rules of the programme (domain.md B22): one person enters a version, another puts it in force from its day.

Decisions of earlier days stand under their own version. Letters given out and care that runs are honoured as the version says
(``honour_issued``, rules C01 and C06); cards stay as evidence; claims of earlier services go on.
"""

from dataclasses import dataclass, fields

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ksb.core import formats, journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters, scheme_on
from participants.models import SchemeProposal
from participants.scheme_grounds import GROUNDS
from participants.scheme_labels import LABELS
from participants.workflow import SCHEME, written_yourself


def propose(*, code, name_id, name_en, starts, legal_source, parameters, actor, at):
    """Enter new rules (``parameters`` a Parameters) from the day ``starts`` on. Returns the SchemeProposal."""
    _require_free_day(starts, on=timezone.localdate(at))
    _require_free_code(code)
    with transaction.atomic():
        proposal = SchemeProposal.objects.create(
            code=code,
            name_id=name_id,
            name_en=name_en,
            starts=starts,
            legal_source=legal_source,
            parameters=parameters.as_json(),
            created_by=actor,
        )
        journal.record("scheme.propose", proposal, actor=actor, code=code, starts=starts.isoformat())
    return proposal


def approve(*, proposal, actor, at):
    """Make the proposal the version in force from its day on; the version before it ends there. Not by who entered it.

    Everybody is judged anew on that day: at once when it is today, else by the night.
    """
    sentence = {"schemeproposal_created_by_is_not_approved_by": written_yourself()}
    on = timezone.localdate(at)
    with transaction.atomic(), refusing(sentence, error=NotAllowed):
        proposal = SchemeProposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
        SCHEME.check(proposal, "approve", actor=actor)
        versions = list(SchemeVersion.objects.select_for_update().order_by("valid"))
        _require_free_day(proposal.starts, on=on)
        _require_free_code(proposal.code)
        version = _insert(proposal, versions)
        proposal = SCHEME.apply(proposal, "approve", actor=actor, at=at, update={"version": version})
        if proposal.starts <= on:
            _judge_everybody(actor)
    return proposal


def refuse(*, proposal, reason, actor, at):
    """Not put in force, and why."""
    return SCHEME.apply(proposal, "refuse", actor=actor, at=at, update={"reason": reason.strip()})


def _insert(proposal, versions):
    """The new version among those there are: it ends the one it falls into, and lasts until the next."""
    before = next((v for v in versions if _holds(v, proposal.starts)), None)
    later = [v.valid.lower for v in versions if v.valid.lower > proposal.starts]
    if before is not None:
        before.valid = DateRange(before.valid.lower, proposal.starts)
        before.save(update_fields=["valid"])
    return SchemeVersion.objects.create(
        code=proposal.code,
        name_id=proposal.name_id,
        name_en=proposal.name_en,
        valid=DateRange(proposal.starts, min(later, default=None)),
        legal_source=proposal.legal_source,
        parameters=proposal.parameters,
    )


def _holds(version, day):
    valid = version.valid
    return valid.lower <= day and (valid.upper is None or day < valid.upper)


def _require_free_day(starts, *, on):
    if starts < on:
        raise Refused(
            _("Rules take effect today at the earliest: decisions of earlier days stand under the rules of then."),
            code="starts",
        )
    if SchemeVersion.objects.filter(valid__startswith=starts).exists():
        raise Refused(_("Another version begins on %(day)s already.") % {"day": formats.day(starts)}, code="starts")


def _require_free_code(code):
    if SchemeVersion.objects.filter(code=code).exists():
        raise Refused(_("A version with this code exists. Choose another code."), code="code")


def _judge_everybody(actor):
    from participants.tasks import judge_city

    transaction.on_commit(lambda: judge_city.delay(actor.pk), robust=True)


# What a version changes, for people


@dataclass(frozen=True)
class Change:
    """One parameter in words, before and after."""

    label: str
    before: str
    after: str


def changes(old, new):
    """The Changes from Parameters ``old`` (None: no version) to ``new``, in the order of the dataclass."""
    base = old or Parameters()
    names = [f.name for f in fields(Parameters) if getattr(base, f.name) != getattr(new, f.name)]
    return [Change(LABELS[name], in_words(getattr(base, name)), in_words(getattr(new, name))) for name in names]


@dataclass(frozen=True)
class OwnDefault:
    """A rule no regulation settles: what it is called, its value, why."""

    label: str
    value: str
    ground: str


def own_defaults(parameters):
    """The OwnDefaults among ``parameters``, in the order of the dataclass."""
    names = [f.name for f in fields(Parameters) if f.name in GROUNDS]
    return [OwnDefault(LABELS[name], in_words(getattr(parameters, name)), GROUNDS[name]) for name in names]


def in_words(value):
    """A parameter's value as a page shows it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value is None:
        return _("none")
    if isinstance(value, tuple):
        return ", ".join(value) or _("none")
    return formats.number(value) if isinstance(value, int) else str(value)


def version_before(proposal):
    """Parameters of the version in force on the day the proposal would begin, or None."""
    found = scheme_on(proposal.starts)
    return found.parameters if found else None


@dataclass(frozen=True)
class Suspension:
    """The programme takes nobody on this day: since when (None: it has no rules at all), and by which regulation."""

    since: object
    law: str
    name: str


def suspension(on):
    """The Suspension of the day ``on``, or None while the programme runs."""
    version = SchemeVersion.objects.on(on)
    if version is None:
        return Suspension(None, "", "")
    if Parameters.from_json(version.parameters).open:
        return None
    name = version.name_en if get_language() == "en" else version.name_id
    return Suspension(version.valid.lower, version.legal_source, name)
