"""CLN: codes that exist and fit the patient (domain.md D5).

The lists of codes one sex only can have follow ICD-10 volume 2, chapter 4.2.4 (categories limited to one sex), without those
the book calls merely "more likely"; procedures by chapter of ICD-9-CM.
"""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule
from claims.rules.sql import evidence

FEMALE = (
    "A34 C51-C58 D06 D25-D28 D39 E28 F53 N70-N77 N80-N98 O00-O99 Q50-Q52 R87 Z32-Z37 Z39 "
    "D07.0-D07.3 L29.2 N99.2-N99.3 S31.4 S37.4-S37.6 T19.2-T19.3 T83.3 Z12.4 65-75"
)
MALE = "C60-C63 D29 D40 E29 N40-N51 Q53-Q55 R86 B26.0 D07.4-D07.6 F52.4 I86.1 L29.1 S31.2-S31.3 Z12.5 60-64"
NEWBORN_DAYS = 28
CHILDBEARING_AGE = (10, 55)


def expanded(ranges):
    """``C51-C53 L29.2`` -> ``[C51, C52, C53, L29.2]``: categories, subcategories, and procedures by their first two digits."""
    codes = []
    for part in ranges.split():
        first, _dash, last = part.partition("-")
        head = first.rstrip("0123456789")
        width = len(first) - len(head)
        numbers = range(int(first[len(head) :]), int((last or first)[len(head) :]) + 1)
        codes += [f"{head}{number:0{width}d}" for number in numbers]
    return codes


def _among(ranges):
    """SQL: the code ``x.code`` lies in one of the categories. A list of constants is looked up by hash, not one by one."""
    codes = ", ".join(f"'{code}'" for code in expanded(ranges))
    return f"left(x.code, CASE WHEN x.is_procedure THEN 2 ELSE 3 END) IN ({codes}) OR left(x.code, 5) IN ({codes})"


def _codes(condition):
    """Join ``hit``: for each claim its codes that fulfil the SQL ``condition`` (``x``, see ``claims.rules.facts``)."""
    return f"""JOIN (SELECT x.claim_id, string_agg(x.code, ', ') AS codes FROM claim_codes x
                      WHERE {condition} GROUP BY x.claim_id) hit ON hit.claim_id = f.id"""


# The list e-Klaim uses has a fifth character (site, open or closed, activity) in these chapters, the WHO edition has not.
_FIFTH = "x.code ~ '^[MSTV-Y].{5}$' AND EXISTS (SELECT FROM facilities_diagnosis d WHERE d.code = left(x.code, 5))"
_UNKNOWN = f"""
    NOT x.is_procedure AND NOT EXISTS (SELECT FROM facilities_diagnosis d WHERE d.code = x.code) AND NOT ({_FIFTH})
    OR x.is_procedure AND NOT EXISTS (SELECT FROM facilities_procedure p WHERE p.code = x.code)"""
VALID_CODE = Rule(
    code="CLN-01",
    severity=Severity.REJECT,
    message=_("Code not valid: %(codes)s. Use ICD-10 and ICD-9-CM of 2010."),
    source="Permenkes 26/2021; openIMIS 8",
    via=_codes(_UNKNOWN),
    when="true",
    evidence=evidence(codes="hit.codes"),
)
SEX = Rule(
    code="CLN-02",
    severity=Severity.REJECT,
    message=_("Does not fit the patient's sex: %(codes)s."),
    source="ICD-10 volume 2, 4.2.4; Permenkes 16/2019; openIMIS 4",
    via=_codes(f"x.sex = 1 AND ({_among(FEMALE)}) OR x.sex = 2 AND ({_among(MALE)})"),
    when="true",
    evidence=evidence(codes="hit.codes"),
)
_PERINATAL = f"left(x.code, 1) = 'P' AND x.admitted_on - x.birth_date > {NEWBORN_DAYS}"
_OBSTETRIC = f"""left(x.code, 1) = 'O' AND extract(year FROM age(x.admitted_on, x.birth_date))
    NOT BETWEEN {CHILDBEARING_AGE[0]} AND {CHILDBEARING_AGE[1]}"""
AGE = Rule(
    code="CLN-03",
    severity=Severity.PEND,
    message=_("Does not fit the patient's age (born on %(birth)s): %(codes)s."),
    source="E-Klaim ungroupable causes; openIMIS 4",
    via=_codes(f"{_PERINATAL} OR {_OBSTETRIC}"),
    when="true",
    evidence=evidence(birth="f.birth_date", codes="hit.codes"),
)

RULES = (VALID_CODE, SEX, AGE)
