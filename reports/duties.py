"""Segregation of duties (domain.md G3): what enforces each of the twelve rules, and the proof that nobody broke it.

Every rule is one SQL statement over all data that returns who broke it: ``(what, key, person)``. None returns a row while the
guards hold; ``manage.py check_duties`` and the page ask again.
"""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext_lazy as _

from facilities.enums import HOSPITAL_ROLES, PAYMENT_ROLES, VERIFIER_ROLES, Role
from facilities.models import Membership

READERS = (Role.AUDITOR, Role.BUDGET_USER)
MOST = 100
DATABASE, CODE = _("the database"), _("the program")


def _codes(roles):
    return ", ".join(f"'{role}'" for role in roles)


# Memberships that overlap, of one person: %s roles on each side.
BOTH = """
    SELECT 'membership', a.id, a.user_id
      FROM facilities_membership a JOIN facilities_membership b
        ON b.user_id = a.user_id AND b.role IN ({second})
       AND daterange(a.valid_from, a.valid_to, '[]') && daterange(b.valid_from, b.valid_to, '[]')
     WHERE a.role IN ({first})"""


def _same(table, first, second):
    """Rows of a table on which one person did two acts."""
    return f"SELECT '{table}', id, {first}_by_id FROM {table} WHERE {first}_by_id = {second}_by_id"


@dataclass(frozen=True, kw_only=True)
class Duty:
    """One rule of G3: its sentence, what keeps it (``guards``: pairs of where and what), and the SQL that looks for breaches."""

    number: int
    sentence: str
    guards: tuple
    sql: str


DUTIES = (
    Duty(
        number=1,
        sentence=_("Who asks for a special SJP does not approve it."),
        guards=((DATABASE, "sjp_requested_by_is_not_approved_by"),),
        sql=_same("referrals_sjp", "requested", "approved"),
    ),
    Duty(
        number=2,
        sentence=_("Who hands claims in does not sign their BAHV for the hospital."),
        guards=((DATABASE, "biller_does_not_sign_the_bahv"), (CODE, "budget.checks: signer")),
        sql="""SELECT 'verification_bahv', v.id, v.hospital_signed_by_id
                 FROM verification_bahv v JOIN claims_claimbatch b ON b.id = v.batch_id
                WHERE v.hospital_signed_by_id = b.submitted_by_id""",
    ),
    Duty(
        number=3,
        sentence=_("Who verifies has no role in a hospital, and none of the claims were handed in by them."),
        guards=((CODE, "verification.rules: HOSPITAL_ROLE, CONFLICT"),),
        sql=f"""{BOTH.format(first=_codes(VERIFIER_ROLES), second=_codes(HOSPITAL_ROLES))}
                UNION ALL
                SELECT 'verification_review', r.id, r.decided_by_id
                  FROM verification_review r JOIN claims_claim c ON c.id = r.claim_id
                  JOIN claims_claimbatch b ON b.id = c.batch_id
                 WHERE r.decided_by_id IN (b.created_by_id, b.submitted_by_id)""",
    ),
    Duty(
        number=4,
        sentence=_("The first decision, the second reading and the BAHV's approval are different people's."),
        guards=(
            (DATABASE, "bahv_verifier_signed_by_is_not_approved_by"),
            (DATABASE, "reading_first_by_is_not_read_by"),
            (DATABASE, "reading_read_by_is_not_resolved_by"),
            (DATABASE, "dispute_ruled_by_is_not_decided_by"),
        ),
        sql=f"""{_same("verification_secondreading", "first", "read")}
                UNION ALL {_same("verification_secondreading", "read", "resolved")}
                UNION ALL {_same("verification_dispute", "ruled", "decided")}
                UNION ALL
                SELECT 'verification_bahv', v.id, v.approved_by_id
                 FROM verification_bahv v
                WHERE v.approved_by_id IS NOT NULL AND (v.approved_by_id = v.verifier_signed_by_id OR EXISTS (
                      SELECT FROM verification_review r JOIN claims_claim c ON c.id = r.claim_id
                       WHERE c.batch_id = v.batch_id AND r.decided_by_id = v.approved_by_id))""",
    ),
    Duty(
        number=5,
        sentence=_("Who verifies never has power to pay."),
        guards=((CODE, "verification.rules: PAYMENT_ROLE"),),
        sql=f"""{BOTH.format(first=_codes(VERIFIER_ROLES), second=_codes(PAYMENT_ROLES))}
                UNION ALL
                SELECT 'budget_payment', p.id, r.decided_by_id
                  FROM budget_payment p JOIN budget_paymentpart part ON part.payment_id = p.id
                  JOIN verification_bahv v ON v.id = part.bahv_id
                  JOIN claims_claim c ON c.batch_id = v.batch_id JOIN verification_review r ON r.claim_id = c.id
                 WHERE r.decided_by_id IN (p.proposed_by_id, p.spp_by_id, p.spm_by_id, p.sp2d_by_id)""",
    ),
    Duty(
        number=6,
        sentence=_("Who approves a BAHV for Dinkes issues no SPP for it."),
        guards=((DATABASE, "bahv_approved_by_is_not_spp_by"),),
        sql="""SELECT 'budget_payment', p.id, p.spp_by_id
                 FROM budget_payment p JOIN budget_paymentpart part ON part.payment_id = p.id
                 JOIN verification_bahv v ON v.id = part.bahv_id WHERE v.approved_by_id = p.spp_by_id""",
    ),
    Duty(
        number=7,
        sentence=_("SPP, SPM and SP2D are recorded by three people."),
        guards=(
            (DATABASE, "payment_spp_by_is_not_spm_by"),
            (DATABASE, "payment_spm_by_is_not_sp2d_by"),
            (DATABASE, "payment_spp_by_is_not_sp2d_by"),
        ),
        sql="""SELECT 'budget_payment', id, spp_by_id FROM budget_payment
                WHERE spp_by_id = spm_by_id OR spm_by_id = sp2d_by_id OR spp_by_id = sp2d_by_id""",
    ),
    Duty(
        number=8,
        sentence=_("Rules, budget documents, recoveries and bank accounts are in force by a second person."),
        guards=(
            (DATABASE, "schemeproposal_created_by_is_not_approved_by"),
            (DATABASE, "budgetdocument_proposed_by_is_not_approved_by"),
            (DATABASE, "recovery_proposed_by_is_not_approved_by"),
            (DATABASE, "accountchange_created_by_is_not_approved_by"),
        ),
        sql=" UNION ALL ".join(
            (
                _same("participants_schemeproposal", "created", "approved"),
                _same("budget_budgetdocument", "proposed", "approved"),
                _same("budget_recovery", "proposed", "approved"),
                _same("facilities_accountchange", "created", "approved"),
            )
        ),
    ),
    Duty(
        number=9,
        sentence=_("Nobody grants a role to themselves."),
        guards=((DATABASE, "nobody_grants_own_rights"),),
        sql="SELECT 'facilities_membership', id, user_id FROM facilities_membership WHERE granted_by_id = user_id",
    ),
    Duty(
        number=10,
        sentence=_("Who verifies a registration does not approve it."),
        guards=((DATABASE, "enrolment_verified_by_is_not_approved_by"),),
        sql=_same("participants_enrolment", "verified", "approved"),
    ),
    Duty(
        number=11,
        sentence=_("Who starts a registry run does not approve its exception alone: two others do."),
        guards=((DATABASE, "syncrun_approved_by_is_not_seconded_by"),),
        sql=_same("participants_syncrun", "approved", "seconded"),
    ),
    Duty(
        number=12,
        sentence=_("Who orders a card does not approve it."),
        guards=((DATABASE, "card_created_by_is_not_approved_by"),),
        sql=_same("participants_card", "created", "approved"),
    ),
)

# Roles that should not meet in one person, beyond what is refused: (one side, other side).
COMBINATIONS = (
    (VERIFIER_ROLES, (*HOSPITAL_ROLES, *PAYMENT_ROLES)),
    ((Role.HOSPITAL_BILLER,), (Role.HOSPITAL_DIRECTOR,)),
    ((Role.DINKES_SERVICES,), (Role.TREASURER,)),
    ((Role.DINKES_CLAIMS,), (Role.BUDGET_USER, Role.TREASURER)),
    ((Role.TREASURER,), (Role.BUDGET_USER, Role.BUD)),
    ((Role.BUDGET_USER,), (Role.BUD,)),
    ((Role.REGISTRATION_CLERK,), (Role.MEMBERSHIP_VERIFIER, Role.DINKES_MEMBERSHIP)),
    ((Role.MEMBERSHIP_VERIFIER,), (Role.DINKES_MEMBERSHIP,)),
    ((Role.AUDITOR, Role.SYSTEM_ADMIN), tuple(role for role in Role if role not in (Role.AUDITOR, Role.SYSTEM_ADMIN))),
)


def breaches(duty):
    """Who broke ``duty``: rows (table, key, key of the person), at most MOST."""
    with connection.cursor() as cursor:
        cursor.execute(f"{duty.sql} LIMIT {MOST:d}")
        return cursor.fetchall()


def missing_guards():
    """Constraints and triggers named in DUTIES that the database does not have, or that are switched off."""
    named = {name for duty in DUTIES for where, name in duty.guards if where == DATABASE}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint WHERE conname = ANY(%(named)s) AND convalidated
                UNION SELECT tgname FROM pg_trigger WHERE tgname = ANY(%(named)s) AND tgenabled <> 'D'""",
            {"named": list(named)},
        )
        return sorted(named - {name for (name,) in cursor.fetchall()})


def report():
    """``(duty, its breaches)`` for each of the twelve."""
    return [(duty, breaches(duty)) for duty in DUTIES]


def combinations(on):
    """People who hold roles today that should not meet: ``(user, [role labels])``, by name. One query."""
    held = {}
    for membership in Membership.objects.in_force(on).select_related("user").order_by("user__username", "role"):
        held.setdefault(membership.user, []).append(Role(membership.role))
    return [
        (user, [role.label for role in roles])
        for user, roles in held.items()
        if len(roles) > 1 and any(_meet(roles, *sides) for sides in COMBINATIONS)
    ]


def _meet(roles, first, second):
    return not set(first).isdisjoint(roles) and not set(second).isdisjoint(roles)
