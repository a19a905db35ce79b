"""The papers of a claim: taken in, complete or not, given out to whom the claim is shown, each look on record."""

from functools import partial

from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import BatchState, ClaimState, DocumentKind
from claims.models import Claim, ClaimDocument, Finding
from claims.permissions import require_billing
from facilities.enums import CareType, Service
from ksb.core import journal, uploads
from ksb.core.errors import Refused, WrongState
from ksb.core.integrity import refusing

FOLDER = "claims/documents"
MOST = 30
# In these states nobody has looked at the papers yet: one may be taken away again.
OPEN = (ClaimState.READY, ClaimState.BLOCKED)
# While papers may still come to the claims of a batch.
TAKES_PAPERS = (
    BatchState.OPEN,
    BatchState.TO_SIGN,
    BatchState.SUBMITTED,
    BatchState.COMPLETE,
    BatchState.IN_VERIFICATION,
)
USED = gettext_lazy("This very file was already handed in with another claim. Hand in the papers of this patient.")

# What a claim needs by kind of care (domain.md B16, D1 ADM-04; S59 for SJP, referral, KTP, KK, card). A session of a series
# has a protocol instead of a summary, a trip no medical papers, a newborn its certificate instead of KTP and card.
_D = DocumentKind
_PERSON = (_D.SJP, _D.REFERRAL, _D.KTP, _D.KK, _D.CARD)
_STAY = (*_PERSON, _D.RESUME, _D.RESULTS, _D.INVOICE, _D.DISCHARGE)
REQUIRED = {
    Service.OUTPATIENT: (*_PERSON, _D.RESUME, _D.INVOICE),
    Service.INPATIENT: _STAY,
    Service.INTENSIVE: _STAY,
    Service.EMERGENCY: (*_PERSON, _D.RESUME, _D.RESULTS, _D.INVOICE),
    Service.HAEMODIALYSIS: (*_PERSON, _D.PROTOCOL, _D.INVOICE),
    Service.AMBULANCE: (_D.SJP, _D.KTP, _D.INVOICE),
    Service.NEWBORN: (_D.SJP, _D.KK, _D.VITAL, _D.RESUME, _D.INVOICE),
}


def _needed():
    """SQL: the papers claim ``c`` with letter ``s`` needs, in their order."""
    cases = " ".join(f"WHEN '{service}' THEN {_array(kinds)}" for service, kinds in REQUIRED.items())
    care = f"CASE c.care_type WHEN {CareType.INPATIENT.value} THEN 'INPATIENT' ELSE 'OUTPATIENT' END"
    return f"CASE coalesce(s.service, {care}) {cases} END"


def _array(kinds):
    return "ARRAY[" + ", ".join(f"'{kind.value}'" for kind in kinds) + "]"


# What KSB itself holds needs no scan: its own letters and cards, a summary written and completed in it, the papers that were
# handed in with an emergency. Who has no NIK has no KTP, KK or card either: the register of special covers answers for them.
_HELD = """
    CASE need.kind
        WHEN 'SJP' THEN s.id IS NOT NULL
        WHEN 'REFERRAL' THEN s.referral_id IS NOT NULL
             OR EXISTS (SELECT FROM referrals_emergencynotice n WHERE n.sjp_id = s.id)
        WHEN 'CARD' THEN s.special_id IS NOT NULL OR EXISTS (
            SELECT FROM participants_card k JOIN participants_resident r ON r.household_id = k.household_id
             WHERE r.id = c.resident_id AND k.state = 'ACTIVE')
        WHEN 'RESUME' THEN EXISTS (
            SELECT FROM referrals_episode e WHERE e.sjp_id = s.id AND e.state = 'COMPLETE'
               AND (e.admitted_at AT TIME ZONE 'Asia/Jakarta')::date = c.admitted_on)
        WHEN 'KTP' THEN s.special_id IS NOT NULL OR EXISTS (
            SELECT FROM referrals_emergencypaper p JOIN referrals_emergencynotice n ON n.id = p.notice_id
             WHERE n.sjp_id = s.id AND p.kind = 'KTP')
        WHEN 'KK' THEN s.special_id IS NOT NULL OR EXISTS (
            SELECT FROM referrals_emergencypaper p JOIN referrals_emergencynotice n ON n.id = p.notice_id
             WHERE n.sjp_id = s.id AND p.kind = 'KK')
        ELSE false END"""
# The papers that claim ``c`` (of claims_claim) with its letter ``s`` (of referrals_sjp, NULL without one) lacks, as a text
# array in their order. For rules, lists and the page of one claim: the one definition.
MISSING = f"""ARRAY(
    SELECT need.kind FROM unnest({_needed()}) WITH ORDINALITY need (kind, place)
     WHERE NOT EXISTS (SELECT FROM claims_claimdocument d WHERE d.claim_id = c.id AND d.kind = need.kind)
       AND NOT coalesce({_HELD}, false)
     ORDER BY need.place)"""
_MISSING_OF = f"""
    SELECT c.id, {MISSING} FROM claims_claim c LEFT JOIN referrals_sjp s ON s.id = c.sjp_id WHERE c.id = ANY (%s)"""


def missing(claims):
    """``{key of the claim: [DocumentKind, ...]}`` of what each of ``claims`` lacks. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_MISSING_OF, [[claim.pk for claim in claims]])
        return {claim: [DocumentKind(kind) for kind in kinds] for claim, kinds in cursor.fetchall()}


# How many claims of a batch lack each paper, and, under NULL, any.
_LACKING = f"""
    SELECT kind, count(DISTINCT id)
      FROM (SELECT c.id, {MISSING} AS kinds FROM claims_claim c LEFT JOIN referrals_sjp s ON s.id = c.sjp_id
             WHERE c.batch_id = %s AND c.state NOT IN ('WITHDRAWN', 'BLOCKED')) lacks CROSS JOIN LATERAL unnest(kinds) kind
     GROUP BY ROLLUP (kind) ORDER BY 2 DESC"""


def lacking(batch):
    """``(claims that lack something, [(DocumentKind, claims), ...])`` of a batch, the most wanted paper first. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_LACKING, [batch.pk])
        found = cursor.fetchall()
    incomplete = next((count for kind, count in found if kind is None), 0)
    return incomplete, [(DocumentKind(kind), count) for kind, count in found if kind]


def found_incomplete(batches):
    """``{key of the batch: claims}``: those that lacked papers when the rules last looked, for a list. One query.

    Only where papers may still come: not for claims taken back or decided, nor what a verifier does without.
    """
    rows = Finding.objects.filter(
        rule="ADM-04",
        overridden_at__isnull=True,
        claim__batch__in=[batch.pk for batch in batches if batch.state in TAKES_PAPERS],
        claim__decided_at__isnull=True,
    ).exclude(claim__state=ClaimState.WITHDRAWN)
    counts = rows.order_by().values("claim__batch").annotate(claims=Count("pk"))
    return {row["claim__batch"]: row["claims"] for row in counts}


def attach(*, claim, kind, file, actor, at):
    """Judge ``file``, keep it with the claim and return the ClaimDocument; the same scan is kept once.

    Raises Refused with what to hand in instead, WrongState when the claim takes no papers any more.
    """
    require_billing(actor, claim.hospital_id)
    once = refusing({"a_proof_of_care_stands_in_one_claim": USED})
    with uploads.kept(file, folder=FOLDER) as (scan,), once, transaction.atomic():
        locked = _lock(claim)
        if same := locked.documents.filter(kind=kind, sha256=scan.sha256).first():
            uploads.forget(scan.path)
            return same
        if locked.documents.count() >= MOST:
            raise Refused(_("A claim holds at most %(count)d files.") % {"count": MOST}, code="too_many")
        _refuse_used(locked, kind, scan.sha256)
        document = ClaimDocument.objects.create(claim=locked, kind=kind, **scan.columns(at=at, actor=actor))
        journal.record("claim.document", document, actor=actor, kind=str(kind), sha256=scan.sha256)
        return document


def _refuse_used(claim, kind, sha256):
    """ADM-08: a file proves one claim. What a withdrawn claim had is given back; papers of the person follow the person."""
    used = ClaimDocument.objects.filter(sha256=sha256).exclude(claim=claim)
    if kind in DocumentKind.OF_THE_PERSON:
        used = used.exclude(claim__resident_id=claim.resident_id) if claim.resident_id else used
    else:
        given_back = used.filter(claim__state=ClaimState.WITHDRAWN, claim__hospital_id=claim.hospital_id)
        for path in list(given_back.values_list("path", flat=True)):
            transaction.on_commit(partial(uploads.forget, path), robust=True)
        given_back.delete()
    if used.exclude(claim__state=ClaimState.WITHDRAWN).exists():
        raise Refused(USED, code="ADM-08")


def remove(*, document, actor):
    """Take a scan back, while its claim has not been handed in."""
    require_billing(actor, document.claim.hospital_id)
    with transaction.atomic():
        claim = _lock(document.claim)
        if claim.state not in OPEN:
            raise WrongState(_("The claim was handed in: its papers stay."))
        journal.record("claim.document_removed", claim, actor=actor, kind=document.kind, sha256=document.sha256)
        transaction.on_commit(partial(uploads.forget, document.path), robust=True)
        document.delete()
    return claim


def hand_out(*, document, actor):
    """The scan as an answer to a browser. Every look is on record."""
    journal.record("claim.document_view", document, actor=actor, kind=document.kind)
    return uploads.hand_out(document.path, media_type=document.media_type, name=f"klaim-{document.kind.lower()}")


def takes_papers(claim):
    """Whether further papers may be handed in: until it is decided, or taken back."""
    return claim.decided_at is None and claim.state != ClaimState.WITHDRAWN


def _lock(claim):
    locked = Claim.objects.select_for_update(no_key=True, of=("self",)).get(pk=claim.pk)
    if not takes_papers(locked):
        raise WrongState(
            _("This claim takes no papers any more: it is “%(state)s”.") % {"state": locked.get_state_display()}
        )
    return locked
