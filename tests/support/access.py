"""Every address of the URLconf, and who may knock there: the ground of ``tests/test_access.py``.

The perimeters below are written from domain.md G1 and G2, not from the code they judge.
"""

import re
import uuid
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLResolver, get_resolver

from facilities.enums import Role as R

PUBLIC = {
    "login": "where everybody starts",
    "health": "asked by the load balancer; no details",
    "set_language": "a cookie, before and after the log-in",
    "resident:check": "residents have no account: KK, NIK and birth date open the page",
    "resident:family": "shows a family only to the session that was admitted",
    "resident:leave": "closes that session's page",
    **dict.fromkeys(
        (
            f"resident:{name}"
            for name in (
                "begin",
                "photo",
                "own_photo",
                "remove_photo",
                "review",
                "application",
                "appeal",
                "withdraw_consent",
                "lost_card",
                "correction",
            )
        ),
        "the family's own application, to the session that was admitted",
    ),
    "resident:card": "QR of a card: valid or not",
    "validity:own_letters": "a member's own letters, to the session that was admitted",
    "validity:letter": "QR of a letter: valid, used, expired or revoked",
    "beds:page": "counts of beds, no people",
    "beds:json": "counts of beds, no people",
    **dict.fromkeys(
        (
            *(f"bed_push:aplicares_{act}" for act in ("create", "update", "delete", "read", "classes")),
            "bed_push:siranap",
        ),
        "a hospital's program, by its signature (tests/facilities/test_bed_api.py)",
    ),
    "vclaim:claim_status": "a hospital's program, by its signature (tests/claims/test_money.py)",
    "verification:bahv_validity": "QR of a BAHV: in force or not",
    "verification:paper_validity": "QR of a question, a decision or a ruling: number and date",
}
EVERYBODY = {
    "home": "what waits at one's own desks",
    "notices": "what was told to oneself and one's own desks",
    "read_notices": "what was told to oneself and one's own desks",
    "logout": "one's own session",
    "password_change": "one's own password",
    "password_change_done": "one's own password",
    "api:schema": "what programs are written from; holds no data",
}
# Parts of the administration that belong to no model: the account's staff flag opens them, and they show only what the
# models' pages allow.
ADMINISTRATION = (
    *("index", "login", "logout", "password_change", "password_change_done"),
    *("jsi18n", "app_list", "autocomplete", "view_on_site", ""),
)


@dataclass(frozen=True)
class Perimeter:
    """Who may know of a kind of thing at most: everywhere (``city``) or only on the own side. ``acts`` of them change it."""

    source: str
    own: frozenset = frozenset()
    city: frozenset = frozenset()
    acts: frozenset = frozenset()

    @property
    def everybody(self):
        return self.own | self.city


def _perimeter(source, *, own=(), city=(), acts=()):
    return Perimeter(source, frozenset(own), frozenset(city), frozenset(acts))


_VERIFIERS = (R.VERIFIER_ADMIN, R.VERIFIER_MEDICAL)
_BILLING = (R.HOSPITAL_BILLER, R.HOSPITAL_DIRECTOR)
_PAYING = (R.TREASURER, R.BUDGET_USER, R.BUD)
_REGISTRY = (R.MEMBERSHIP_VERIFIER, R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.AUDITOR, R.REGISTRY_OPERATOR)

_FAMILY = _perimeter(
    "G2 coverage look-up, G4: the counter by full number only, R18 reconciliation",
    own=[R.REGISTRATION_CLERK],
    city=_REGISTRY,
    acts=[R.REGISTRATION_CLERK, R.DINKES_MEMBERSHIP, R.MEMBERSHIP_VERIFIER, R.DINKES_SERVICES, R.REGISTRY_OPERATOR],
)
_APPLICATION = _perimeter(
    "G2 family application: R1 C, R2 A1, R11 A2, R12 R, R17 R",
    own=[R.REGISTRATION_CLERK],
    city=[R.MEMBERSHIP_VERIFIER, R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.AUDITOR],
    acts=[R.REGISTRATION_CLERK, R.MEMBERSHIP_VERIFIER, R.DINKES_MEMBERSHIP],
)
_CARD = _perimeter(
    "G2 card print: R1 C req, R11 A, R17 R",
    own=[R.REGISTRATION_CLERK],
    city=[R.DINKES_MEMBERSHIP, R.AUDITOR],
    acts=[R.REGISTRATION_CLERK, R.DINKES_MEMBERSHIP],
)
_LETTER = _perimeter(
    "G2 Rujukan, SJP: R3 C, R5 U, R6 R, R12 revokes, R17 R; G1 R4 own Puskesmas, R7 own hospital",
    own=[R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR, R.HOSPITAL_DESK, *_BILLING],
    city=[R.DINKES_SERVICES, R.AUDITOR],
    acts=[R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR, R.HOSPITAL_DESK, R.DINKES_SERVICES],
)
_EPISODE = _perimeter(
    "G1 R5: own patients; R6 reads what it bills; R12 clinical need-to-know",
    own=[R.HOSPITAL_DESK, R.HOSPITAL_BILLER],
    city=[R.DINKES_SERVICES],
    acts=[R.HOSPITAL_DESK, R.HOSPITAL_BILLER],  # the biller opens a claim from it
)
_EMERGENCY = _perimeter(
    "G2 emergency notice: R3 A, R5 C, R6 R, R12 A, R17 R; G1 R4 own Puskesmas",
    own=[R.HOSPITAL_DESK, R.HOSPITAL_BILLER, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
    city=[R.DINKES_SERVICES, R.AUDITOR],
    acts=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.DINKES_SERVICES],
)
_BATCH = _perimeter(
    "G2 claim: R6 C/U own, R8/9 U assigned, R10 all, R12 R, R13 R, R14 total, R17 R",
    own=[*_VERIFIERS, *_BILLING],
    city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR, *_PAYING],
    acts=[*_VERIFIERS, *_BILLING, R.VERIFIER_COORDINATOR, R.DINKES_CLAIMS],
)
_CLAIM = _perimeter(
    "G2 claim; R14 sees totals only",
    own=[*_VERIFIERS, *_BILLING],
    city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR],
    acts=[*_VERIFIERS, R.HOSPITAL_BILLER],
)
_RULE = _perimeter(
    "D: rules are known to whoever deals with claims; G3.8: two of R10 and R12 change them",
    city=[*_VERIFIERS, *_BILLING, R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR],
    acts=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES],
)

_AUDIT = _perimeter(
    "B24: R17 the audits of the own letters; R14 opens, R13 answers",
    own=[R.AUDITOR],
    city=[R.BUDGET_USER, R.DINKES_CLAIMS],
    acts=[R.AUDITOR, R.BUDGET_USER, R.DINKES_CLAIMS],
)

PERIMETERS = {
    "told notice": _perimeter("told to a person or a desk, read by these alone", own=R, acts=R),
    "family": _FAMILY,
    "member family": _FAMILY,
    "scanned family": _perimeter(
        "G2 coverage look-up: R3 and R5 by the number, or by the card in front of them",
        own=[*_FAMILY.own, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR, R.HOSPITAL_DESK],
        city=_FAMILY.city,
    ),
    "application": _APPLICATION,
    "rejected application": _APPLICATION,
    "application to visit": replace(
        _APPLICATION,
        city=_APPLICATION.city | {R.REGISTRY_OPERATOR},
        acts=frozenset((R.REGISTRATION_CLERK, R.REGISTRY_OPERATOR)),
    ),
    "scan": _APPLICATION,
    "import": _perimeter("counts without people", city=[R.DINKES_MEMBERSHIP, R.AUDITOR, R.SYSTEM_ADMIN]),
    "signal": _perimeter(
        "B2: warns who decides (R2, R11), R17 R",
        city=[R.MEMBERSHIP_VERIFIER, R.DINKES_MEMBERSHIP, R.AUDITOR],
        acts=[R.MEMBERSHIP_VERIFIER, R.DINKES_MEMBERSHIP],
    ),
    "card": _CARD,
    "card in hand": _CARD,
    "print batch": _perimeter(
        "G2 card print: R1 takes it in at the service point, R11 A, R17 R; it names no family to R1",
        city=[R.REGISTRATION_CLERK, R.DINKES_MEMBERSHIP, R.AUDITOR],
        acts=[R.REGISTRATION_CLERK, R.DINKES_MEMBERSHIP],
    ),
    "price table": _perimeter(
        "G3.8: the editor of tariffs is not the approver; G2 rules and parameters: R12 C, R13 R, R17 R",
        city=[R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR],
        acts=[R.DINKES_SERVICES, R.DINKES_CLAIMS],
    ),
    "proposed rules": _perimeter(
        "G2 rules: R12 C, R11, R13, R10, R17 R; B22: the head of Dinkes (budget user) puts in force",
        city=[
            *(R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.BUDGET_USER),
            *(R.VERIFIER_COORDINATOR, R.AUDITOR),
        ],
        acts=[R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.BUDGET_USER],
    ),
    "special cover": _perimeter(
        "C24: R18 Dinsos C, R11 C/A, R12 C/A, R17 R; psychiatry is need-to-know (G4)",
        city=[R.REGISTRY_OPERATOR, R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.AUDITOR],
        acts=[R.REGISTRY_OPERATOR, R.DINKES_MEMBERSHIP, R.DINKES_SERVICES],
    ),
    "event": _perimeter(
        "B27: Dinkes opens an event, another person puts it in force; Dinsos lists victims",
        city=[R.REGISTRY_OPERATOR, R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.AUDITOR],
        acts=[R.REGISTRY_OPERATOR, R.DINKES_MEMBERSHIP, R.DINKES_SERVICES],
    ),
    "look-up": _perimeter("G1 R3: patients presented", own=[R.PUSKESMAS_CLERK], acts=[R.PUSKESMAS_CLERK]),
    "JKN row": _perimeter(
        "B7 step 3: human queue; G1 R2, R11 judge, R18 reconciliation lists, R17 reads",
        city=[R.MEMBERSHIP_VERIFIER, R.DINKES_MEMBERSHIP, R.REGISTRY_OPERATOR, R.AUDITOR],
        acts=[R.MEMBERSHIP_VERIFIER, R.DINKES_MEMBERSHIP],
    ),
    "newborn": _perimeter(
        "B4: hospital or Puskesmas records; G2 SJP R3 C, R5 U; G1 R11 matches, R12 and R17 read",
        own=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
        city=[R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.AUDITOR],
        acts=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.DINKES_MEMBERSHIP],
    ),
    "newborn request": _perimeter(
        "B4 step 3: hospital or Puskesmas asks, the Puskesmas issues (G2 SJP R3 C, R5 U, R12 R)",
        own=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
        city=[R.DINKES_SERVICES],
        acts=[R.PUSKESMAS_CLERK],
    ),
    "escalation": _perimeter(
        "B11, S108: R12 looks for a hospital (clinical need-to-know), R3 and R4 of the patient's Puskesmas",
        own=[R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
        city=[R.DINKES_SERVICES, R.AUDITOR],
        acts=[R.PUSKESMAS_CLERK, R.DINKES_SERVICES],
    ),
    "emergency": _EMERGENCY,
    "emergency paper": _EMERGENCY,
    "emergency look-up": _perimeter(
        "G1 R5: the patient in front of the desk", own=[R.HOSPITAL_DESK], acts=[R.HOSPITAL_DESK]
    ),
    "figures": _perimeter(
        "F Verification: R10, R12, R13 and R17 read figures without patients",
        city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR],
    ),
    "look-up elsewhere": _perimeter(
        "B10: told of a patient at another hospital; G2 R3, R12",
        own=[R.PUSKESMAS_CLERK, R.DINKES_SERVICES],
        acts=[R.PUSKESMAS_CLERK, R.DINKES_SERVICES],
    ),
    "letter": _LETTER,
    "cancelled letter": _LETTER,
    "episode": _EPISODE,
    "completed episode": _EPISODE,
    "control letter": _perimeter(
        "B8 step 10: R5 writes, R3 and R4 of the letter's Puskesmas call who does not come; G1 R12 clinical need-to-know",
        own=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
        city=[R.DINKES_SERVICES],
        acts=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
    ),
    "back-referral": _perimeter(
        "B12: R5 sends, R3 and R4 take over; G1 R12 clinical need-to-know",
        own=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
        city=[R.DINKES_SERVICES],
        acts=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
    ),
    "handover": _perimeter(
        "the desk of the own facility",
        own=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
        acts=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
    ),
    "waiting letter": _LETTER,
    "extension": _perimeter(
        "B14, G2 SJP: the hospital asks, R12 decides", city=[R.DINKES_SERVICES], acts=[R.DINKES_SERVICES]
    ),
    "series": _perimeter(
        "B13: the hospital gives the sessions, the Puskesmas looks after the patient, R12 reads",
        own=[R.HOSPITAL_DESK, R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
        city=[R.DINKES_SERVICES],
        acts=[R.HOSPITAL_DESK],
    ),
    "trip": _perimeter("B26: the hospital whose ambulance it is", own=[R.HOSPITAL_DESK], acts=[R.HOSPITAL_DESK]),
    "proof": _perimeter(
        "C18: who asks and who decides; a police report is need-to-know (G4)",
        own=[R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR],
        city=[R.DINKES_SERVICES],
    ),
    "batch": _BATCH,
    "claim": _CLAIM,
    "finding": replace(_CLAIM, acts=frozenset((*_VERIFIERS, R.VERIFIER_COORDINATOR, R.DINKES_SERVICES))),
    "rule": _RULE,
    "rule setting": _RULE,
    "fraud signal": _perimeter(
        "D7, SM14: R10 and R12 judge, R13 and R17 read; never the hospital",
        city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR],
        acts=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES],
    ),
    "claim paper": _perimeter(
        "B16 step 3: who bills, who verifies, R12; health records as codes are (G1)",
        own=[*_VERIFIERS, R.HOSPITAL_BILLER],
        city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES],
        acts=[R.HOSPITAL_BILLER],
    ),
    "delivery": _perimeter("B16: the billing desk that sends it", own=[R.HOSPITAL_BILLER], acts=[R.HOSPITAL_BILLER]),
    "rejected claim": _CLAIM,
    "claim with a letter": _CLAIM,
    "question": _perimeter(
        "B17 row 6: R6 answers, R7 reads what concerns its hospital; R8/9 ask, R10, R12 and R17 read",
        own=[*_VERIFIERS, *_BILLING],
        city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.AUDITOR],
        acts=[R.HOSPITAL_BILLER],
    ),
    "evidence": _perimeter(
        "G1 R6, R8, R9, R10, R12: claim data; R7 and R17 no diagnoses",
        own=[*_VERIFIERS, R.HOSPITAL_BILLER],
        city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES],
    ),
    "dispute": _perimeter(
        "B18: the hospital files, R10 names the panel, R9 rules, R12 confirms, R17 R",
        own=[R.VERIFIER_MEDICAL, *_BILLING],
        city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.AUDITOR],
        acts=[R.VERIFIER_MEDICAL, R.VERIFIER_COORDINATOR, R.DINKES_SERVICES],
    ),
    "second reading": _perimeter(
        "B17 row 5: disagreement to R10", city=[R.VERIFIER_COORDINATOR], acts=[R.VERIFIER_COORDINATOR]
    ),
    **dict.fromkeys(
        ("verifier", "tie", "absence"),
        _perimeter(
            "G3.3: R10 keeps decrees, ties and absences, R17 R",
            city=[R.VERIFIER_COORDINATOR, R.AUDITOR],
            acts=[R.VERIFIER_COORDINATOR],
        ),
    ),
    "dispensation": _perimeter(
        "B16: Dinkes, two officers; the hospital reads its own",
        own=_BILLING,
        city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR],
        acts=[R.DINKES_SERVICES, R.DINKES_CLAIMS],
    ),
    "BAHV": _perimeter(
        "G2 BAHV: R7 and R8/9 sign, R12 and R13 A, R14 R, R17 R",
        own=[*_VERIFIERS, *_BILLING],
        city=[R.VERIFIER_COORDINATOR, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR, *_PAYING],
        acts=[*_VERIFIERS, R.HOSPITAL_DIRECTOR, R.DINKES_SERVICES],
    ),
    "payment": _perimeter(
        "G2 payment: R13 C, R14 C/A chain, R6 own, R17 R; G1 R15 payment refs",
        own=_BILLING,
        city=[R.DINKES_CLAIMS, R.AUDITOR, *_PAYING],
        acts=[R.DINKES_CLAIMS, *_PAYING],
    ),
    "audit": _AUDIT,
    "audit finding": _AUDIT,
    "budget document": _perimeter(
        "G2 budget line: R13 C, R14 A, R12 and R17 R; G1 R16 aggregates",
        city=[R.DINKES_SERVICES, R.DINKES_CLAIMS, R.PLANNING_VIEWER, R.AUDITOR, *_PAYING],
        acts=[R.DINKES_CLAIMS, R.BUDGET_USER],
    ),
    "recovery": _perimeter(
        "SM14, B24: R13 C, R14 A, R6 and R7 what the own hospital owes, R17 R",
        own=_BILLING,
        city=[R.DINKES_CLAIMS, R.AUDITOR, *_PAYING],
        acts=[R.DINKES_CLAIMS, *_PAYING],
    ),
    "reconciliation": _perimeter(
        "B20 step 8: R13 draws up and signs, R7 signs for the hospital",
        own=_BILLING,
        city=[R.DINKES_CLAIMS, R.AUDITOR, *_PAYING],
        acts=[R.DINKES_CLAIMS, R.HOSPITAL_DIRECTOR],
    ),
    "patient": _perimeter("who is named in a letter", city={*_FAMILY.city, *_LETTER.city}),
    "online check": _perimeter(
        "G4: every look-up for a purpose; the desk's own answers of the day, the registry's readers all",
        own=[R.REGISTRATION_CLERK, R.PUSKESMAS_CLERK, R.HOSPITAL_DESK],
        city=_REGISTRY,
        acts=[R.REGISTRATION_CLERK, R.MEMBERSHIP_VERIFIER, R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.REGISTRY_OPERATOR],
    ),
    "ticket": _perimeter(
        "G1 R18 ticket lists; B6: the claim of error sent to Disdukcapil",
        own=[R.REGISTRATION_CLERK],
        city=_REGISTRY,
        acts=[R.DINKES_MEMBERSHIP, R.REGISTRY_OPERATOR],
    ),
    "override": _perimeter(
        "G2 coverage override: R11 C, R12 A, R17 R",
        city=[R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.AUDITOR],
        acts=[R.DINKES_MEMBERSHIP, R.DINKES_SERVICES],
    ),
    "facility": _perimeter(
        "G1 R12 keeps facilities; R13, R17 read",
        city=[R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR],
        acts=[R.DINKES_SERVICES],
    ),
    "contract": _perimeter(
        "B25; G1 R12 keeps, R13 to R15 pay by it, R17 reads; R6, R7 their own",
        own=_BILLING,
        city=[R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR, *_PAYING],
        acts=[R.DINKES_SERVICES],
    ),
    "account change": _perimeter(
        "G3: one enters, another approves",
        city=[R.DINKES_SERVICES, R.DINKES_CLAIMS],
        acts=[R.DINKES_SERVICES, R.DINKES_CLAIMS],
    ),
    "suspension": _perimeter("B25: sanction by Dinkes", city=[R.DINKES_SERVICES], acts=[R.DINKES_SERVICES]),
    "roster": _perimeter(
        "D3 CTR-03: the hospital's own doctors, R12 any",
        own=[R.HOSPITAL_DESK, R.HOSPITAL_DIRECTOR],
        city=[R.DINKES_SERVICES, R.DINKES_CLAIMS, R.AUDITOR],
        acts=[R.HOSPITAL_DESK, R.HOSPITAL_DIRECTOR, R.DINKES_SERVICES],
    ),
    "doctor": _perimeter(
        "D3 CTR-03: the hospital's own doctors, R12 any",
        own=[R.HOSPITAL_DESK, R.HOSPITAL_DIRECTOR],
        city=[R.DINKES_SERVICES],
        acts=[R.HOSPITAL_DESK, R.HOSPITAL_DIRECTOR, R.DINKES_SERVICES],
    ),
    "bed key": _perimeter(
        "G1 R12 contracts with hospitals, R19 access of programs",
        city=[R.DINKES_SERVICES, R.SYSTEM_ADMIN],
        acts=[R.DINKES_SERVICES, R.SYSTEM_ADMIN],
    ),
    "sync run": _perimeter(
        "G1 R18 reconciliation; B6: the guard's two approvals",
        city=[*_REGISTRY, R.SYSTEM_ADMIN],
        acts=[R.DINKES_MEMBERSHIP, R.REGISTRY_OPERATOR],
    ),
}

# The kind of thing behind a part of an address; some pages exist only for a thing in a certain state.
KINDS = {
    "told_id": "told notice",
    "household_id": "family",
    "table": "figures",
    "enrolment_id": "application",
    "card_id": "card",
    "print_id": "print batch",
    "document_id": "scan",
    "signal_id": "signal",
    "proposal_id": "proposed rules",
    "price_table_id": "price table",
    "special_id": "special cover",
    "event_id": "event",
    "import_id": "import",
    "lookup_id": "look-up",
    "row_id": "JKN row",
    "newborn_id": "newborn",
    "request_id": "newborn request",
    "escalation_id": "escalation",
    "emergency_id": "emergency",
    "paper_id": "emergency paper",
    "letter_id": "letter",
    "extension_id": "extension",
    "series_id": "series",
    "trip_id": "trip",
    "proof_id": "proof",
    "public_id": "letter",
    "episode_id": "episode",
    "control_id": "control letter",
    "back_id": "back-referral",
    "handover_id": "handover",
    "key_id": "bed key",
    "batch_id": "batch",
    "claim_id": "claim",
    "finding_id": "finding",
    "rule_code": "rule",
    "setting_id": "rule setting",
    "fraud_id": "fraud signal",
    "claim_paper_id": "claim paper",
    "delivery_id": "delivery",
    "dispensation_id": "dispensation",
    "bahv_id": "BAHV",
    "question_id": "question",
    "evidence_id": "evidence",
    "dispute_id": "dispute",
    "reading_id": "second reading",
    "verifier_id": "verifier",
    "conflict_id": "tie",
    "absence_id": "absence",
    "payment_id": "payment",
    "budget_document_id": "budget document",
    "audit_id": "audit",
    "audit_finding_id": "audit finding",
    "recovery_id": "recovery",
    "reconciliation_id": "reconciliation",
    "run_id": "sync run",
    "check_id": "online check",
    "ticket_id": "ticket",
    "override_id": "override",
    "facility_code": "facility",
    "contract_id": "contract",
    "change_id": "account change",
    "suspension_id": "suspension",
    "doctor_id": "doctor",
}
# What a form of a page names in its body.
BODIES = {"referrals:member": lambda lookup: {"member": lookup.resident_id}}
KIND_OF_PAGE = {
    "participants:order_card": "member family",
    "participants:rejection": "rejected application",
    "participants:scanned": "scanned family",
    "participants:card_receipt": "card in hand",
    "participants:appeal": "rejected application",
    "participants:field_check": "application to visit",
    "referrals:choose_again": "cancelled letter",
    "referrals:resume_text": "completed episode",
    "referrals:print_resume": "completed episode",
    "referrals:report_emergency": "emergency look-up",
    "referrals:report_elsewhere": "look-up elsewhere",
    "facilities:doctors": "roster",
    "facilities:new_doctor": "roster",
    "referrals:decide": "waiting letter",
    "verification:case": "claim with a letter",
    "verification:decision_pdf": "rejected claim",
    "verification:dispute_claim": "rejected claim",
}
# Inside the door and the perimeter, yet refused: what the role may not read of a thing it may know.
REFUSED_INSIDE = {
    ("referrals:emergency_text", R.AUDITOR): "a diagnosis; an auditor's health-record level is set by assignment",
    ("referrals:emergency_paper", R.AUDITOR): "a diagnosis; an auditor's health-record level is set by assignment",
    ("referrals:sjp_text", R.AUDITOR): "a diagnosis; an auditor's health-record level is set by assignment",
    ("referrals:referral_text", R.AUDITOR): "a diagnosis; an auditor's health-record level is set by assignment",
    ("referrals:sjp_text", R.HOSPITAL_DIRECTOR): "G1 R7: aggregates and signing",
    ("referrals:referral_text", R.HOSPITAL_DIRECTOR): "G1 R7: aggregates and signing",
}
# Health-record level "none", "aggregates" or "minimal" in G1; an auditor's level is set by assignment and none by itself.
CLINICAL_ROLES = frozenset(
    (
        *(R.PUSKESMAS_CLERK, R.PUSKESMAS_DOCTOR, R.HOSPITAL_DESK, R.HOSPITAL_BILLER),
        *(R.VERIFIER_ADMIN, R.VERIFIER_MEDICAL, R.VERIFIER_COORDINATOR, R.DINKES_SERVICES),
    )
)
# What never stands in the administration of these roles (G1, and X in G2), whatever an admin page says.
_MONEY = {"budget"}
_CARE = {"referrals", "claims"}
KEPT_OUT_OF_ADMIN = {
    R.SYSTEM_ADMIN: {"participants", "verification", *_CARE, *_MONEY},
    R.DINKES_MEMBERSHIP: {"verification", *_CARE, *_MONEY},
    R.PLANNING_VIEWER: {"participants", "verification", "core", *_CARE},
    R.VERIFIER_COORDINATOR: {"participants", *_MONEY},
} | {role: {"participants", "verification", "core", *_CARE} for role in _PAYING}
IN_NO_ADMIN = [
    role
    for role in R
    if role not in (*_PAYING, R.DINKES_MEMBERSHIP, R.DINKES_SERVICES, R.DINKES_CLAIMS, R.PLANNING_VIEWER)
    and role not in (R.VERIFIER_COORDINATOR, R.AUDITOR, R.SYSTEM_ADMIN)
]


@dataclass(frozen=True)
class Route:
    """One address of the URLconf."""

    template: str
    name: str
    view: object = field(compare=False)

    @property
    def model_admin(self):
        return getattr(self.view, "model_admin", None)

    @property
    def in_admin(self):
        return self.template.startswith("/admin/")

    @property
    def in_api(self):
        return self.template.startswith("/api/")

    @cached_property
    def parts(self):
        return re.findall(r"<(?:[^>:]+:)?(\w+)>", self.template)

    @property
    def kind(self):
        """The kind of thing the address names, or None."""
        if self.in_admin or self.name in PUBLIC:
            return None
        found = [KIND_OF_PAGE.get(self.name) or KINDS.get(part) for part in self.parts]
        return found[0] if found else None

    @property
    def door(self):
        """Roles let in; ``None`` where nothing says who."""
        if self.model_admin:
            return frozenset((*self.model_admin.view_roles, *self.model_admin.change_roles))
        if hasattr(self.view, "roles"):
            return frozenset(self.view.roles)
        for permission in getattr(getattr(self.view, "cls", None), "permission_classes", ()):
            if hasattr(permission, "roles"):
                return frozenset(permission.roles)
        return None

    @property
    def is_classified(self):
        if self.name in PUBLIC or self.name in EVERYBODY:
            return True
        if self.in_admin and not self.model_admin:
            return self.name.removeprefix("admin:") in ADMINISTRATION
        return self.door is not None

    def address(self, **values):
        """The address with ``values`` in its places; places that are not named get something that does not exist."""

        def fill(place):
            return str(values.get(place[1], ABSENT.get(place[1], uuid.uuid4())))

        return re.sub(r"<(?:[^>:]+:)?(\w+)>", fill, self.template)


ABSENT = {
    "row_id": "987654321",
    "run_id": "987654321",
    "suspension_id": "987654321",
    "doctor_id": "987654321",
    "facility_code": "0000000",
    "finding_id": "987654321",
    "rule_code": "ADM-00",
    "key_id": "987654321",
    "verifier_id": "987654321",
    "conflict_id": "987654321",
    "absence_id": "987654321",
    "table": "no-such-table",
    "token": "A" * 22,
    "object_id": "987654321",
    "content_type_id": "987654",
    "url": "no-such-page/",
    "app_label": "core",
}


def routes():
    """Every address, administration and interface included."""
    return list(_walk(get_resolver(), "", ""))


def _walk(resolver, prefix, namespace):
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, path, inner)
        else:
            yield Route(simplify_regex(path), f"{namespace}{pattern.name or ''}", pattern.callback)
