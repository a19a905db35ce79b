"""CLN: codes that exist and fit the patient (domain.md D5).

The lists of codes one sex only can have follow ICD-10 volume 2, chapter 4.2.4 (categories limited to one sex), without those
the book calls merely "more likely"; procedures by chapter of ICD-9-CM.
"""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule
from claims.rules.sql import evidence

# Codes of women and of men only: diagnoses by letter, procedures by number.
FEMALE = (
    "A34|C5[1-8]|D06|D07[.][0-3]|D2[5-8]|D39|E28|F53|L29[.]2|N7[0-7]|N8|N9[0-8]|N99[.][23]|O|Q5[0-2]|R87|S31[.]4|"
    "S37[.][4-6]|T19[.][23]|T83[.]3|Z12[.]4|Z3[2-7]|Z39|6[5-9][.]|7[0-5][.]"
)
MALE = (
    "B26[.]0|C6[0-3]|D07[.][4-6]|D29|D40|E29|F52[.]4|I86[.]1|L29[.]1|N4|N5[01]|Q5[3-5]|R86|S31[.][23]|Z12[.]5|6[0-4][.]"
)
NEWBORN_DAYS = 28
CHILDBEARING_AGE = (10, 55)


def _codes(column, condition):
    """Join ``hit``: for each claim the codes of the list in ``column`` that fulfil ``condition`` over ``code.value``."""
    return f"""JOIN (
        SELECT x.id, string_agg(code.value, ', ') AS codes
          FROM claim_facts x CROSS JOIN LATERAL jsonb_array_elements_text({column}) code
         WHERE {condition} GROUP BY x.id) hit ON hit.id = f.id"""


# The list e-Klaim uses has a fifth character (site, open or closed, activity) in these chapters, the WHO edition has not.
_UNKNOWN = """
    NOT EXISTS (SELECT FROM facilities_diagnosis d WHERE d.code = code.value)
    AND NOT (code.value ~ '^[MSTV-Y].{5}$' AND EXISTS (SELECT FROM facilities_diagnosis d WHERE d.code = left(code.value, 5)))"""
_BOTH_LISTS = """JOIN (
    SELECT id, string_agg(value, ', ') AS codes FROM (
        SELECT x.id, code.value FROM claim_facts x CROSS JOIN LATERAL jsonb_array_elements_text(x.diagnoses) code
         WHERE {unknown}
        UNION ALL
        SELECT x.id, code.value FROM claim_facts x CROSS JOIN LATERAL jsonb_array_elements_text(x.procedures) code
         WHERE NOT EXISTS (SELECT FROM facilities_procedure p WHERE p.code = code.value)) wrong
     GROUP BY id) hit ON hit.id = f.id"""

VALID_CODE = Rule(
    code="CLN-01",
    severity=Severity.REJECT,
    message=_("Code not valid: %(codes)s. Use ICD-10 and ICD-9-CM of 2010."),
    source="Permenkes 26/2021; openIMIS 8",
    via=_BOTH_LISTS.format(unknown=_UNKNOWN),
    when="true",
    evidence=evidence(codes="hit.codes"),
)
_OTHER_SEX = f"code.value ~ CASE x.sex WHEN 1 THEN '^({FEMALE})' ELSE '^({MALE})' END"
SEX = Rule(
    code="CLN-02",
    severity=Severity.REJECT,
    message=_("Does not fit the patient's sex: %(codes)s."),
    source="ICD-10 volume 2, 4.2.4; Permenkes 16/2019; openIMIS 4",
    via=_codes("x.diagnoses || x.procedures", _OTHER_SEX),
    when="true",
    evidence=evidence(codes="hit.codes"),
)
_PERINATAL = f"code.value ~ '^P' AND x.admitted_on - x.birth_date > {NEWBORN_DAYS}"
_OBSTETRIC = f"""code.value ~ '^O' AND extract(year FROM age(x.admitted_on, x.birth_date))
    NOT BETWEEN {CHILDBEARING_AGE[0]} AND {CHILDBEARING_AGE[1]}"""
AGE = Rule(
    code="CLN-03",
    severity=Severity.PEND,
    message=_("Does not fit the patient's age (born on %(birth)s): %(codes)s."),
    source="E-Klaim ungroupable causes; openIMIS 4",
    via=_codes("x.diagnoses", f"({_PERINATAL} OR {_OBSTETRIC})"),
    when="true",
    evidence=evidence(birth="f.birth_date", codes="hit.codes"),
)

RULES = (VALID_CODE, SEX, AGE)
