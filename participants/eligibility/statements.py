"""SQL generated from the table of rules: the verdict on one person, on a family, on the city.

``facts`` (what is known) -> ``checked`` (one column a rule) -> ``judged`` (what blocks, what grants, when it may change)
"""

from functools import cache

from participants.eligibility import facts
from participants.eligibility.rules import RULES, Effect

BLOCKERS = [rule for rule in RULES if rule.effect == Effect.BLOCKS]
GRANTS = [rule for rule in RULES if rule.effect == Effect.GRANTS]

# Value of a rule's column; NULL where the rule does not apply.
APPLIES, WAIVED = 1, 2


def _check(rule):
    outcome = f"CASE WHEN {rule.unless} THEN {WAIVED} ELSE {APPLIES} END" if rule.unless else APPLIES
    return f"CASE WHEN {rule.applies} THEN {outcome} END AS {rule.column}"


def _first(rules):
    """The key of the first of ``rules`` that applies and is not waived; NULL when none does."""
    return "CASE " + "\n                ".join(f"WHEN {r.column} = {APPLIES} THEN '{r.key}'" for r in rules) + " END"


def _changes():
    """The next day after the one asked for on which a fact of any rule turns."""
    dates = [rule.changes for rule in RULES if rule.changes]
    return "least(" + ",\n                ".join(f"CASE WHEN {d} > day THEN {d} END" for d in dates) + ")"


@cache
def judged(*, who, narrow=True):
    """Common tables up to ``judged``: facts, one column a rule, ``blocker`` and ``headline`` (keys of rules), ``turns_on``."""
    people = facts.narrow(who) if narrow else facts.wide(who)
    checks = ",\n           ".join(map(_check, RULES))
    return f"""{people},
checked AS (
    SELECT facts.*,
           {checks}
      FROM facts OFFSET 0
),
judged AS (
    SELECT checked.*, blocker, coalesce(blocker, {_first(GRANTS)}) AS headline, {_changes()} AS turns_on
      FROM checked CROSS JOIN LATERAL (SELECT {_first(BLOCKERS)} AS blocker OFFSET 0) first
)"""


def decision():
    """The decision as an expression over ``headline``."""
    cases = " ".join(f"WHEN '{rule.key}' THEN '{rule.decision}'" for rule in (*BLOCKERS, *GRANTS))
    return f"CASE headline {cases} END"


def _said(rule):
    """Whether a rule that applies is mentioned: remarks for the covered are left out of an exclusion."""
    return " AND blocker IS NULL" if rule.when_covered or rule.effect == Effect.GRANTS else ""


def checks():
    """The columns of the rules as a select list; what is not to be mentioned is NULL."""
    return ", ".join(
        f"CASE WHEN blocker IS NULL THEN {r.column} END AS {r.column}" if _said(r) else r.column for r in RULES
    )


def codes():
    """Array of the codes that apply, each once."""
    said = {}
    for rule in RULES:
        said.setdefault(rule.code, []).append(f"({rule.column} IS NOT NULL{_said(rule)})")
    cases = ", ".join(f"CASE WHEN {' OR '.join(conditions)} THEN '{code}' END" for code, conditions in said.items())
    return f"array_remove(ARRAY[{cases}], NULL)::varchar[]"
