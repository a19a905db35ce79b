"""The table of who is covered and why: one record a rule, in the order of precedence.

``applies`` is the rule's one SQL condition over the facts of a person (``facts.py``). The same text judges a single look-up
and the whole city. All rules are evaluated; the first that blocks gives the headline, else the first that grants.
``docs/eligibility.md`` is generated from this table.
"""

from participants.eligibility.rules import care, grounds, payers, person
from participants.eligibility.rules.rule import (
    GUIDE,
    PERDA,
    PERPRES,
    Cause,
    Complement,
    Effect,
    EmergencyCriterion,
    Exclusion,
    Rule,
    Source,
)

RULES = (*person.RULES, *payers.RULES, *grounds.RULES, *care.RULES)
BY_KEY = {rule.key: rule for rule in RULES}
NOT_FOUND = BY_KEY["C02"]

__all__ = [
    "BY_KEY",
    "GUIDE",
    "NOT_FOUND",
    "PERDA",
    "PERPRES",
    "RULES",
    "Cause",
    "Complement",
    "Effect",
    "EmergencyCriterion",
    "Exclusion",
    "Rule",
    "Source",
]
