"""SQL generated from the table of rules: the verdict on one person, on a family, on the city.

``facts`` (what is known) -> ``checked`` (what each rule says of it) -> ``judged`` (what decides, when it may change).

The answers of the rules travel in three arrays, one a kind of rule: what a look-up costs is mostly PostgreSQL setting up
expressions, and a column passed from one level to the next is one.
"""

from functools import cache

from participants.eligibility.rules import RULES, Effect
from participants.models.office import LIFTABLE

BLOCKERS = tuple(rule for rule in RULES if rule.effect == Effect.BLOCKS)
GRANTS = tuple(rule for rule in RULES if rule.effect == Effect.GRANTS)
REMARKS = tuple(rule for rule in RULES if rule.effect not in (Effect.BLOCKS, Effect.GRANTS))
ARRAYS = {"blockers": BLOCKERS, "grants": GRANTS, "remarks": REMARKS}

# What a rule says; NULL where it does not apply. A rule is LIFTED for one person, by Dinkes (``participants.overrides``).
APPLIES, WAIVED, LIFTED = 1, 2, 3


def _check(rule):
    exceptions = f" WHEN {rule.unless} THEN {WAIVED}" if rule.unless else ""
    if rule.code in LIFTABLE:
        exceptions += f" WHEN '{rule.code}' = ANY (lifted) THEN {LIFTED}"
    outcome = f"CASE{exceptions} ELSE {APPLIES} END" if exceptions else APPLIES
    return f"CASE WHEN {rule.applies} THEN {outcome} END"


def _array(name):
    checks = ",\n                 ".join(map(_check, ARRAYS[name]))
    return f"ARRAY[{checks}] AS {name}"


def _changes():
    """The next day after the one asked for on which a fact of any rule turns."""
    dates = [*(rule.changes for rule in RULES if rule.changes), "lifted_until + 1"]
    return "least(" + ",\n                ".join(f"CASE WHEN {d} > day THEN {d} END" for d in dates) + ")"


@cache
def judged(people):
    """Common tables from ``facts.narrow`` or ``facts.wide`` on to ``judged``.

    That has the facts, the arrays, ``blocker`` and ``granted`` (places in them), ``turns_on``.
    """
    return f"""{people},
checked AS (
    SELECT facts.*, {_changes()} AS turns_on,
           {_array("blockers")},
           {_array("grants")},
           {_array("remarks")}
      FROM facts OFFSET 0
),
judged AS (
    SELECT checked.*, array_position(blockers, {APPLIES}) AS blocker, array_position(grants, {APPLIES}) AS granted
      FROM checked
)"""


def next_change():
    """The person's next turning point, or the day on which a source becomes too old, as an expression over ``judged``."""
    sources = (
        f"CASE WHEN NOT {source}_is_stale AND {source}_expires_on >= day THEN {source}_expires_on END"
        for source in ("registry", "jkn")
    )
    return f"least(turns_on, {', '.join(sources)})"


def _literals(values):
    return "(ARRAY[" + ", ".join(f"'{value}'" for value in values) + "])"


def decision():
    """The decision as an expression over ``judged``."""
    of_blockers, of_grants = (_literals(rule.decision for rule in rules) for rules in (BLOCKERS, GRANTS))
    return f"coalesce({of_blockers}[blocker], {of_grants}[granted])"


def headline():
    """The code of the rule that decides, as an expression over ``judged``."""
    of_blockers, of_grants = (_literals(rule.code for rule in rules) for rules in (BLOCKERS, GRANTS))
    return f"coalesce({of_blockers}[blocker], {of_grants}[granted])"


def _mentioned(rule):
    """When a rule is mentioned: what excludes or withholds always, what covers if it decides, remarks for the covered to them."""
    for name, rules in ARRAYS.items():
        if rule in rules:
            place = rules.index(rule) + 1
            if rules is GRANTS:
                return f"blocker IS NULL AND granted = {place}"
            return f"{name}[{place}] IS NOT NULL" + (" AND blocker IS NULL" if rule.when_covered else "")
    raise KeyError(rule.key)


def codes():
    """Array of the codes mentioned, each once, in the order of the table."""
    mentioned = {}
    for rule in RULES:
        mentioned.setdefault(rule.code, []).append(_mentioned(rule))
    cases = ", ".join(
        f"CASE WHEN {' OR '.join(conditions)} THEN '{code}' END" for code, conditions in mentioned.items()
    )
    return f"array_remove(ARRAY[{cases}], NULL)::varchar[]"
