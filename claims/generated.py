"""docs/claim-rules.md, written from the catalogue."""

from django.utils.translation import override

from claims.enums import Severity
from claims.rules.catalogue import CATALOGUE, ON_ROWS, PATTERNS
from claims.rules.words import ABOUT

HEAD = """# The rules for claims

Written by `make docs` from `claims/rules/`; a test compares it. Do not edit.

A hospital hands in the text export of e-Klaim. Every row is judged by every rule of this table, and everything found
is told, not only the first finding. Each rule is one record with one condition in SQL, which runs alike over one
claim and over ten thousand. Rules judged on the **row** refuse it before there is a claim; rules judged on the
**claim** run when the file is taken in, again when the batch is submitted, whenever somebody names an SJP by hand, every
night for all claims nobody has decided on, and soon after a rule was changed. **Patterns** are looked for at night over
the claims of three months; they wait for a person, refuse nothing, and no hospital sees them.

How a rule is applied is data: on or off, its severity, its numbers, from a service day on, proposed by one person and put
in force by another (**Klaim → Aturan klaim**). What stands here is the version of the code, which holds where no such
setting does. Rules marked *always* guard the sums, the letter and the file itself: nobody switches them off. Which codes
belong to one sex, to an age, once in a lifetime, to a Puskesmas and so on stands with its source in
`claims/reference/clinical_lists.csv`.

| severity | what it does |
|---|---|
| R | the row is refused or its claim blocked: it stays visible, is not submitted, and is corrected by handing in its row again |
| P | the claim goes along; a verifier has to decide about it |
| W | the claim goes along with the remark |

Numbers follow the rule book (ADM, ELG, REF, CTR, TRF, CLN, DUP, FRD). Two are ours, for what a file can carry:
HOS-01, a row of another hospital, and PAY-01, a row for another payor. CTR-01 only asks (P) in an emergency.

| rule | severity | judged on | condition | numbers | what is said (Indonesian) | what is said (English) | source |
|---|---|---|---|---|---|---|---|
"""
TAIL = """
What the words in brackets stand for is kept with each finding as facts (dates, amounts, numbers of batches and
letters), and put into words when somebody reads it. How some rules read the facts:

- **ADM-02** A letter fits when it is one of this hospital, was used, and belongs to the patient: NOKARTU is the NIK
  or KK number on the letter, or name and date of birth agree. A mistyped or rounded NIK beside the right name and
  birth date is only remarked (ADM-10).
- **ADM-09** Names are compared without spaces, points and titles; a part of the name is enough.
- **ADM-13** e-Klaim's own sums: the cost columns make TARIF_RS (where the file has them), the parts of the tariff
  make TOTAL_TARIF. That LOS and UMUR_HARI follow from the dates is ADM-12, that the group is no error group is
  TRF-01.
- **ELG-01** The hospital may rely on the decision frozen with the letter. What became known later only asks (ELG-02,
  ELG-05).
- **CLN-01** Codes of chapters M, S, T and V-Y may have the fifth character of the Ministry's list.
- **DUP-01 to DUP-05** look at live claims of the same patient in other batches and at earlier rows of the same file.
  Blocked, withdrawn and returned claims stand in nobody's way. A haemodialysis letter covers a series: one claim a
  day.
- **DUP-02** Out of one hospital and into another on the same day is a transfer.
- **FRD-09** Costly is a claim of at least `high_cost`, or any stay of somebody registered as *other relative* or
  *other*.
"""


def documents():
    """``{path below docs/: text}``."""
    return {"claim-rules.md": HEAD + "".join(map(_row, CATALOGUE)) + TAIL}


def _row(rule):
    where = "row" if rule in ON_ROWS else "pattern" if rule in PATTERNS else "claim"
    with override("en"):
        about = str(ABOUT[rule.code])
        numbers = "; ".join(f"{one.label}: {one.value}" for one in rule.thresholds) or ("always" if rule.fixed else "")
    said = (_in("id", rule), _in("en", rule))
    cells = (rule.code, Severity(rule.severity).value, where, about, numbers, *said, rule.source)
    return f"| {' | '.join(cells)} |\n"


def _in(language, rule):
    with override(language):
        return rule.spoken
