"""Findings in words. Evidence is kept as facts; the sentence is made when somebody reads it, in the reader's language."""

import re

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import LineKind, OtherSource
from claims.rules.catalogue import BY_CODE
from ksb.core import formats
from participants.enums import Decision

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CODES = {"payer": OtherSource, "part": LineKind}
SEGMENTS = {21: gettext_lazy("PBI paid by the state (APBN)"), 22: gettext_lazy("PBI paid by the region (APBD)")}

# Codes in the evidence's ``details``: what exactly is wrong and what to do. Placeholders are keys of the evidence.
DETAILS = {
    # ADM-01: a cell
    "missing": gettext_lazy("it is empty"),
    "whole": gettext_lazy("write a whole number, digits only"),
    "choice": gettext_lazy("allowed are %(choices)s"),
    "money": gettext_lazy("write whole rupiah, digits only"),
    "rounded": gettext_lazy("Excel has rounded this number: export the file from e-Klaim again"),
    "day": gettext_lazy("write the date as dd/mm/yyyy"),
    "width": gettext_lazy("the row has %(cells)s columns, the header %(columns)s: export the file again"),
    # ADM-12: days of the row
    "ends_before_it_starts": gettext_lazy("discharged on %(to)s, before the admission on %(from)s"),
    "future": gettext_lazy("the discharge on %(to)s lies in the future"),
    "before_birth": gettext_lazy("admitted before the birth on %(birth)s"),
    "los": gettext_lazy("LOS says %(los)s, but %(from)s to %(to)s are %(days)s days"),
    "age": gettext_lazy("UMUR_HARI says %(age)s, but somebody born on %(birth)s was %(age_days)s days old"),
    # ADM-02: the letter
    "no_letter": gettext_lazy("no SJP of your hospital bears this number; link the SJP by hand or correct the number"),
    "letter_issued": gettext_lazy("it was never registered as used at your hospital"),
    "letter_cancelled": gettext_lazy("it was cancelled"),
    "letter_expired": gettext_lazy("it expired unused"),
    "letter_revoked": gettext_lazy("it was revoked by Dinkes"),
    "letter_closed": gettext_lazy("it is closed"),
    "other_patient": gettext_lazy("it was issued for another patient"),
    # ADM-09: against the registry
    "name": gettext_lazy("name"),
    "sex": gettext_lazy("sex"),
    "birth": gettext_lazy("date of birth"),
    # ADM-10: the numbers
    "nik_birth": gettext_lazy("the date of birth inside the NIK differs from the registry"),
    "nik_sex": gettext_lazy("the sex inside the NIK differs from the registry"),
    "card_length": gettext_lazy("NOKARTU has %(digits)s digits, a NIK has 16"),
    "card_rounded": gettext_lazy("Excel has rounded NOKARTU"),
    "card_other": gettext_lazy("NOKARTU is not the NIK on the SJP"),
    # ADM-11
    "no_death": gettext_lazy("neither the discharge nor the registry says when the patient died"),
    "no_police_report": gettext_lazy("the number of the police report (LP) is missing"),
    # ADM-13: the sums
    "costs": gettext_lazy("the cost columns add up to %(cost_sum)s, TARIF_RS says %(bill)s"),
    "parts": gettext_lazy("the parts of the tariff add up to %(parts)s, TOTAL_TARIF says %(claimed)s"),
    # ELG-05
    "moved": gettext_lazy("no longer in the city's registry since %(gone)s"),
    "waiting": gettext_lazy("resident since %(since)s, the waiting period is %(months)s months"),
    # ELG-10
    "payer_unanswered": gettext_lazy("attach its letter"),
    "payer_bears": gettext_lazy("it bears %(borne)s, the programme pays the rest"),
    # REF-03
    "no_notice": gettext_lazy("the hospital did not report one"),
    "other_diagnosis": gettext_lazy("it was reported with %(working)s, the diagnoses of the claim are of another kind"),
    # REF-06
    "no_control": gettext_lazy("there is no control letter and no internal referral"),
    "other_day": gettext_lazy("the control letter says %(planned)s"),
    # CTR-01
    "no_contract": gettext_lazy("no agreement in force"),
    "service_not_included": gettext_lazy("the agreement does not include this service"),
    # TRF-01
    "error_group": gettext_lazy(
        "the grouper could not group this claim; correct diagnoses and procedures and group again"
    ),
    "no_tariff": gettext_lazy("the tariff table of your hospital's class does not hold it"),
    # CLN-04, CLN-06, CLN-11
    "short_stay": gettext_lazy("it lasted less than %(hours)s hours"),
    "long_stay": gettext_lazy("%(days)s days, of group %(code)s nineteen in twenty stay %(usual)s days or less"),
    "other_main": gettext_lazy("the claim says %(main)s, the summary %(said)s"),
    "unsupported": gettext_lazy("the summary does not name %(extra)s"),
    "too_many_sessions": gettext_lazy("%(sessions)s sessions, the scheme allows %(most)s"),
    "two_hospitals": gettext_lazy("another one on the same day at %(hospital)s"),
    # DUP-07
    "same_person": gettext_lazy("claim %(number)s is for somebody of the same name, sex and date of birth"),
    "former_nik": gettext_lazy("the number on the claim was another resident's NIK"),
}


def sentence(code, evidence):
    """What the rule ``code`` found, in the active language: its message filled with the evidence."""
    rule = BY_CODE[code]
    shown = {key: _shown(key, value, rule.money) for key, value in evidence.items()}
    shown["details"] = "; ".join(str(DETAILS[code]) % shown for code in evidence.get("details", ()))
    if not shown.get("field", True):
        shown["field"] = _("number of columns")
    return str(rule.message) % shown


def _shown(key, value, money):
    if key == "decision":
        return Decision(value).label if value in Decision.values else value
    if key == "segment":
        return SEGMENTS.get(value, _("JKN (participant type %(code)s)") % {"code": value})
    if key in CODES and value in CODES[key].values:
        return CODES[key](value).label
    if key in money:
        return formats.rupiah(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        return formats.day(parse_date(value))
    return formats.NOTHING if value in (None, "") else value
