"""What an evaluation says, to a clerk, to a program, and to whoever reads a letter years later."""

import datetime
import json
import re
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache

from django.utils.translation import get_language, gettext, gettext_noop, override

from ksb.core import formats
from participants.eligibility.rules import (
    NOT_FOUND,
    RULES,
    Complement,
    Effect,
    EmergencyCriterion,
    Exclusion,
    Rule,
    Source,
)
from participants.eligibility.statements import ARRAYS, BLOCKERS, GRANTS, LIFTED, WAIVED
from participants.enums import Decision, EnrolmentReason

# What a letter freezes of the person: enough to see why, nothing that names anybody.
FROZEN = (
    "status",
    "status_on",
    "city_address",
    "moved_in",
    "waiting_until",
    "birth_date",
    "ektp_recorded",
    "membership",
    "registered_on",
    "has_card",
    "pbi_apbn",
    "pbi_apbd",
    "jkn",
    "jkn_until",
    "jkn_lapsed",
    "pbi_lapsed",
    "insurer",
    "grace_until",
    "special_until",
    "event_name",
    "central_event",
    "registry_date",
    "jkn_date",
)
# What messages mention beside that.
MENTIONED = (
    "day",
    "scheme_code",
    "scheme_starts",
    "complement",
    "criterion",
    "exclusion",
    "running_since",
    "transition_until",
    "benefit_cap",
    "benefit_cap_episode",
    "waits_since",
    "membership_stops",
    "reason_code",
    "newborn_until",
    "emergency_report_hours",
    "lifted_until",
)
_DAYS = {
    *("day", "scheme_starts", "status_on", "moved_in", "waits_since", "waiting_until", "birth_date", "registered_on"),
    *(
        "membership_stops",
        "newborn_until",
        "jkn_until",
        "registry_date",
        "jkn_date",
        "running_since",
        "transition_until",
        "lifted_until",
    ),
    *("grace_until", "special_until"),
}

LIFTED_BY_DINKES = gettext_noop(
    "Lifted until %(lifted_until)s by decision of Dinkes, while the data are being corrected."
)
LANGUAGES = ("id", "en")
SAID_TO_THE_COVERED = {rule.key for rule in RULES if rule.when_covered}
_PLACE = re.compile(r"%\((\w+)\)s")
_DATES = {Source.REGISTRY: "registry_date", Source.JKN: "jkn_date"}
_LABELS = {
    "complement": Complement,
    "criterion": EmergencyCriterion,
    "exclusion": Exclusion,
    "reason_code": EnrolmentReason,
}
_MONEY = {"benefit_cap", "benefit_cap_episode"}
_SENTIMENTS = {
    Effect.BLOCKS: "bad",
    Effect.WITHHOLDS: "bad",
    Effect.WARNS: "warn",
    Effect.INFORMS: "info",
    Effect.GRANTS: "ok",
}


@lru_cache(maxsize=256)
def _template(msgid, language):
    with override(language):
        return gettext(msgid)


def _date(text):
    return datetime.date.fromisoformat(text) if text else None


def _word(name, value, language):
    if value is None or value == "":
        return formats.NOTHING
    if name in _DAYS:
        with override(language):
            return formats.day(_date(value))
    if name in _LABELS:
        with override(language):
            return str(_LABELS[name](value).label)
    if name in _MONEY:
        return formats.rupiah(value)
    return value


@cache
def places(msgid):
    """Names of the facts a message mentions."""
    return tuple(_PLACE.findall(msgid))


def _sentence(msgid, values, language):
    text = _template(msgid, language)
    return text % {name: _word(name, value, language) for name, value in values} if values else text


@dataclass(frozen=True)
class Reason:
    """One rule and what it says of the person. ``effect`` is an Effect, empty for a condition that is met (``passed``)."""

    rule: str
    blocking: bool
    passed: bool
    message_id: str
    message_en: str
    law: str
    source_code: str
    source_date: datetime.date | None
    effect: str = ""

    @property
    def message(self):
        return self.message_en if get_language() == "en" else self.message_id

    @property
    def source(self):
        return Source(self.source_code).label

    @property
    def source_at(self):
        return self.source_date

    @property
    def sentiment(self):
        """Colour for ``{% reasons %}``."""
        return "ok" if self.passed else _SENTIMENTS[self.effect]

    @cached_property
    def plain(self):
        """Plain values. One Reason serves many people: do not change what you get here."""
        return {
            "rule": self.rule,
            "blocking": self.blocking,
            "effect": self.effect,
            "message_id": self.message_id,
            "message_en": self.message_en,
            "law": self.law,
            "source": self.source_code,
            "source_date": self.source_date.isoformat() if self.source_date else None,
        }

    @cached_property
    def text(self):
        """The same as JSON."""
        return json.dumps(self.plain)


@dataclass(frozen=True)
class Evaluation:
    """The decision on one person for a day and a service. ``reasons`` are all rules that have something to say, in order.

    ``told`` are the facts they were judged by, as plain values; ``next_change_on`` is the first day on which the answer may be
    another.
    """

    decision: Decision
    headline_rule: str
    reasons: tuple[Reason, ...]
    on: datetime.date
    service: str
    resident_id: int | None = None
    scheme_id: int | None = None
    scheme_code: str | None = None
    next_change_on: datetime.date | None = None
    told: dict = field(default_factory=dict)

    @property
    def covered(self):
        return self.decision.covered

    @property
    def guaranteed(self):
        """Covered, and nothing withholds this service at this facility (referral, contract)."""
        return self.covered and not any(reason.effect == Effect.WITHHOLDS for reason in self.reasons)

    @cached_property
    def facts(self):
        """What is frozen of the person, days as dates."""
        return {k: _date(self.told.get(k)) if k in _DAYS else self.told.get(k) for k in FROZEN}

    @cached_property
    def headline(self):
        """The reason that decided."""
        return next(r for r in self.reasons if r.rule == self.headline_rule and not r.passed)

    @property
    def applying(self):
        return [reason for reason in self.reasons if not reason.passed]

    @property
    def met(self):
        return [reason for reason in self.reasons if reason.passed]

    def as_json(self):
        """Plain values, as ``manage.py coverage`` prints and an SJP freezes them. Holds no NIK and no name."""
        return self._plain() | {
            "reasons": [reason.plain for reason in self.applying],
            "passed": [reason.plain for reason in self.met],
        }

    def as_text(self, **beside):
        """The same as JSON, with the plain values ``beside``. Each reason is written once for all whom it is told."""
        lists = {"reasons": self.applying, "passed": self.met}
        told = [f'"{name}": [{", ".join([reason.text for reason in found])}]' for name, found in lists.items()]
        return f"{json.dumps(beside | self._plain())[:-1]}, {', '.join(told)}}}"

    def _plain(self):
        return {
            "on": self.on.isoformat(),
            "service": self.service,
            "scheme": self.scheme_code,
            "decision": self.decision.value,
            "headline_rule": self.headline_rule,
            "next_change_on": self.next_change_on.isoformat() if self.next_change_on else None,
            "facts": {name: self.told.get(name) for name in FROZEN},
        }


def thaw(frozen):
    """The reasons of a decision frozen by ``as_json``, met conditions included, in the order of the table."""
    order = {rule.code: place for place, rule in reversed(list(enumerate(RULES)))}
    reasons = [_thawed(data, passed=False) for data in frozen["reasons"]]
    reasons += [_thawed(data, passed=True) for data in frozen["passed"]]
    return sorted(reasons, key=lambda reason: order[reason.rule])


def _thawed(data, *, passed):
    values = dict(data)
    day = values.pop("source_date")
    return Reason(
        **{key: value for key, value in values.items() if key != "source"},
        passed=passed,
        source_code=values["source"],
        source_date=datetime.date.fromisoformat(day) if day else None,
    )


@dataclass(frozen=True, eq=False)
class _Mention:
    """A rule to be mentioned, and the facts its words need. Equal to itself alone: a quick key."""

    rule: Rule
    effect: str
    passed: bool
    msgids: tuple[str, ...]
    names: tuple[str, ...]

    @classmethod
    @cache
    def of(cls, rule, *, effect="", passed=False, lifted=False):
        msgids = (rule.passed if passed else rule.message, *([LIFTED_BY_DINKES] if lifted else ()))
        return cls(rule, str(effect), passed, msgids, tuple(name for msgid in msgids for name in places(msgid)))

    def reason(self, facts):
        values = tuple([facts.get(name) for name in self.names])
        return _said(self, values, facts.get(_DATES.get(self.rule.source, "day")))


@lru_cache(maxsize=10_000)
def _said(mention, values, day):
    """What was said to one person is often said to the next: most look-ups build no sentence at all."""
    rule, named = mention.rule, tuple(zip(mention.names, values, strict=True))
    message_id, message_en = (
        " ".join(_sentence(msgid, named, language) for msgid in mention.msgids) for language in LANGUAGES
    )
    blocking = mention.effect == Effect.BLOCKS
    return Reason(
        rule.code,
        blocking,
        mention.passed,
        message_id,
        message_en,
        rule.law,
        rule.source.value,
        _date(day),
        mention.effect,
    )


@lru_cache(maxsize=10_000)
def _judged(blocker, granted, *arrays):
    """The rule that decides, and the mentions that follow from the places ``blocker`` and ``granted`` in the ``arrays``."""
    outcomes = {
        rule.key: outcome
        for rules, found in zip(ARRAYS.values(), arrays, strict=True)
        for rule, outcome in zip(rules, found, strict=True)
    }
    headline = GRANTS[granted - 1] if blocker is None else BLOCKERS[blocker - 1]
    silent = {rule.key for rule in GRANTS if rule is not headline}
    if blocker is not None:
        silent |= SAID_TO_THE_COVERED
    said = {rule.code for rule in RULES if outcomes[rule.key]}
    mentions = []
    for rule in RULES:
        outcome = outcomes[rule.key]
        if outcome and rule.key not in silent:
            effect = Effect.WARNS if outcome in (WAIVED, LIFTED) else rule.effect
            mentions.append(_Mention.of(rule, effect=effect, lifted=outcome == LIFTED))
        elif rule.passed and rule.code not in said:
            mentions.append(_Mention.of(rule, passed=True))
    return headline, tuple(mentions)


def from_row(row, asked):
    """The Evaluation of one row of ``single.verdict`` for the question ``asked``."""
    told = row["told"]
    headline, mentions = _judged(row["blocker"], row["granted"], *(tuple(row[name]) for name in ARRAYS))
    return Evaluation(
        decision=headline.decision,
        headline_rule=headline.code,
        reasons=tuple([mention.reason(told) for mention in mentions]),
        on=asked["day"],
        service=asked["service"],
        resident_id=row["resident_id"],
        scheme_id=row["scheme_id"],
        scheme_code=told["scheme_code"],
        next_change_on=row["next_change_on"],
        told=told,
    )


def not_found(*, on, service, scheme):
    """The Evaluation of a NIK that the registry does not know (C02): nothing else can be judged."""
    reason = _Mention.of(NOT_FOUND, effect=Effect.BLOCKS).reason({"day": on.isoformat()})
    return Evaluation(
        Decision.EXCLUDED_NIK_TIDAK_DITEMUKAN,
        "C02",
        (reason,),
        on,
        service,
        scheme_id=scheme.pk if scheme else None,
        scheme_code=scheme.code if scheme else None,
    )
