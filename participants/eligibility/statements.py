"""SQL generated from the table of rules: the verdict on one person, on a family, on the city.

facts -> checked (one boolean a rule) -> judged (what blocks, what grants) -> decided
"""

from functools import cache

from participants.eligibility.facts import facts
from participants.eligibility.rules import RULES, Effect

BLOCKERS = [rule for rule in RULES if rule.effect == Effect.BLOCKS]
GRANTS = [rule for rule in RULES if rule.effect == Effect.GRANTS]


def _blocks(rule):
    return f"{rule.column} AND ({rule.unless}) IS NOT TRUE" if rule.unless else rule.column


def _checked():
    return ",\n           ".join(f"({rule.applies}) IS TRUE AS {rule.column}" for rule in RULES)


def _first(rules, condition, result):
    """CASE over rules in their order; NULL when none holds."""
    return "CASE " + "\n                ".join(f"WHEN {condition(r)} THEN '{result(r)}'" for r in rules) + " END"


def _changes():
    """The next day after the one asked for on which a fact of any rule turns."""
    dates = [rule.changes for rule in RULES if rule.changes]
    return "least(" + ",\n                ".join(f"CASE WHEN {d} > day THEN {d} END" for d in dates) + ")"


@cache
def judged(*, who, narrow=True):
    """Common tables up to ``judged``: facts, one column a rule, ``blocker`` and ``headline`` (keys of rules), ``turns_on``."""
    return f"""{facts(who=who, narrow=narrow)},
checked AS (
    SELECT facts.*,
           {_checked()}
      FROM facts OFFSET 0
),
blocked AS (
    SELECT checked.*,
           {_first(BLOCKERS, _blocks, lambda rule: rule.key)} AS blocker
      FROM checked OFFSET 0
),
judged AS (
    SELECT blocked.*,
           coalesce(blocker, {_first(GRANTS, lambda rule: rule.column, lambda rule: rule.key)}) AS headline,
           {_changes()} AS turns_on
      FROM blocked
)"""


def decision():
    """The decision as an expression over ``headline``."""
    cases = " ".join(f"WHEN '{rule.key}' THEN '{rule.decision}'" for rule in (*BLOCKERS, *GRANTS))
    return f"CASE headline {cases} END"


def _array(cases):
    return f"array_remove(ARRAY[{', '.join(cases)}], NULL)"


def _said(rule):
    """When a rule that applies is mentioned: remarks for the covered are left out of an exclusion."""
    silent = rule.when_covered or rule.effect == Effect.GRANTS
    return f"{rule.column} AND blocker IS NULL" if silent else rule.column


def applying():
    """Keys of the rules that apply."""
    return _array(f"CASE WHEN {_said(rule)} THEN '{rule.key}' END" for rule in RULES)


def applying_codes():
    """Codes of the rules that apply, each once."""
    codes = {}
    for rule in RULES:
        codes.setdefault(rule.code, []).append(f"({_said(rule)})")
    return _array(f"CASE WHEN {' OR '.join(conditions)} THEN '{code}' END" for code, conditions in codes.items())


def waived():
    """Keys of the rules that apply but only warn, because of their ``unless``."""
    return _array(f"CASE WHEN {r.column} AND ({r.unless}) THEN '{r.key}' END" for r in RULES if r.unless)
