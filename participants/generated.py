"""docs/eligibility.md, written from the table of rules, and docs/parameters.md, written from the parameters of a version."""

from dataclasses import fields

from django.utils.translation import gettext, override

from ksb.core.scheme import Parameters
from participants.eligibility.rules import RULES, Effect
from participants.scheme_grounds import GROUNDS
from participants.scheme_labels import LABELS

HEAD = """# Who is covered, and why

Written by `make docs` from `participants/eligibility/rules.py`; a test compares it. Do not edit.

Every question (a clerk's look-up, a letter, a program's call, the city's list at night) is answered by this one table, under
the version of the rules in force on the day of service. All rules are evaluated. The first that excludes, in this order, gives
the headline; if none does, the first that covers. `manage.py coverage NIK` prints the answer.

How the facts are read:

- **Residence** comes from the registry's address and its date of arrival, never from the digits of a NIK. Who was
  registered within 60 days of birth was born here: no waiting period. Somebody who left counts as a resident until
  the day before.
- **The waiting period** ends on the same day of the month after so many months, or on the last day of a shorter
  month.
- **A newborn** (28 days) waits as its mother waits, and is PBI or JKN as she is. Service `NEWBORN` asked for a woman
  is a question about her child that has no NIK yet.
- **Adult** is who has had the 17th birthday (28 February for 29 February) or is or was married.
- **Cover elsewhere** counts from the first to the last day told, the last included (`tat_inclusive`), with status 0
  only. Who stood on the last monthly PBI list counts as a member until the next list is in.
- **What was believed at an earlier moment** of registry, membership and other cover can be replayed (`--known-at`).
- **Care that runs** is judged by the day it began; death and identity count by the day itself, a move out of the city
  after `transition_days`. The programme's end stops no care that runs.
- **Grounds of a person's own**: days of grace after leaving a registered KK for one that is not; a letter of Dinas Sosial;
  an outbreak or disaster by decree, by list or by area. They stand above neither death, identity nor residence.
- **What a desk tells of a case** (facility, referral, cause, class, category, sums, letters so far) adds its rows; what is
  not told is taken to be in order.
- **Data are as old** as the end of the day of their file, and at most as fresh as the moment they were taken in. Of
  the JKN lists in use the older one counts. A day in the past is not judged by the age the data have today.
- **Asked on line**, BPJS answers for one person and the day it was asked: this counts although the lists are old.
- **Lifted by Dinkes**: rules C02-C05, C07, C10 and C11 can be lifted for one person by two people for thirty days at most; such
  a rule warns and no longer excludes.
- **A referral or an agreement** that is missing withholds the service at that hospital; the person stays covered.

| rule | effect | decision | law | source | what is said (Indonesian) | what is said (English) | otherwise |
|---|---|---|---|---|---|---|---|
"""

TAIL = """
What turns an exclusion or a withheld service into a warning:

| rule | condition |
|---|---|
"""

PARAMETERS = """# Parameters of the programme

Written by `make docs` from `ksb/core/scheme.py`; a test compares it. Do not edit.

Every number and switch of the rules belongs to a version with its dates (**Administrasi → Aturan program**): one person enters a
new version, another puts it in force. Where a reason stands, no regulation settles the value: it is a default of the programme.
The others follow the regulation the version names.

| parameter | meaning | default | why, where no regulation says |
|---|---|---|---|
"""


def documents():
    """``{path below docs/: text}``."""
    return {
        "eligibility.md": HEAD + "".join(map(_row, RULES)) + TAIL + "".join(map(_waiver, RULES)),
        "parameters.md": PARAMETERS + "".join(map(_parameter, fields(Parameters))),
    }


def _parameter(field):
    value = ", ".join(field.default) if isinstance(field.default, tuple) else field.default
    with override("en"):
        return f"| `{field.name}` | {LABELS[field.name]} | `{value}` | {GROUNDS.get(field.name, '')} |\n"


def _in(language, text):
    with override(language):
        return gettext(text)


def _row(rule):
    effect = Effect(rule.effect).label
    decision = f"`{rule.decision}`" if rule.decision else ""
    passed = _in("en", rule.passed) if rule.passed else ""
    cells = (rule.code, effect, decision, rule.law, rule.source.label, _in("id", rule.message), _in("en", rule.message))
    return f"| {' | '.join(map(str, cells))} | {passed} |\n"


def _waiver(rule):
    return f"| {rule.code} | `{rule.unless}` |\n" if rule.unless else ""
