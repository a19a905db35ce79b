"""What happened to a facility, as sentences: the journal of it, its contracts, suspensions, accounts and doctors."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from facilities.enums import Service
from facilities.models import ContractTerms, Doctor, Facility
from ksb.core import formats
from ksb.core.models import JournalEntry

SHOWN = 200
_QUOTAS = ("quota_letters", "quota_rupiah")


@dataclass(frozen=True)
class Line:
    """One act: when, who, and what in words."""

    at: datetime
    who: str
    sentence: str


def lines(facility):
    """The last SHOWN acts on ``facility``, newest first. One query; whoever may read the facility may read them."""
    entries = JournalEntry.objects.about(facility).filter(verb__in=_SENTENCES).select_related("actor").order_by("-id")
    return [Line(entry.at, str(entry.actor or "KSB"), _SENTENCES[entry.verb](entry.data)) for entry in entries[:SHOWN]]


def _created(data):
    return _("entered into the network with code %(code)s") % {"code": data["code"]}


def _changed(data):
    return "; ".join(_pairs(Facility, data["changes"]))


def _standing(data):
    told = {"day": _day(data["day"]), "decree": data["decree"]}
    changes = "; ".join(_pairs(Facility, data["changes"]))
    return _("%(changes)s from %(day)s (%(decree)s)") % {"changes": changes, **told}


def _signed(data):
    told = {"number": data["contract"], "first": _day(data["first"]), "last": _day(data["last"])}
    sentence = _("contract %(number)s entered, %(first)s to %(last)s") % told
    return "; ".join([sentence, *_terms(data)])


def _amended(data):
    told = {"addendum": data["addendum"], "number": data["contract"], "starts": _day(data["starts"])}
    sentence = _("addendum %(addendum)s to %(number)s from %(starts)s") % told
    ends = _("the agreement ends on %(day)s") % {"day": _day(data["last"])}
    return "; ".join([f"{sentence}: {data['summary']}", ends, *_terms(data)])


def _terms(data):
    services = _word(data["services"], dict(Service.choices))
    found = [_("services: %(services)s") % {"services": services}]
    for name in _QUOTAS:
        if data.get(name):
            found.append(f"{_label(ContractTerms, name)}: {formats.number(data[name])}")
    return found


def _ended(data):
    told = {"number": data["contract"], "day": _day(data["last"]), "reason": data["reason"]}
    return _("contract %(number)s ends early on %(day)s: %(reason)s") % told


def _suspended(data):
    told = {"day": _day(data["starts"]), "letter": data["letter"], "reason": data["reason"]}
    return _("no new letters from %(day)s (%(letter)s): %(reason)s") % told


def _lifted(data):
    return _("suspension %(letter)s lifted: %(reason)s") % {"letter": data["letter"], "reason": data["reason"]}


def _account(data):
    old, new = data["changes"]["bank_account"]
    told = {"number": data["contract"], "old": old or formats.NOTHING, "new": new}
    return _("account of contract %(number)s approved: %(old)s becomes %(new)s") % told


def _account_proposed(data):
    told = {"number": data["contract"], "account": data["account"], "evidence": data["evidence"]}
    return _("account %(account)s proposed for contract %(number)s (%(evidence)s)") % told


def _account_refused(data):
    told = {"number": data["contract"], "account": data["account"], "reason": data["reason"]}
    return _("account %(account)s for contract %(number)s refused: %(reason)s") % told


def _doctor_entered(data):
    told = {"name": data["doctor"], "registration": data["registration"]}
    return _("doctor %(name)s put on the roster (SIP %(registration)s)") % told


def _doctor_changed(data):
    return f"{data['doctor']}: {'; '.join(_pairs(Doctor, data['changes']))}"


def _pairs(model, changes):
    """``class: D becomes C`` for each field."""
    for name, (old, new) in changes.items():
        field = model._meta.get_field(name)
        labels = dict(getattr(field, "base_field", field).flatchoices)
        told = {"field": str(field.verbose_name), "old": _word(old, labels), "new": _word(new, labels)}
        yield _("%(field)s: %(old)s becomes %(new)s") % told


def _label(model, name):
    return str(model._meta.get_field(name).verbose_name)


def _word(value, labels):
    """A value of the journal as people write it, codes by their ``labels``; a pair of days is the range of a roster."""
    if isinstance(value, list):
        if len(value) == 2 and _is_day(value[0]):
            return f"{_day(value[0])} – {_day(value[1]) if value[1] else ''}".strip()
        return ", ".join(_word(one, labels) for one in value) or formats.NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(labels.get(value, value)) if value not in ("", None) else formats.NOTHING


def _is_day(value):
    return isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"


def _day(value):
    return formats.day(value)


_SENTENCES = {
    "facility.create": _created,
    "facility.change": _changed,
    "facility.standing": _standing,
    "facility.suspend": _suspended,
    "facility.lift": _lifted,
    "contract.sign": _signed,
    "contract.amend": _amended,
    "contract.end": _ended,
    "contract.account": _account,
    "contract.account_proposed": _account_proposed,
    "contract.account_refused": _account_refused,
    "doctor.enter": _doctor_entered,
    "doctor.change": _doctor_changed,
}
