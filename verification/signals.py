"""FRD-12: a verifier who approves nearly everything of one hospital, and fast, beside the others (domain.md D7).

The signal is kept beside those of claims (``claims.signals``) and read by the same people: never by verifiers.
"""

from django.db import transaction

from claims import signals

# Seconds from one decision to the next of the same person; longer than half an hour is a pause.
_PAIRS = """
    SELECT verifier_id || '-' || hospital_id || '/' || to_char(%(on)s::date, 'YYYY-MM'), hospital_id,
           round(10 * (share - mean) / greatest(spread, 0.02)),
           jsonb_build_object('verifier', u.username, 'share', round(100 * share), 'peers', round(100 * mean),
                              'seconds', round(coalesce(seconds, 0)), 'total', n), claims, first_on, last_on
      FROM (SELECT *, sqrt(greatest(squares - mean * mean, 0)) AS spread
              FROM (SELECT *, (sum(share) OVER () - share) / nullif(count(*) OVER () - 1, 0) AS mean,
                           (sum(share * share) OVER () - share * share) / nullif(count(*) OVER () - 1, 0) AS squares
                      FROM (SELECT verifier_id, hospital_id, count(*) AS n,
                                   avg((outcome IN ('APPROVE', 'PASS'))::integer) AS share,
                                   avg(gap) FILTER (WHERE gap < 1800) AS seconds,
                                   (array_agg(claim_id ORDER BY claimed DESC))[:200] AS claims,
                                   min(decided_at)::date AS first_on, max(decided_at)::date AS last_on
                              FROM (SELECT r.*, c.hospital_id, c.claimed, extract(epoch FROM r.decided_at - lag(r.decided_at)
                                               OVER (PARTITION BY r.verifier_id ORDER BY r.decided_at, r.id)) AS gap
                                      FROM verification_review r JOIN claims_claim c ON c.id = r.claim_id
                                     WHERE r.decided_at > %(on)s::date - %(days)s AND r.decided_at < %(on)s::date + 1) decided
                             GROUP BY verifier_id, hospital_id HAVING count(*) >= $claims) counted) beside) measured
      JOIN facilities_user u ON u.id = measured.verifier_id
     WHERE mean IS NOT NULL AND 10 * (share - mean) >= $deviation * greatest(spread, 0.02)"""


def refresh(*, on):
    """Look for it as of the day ``on``. Returns how many signals are new or changed, by rule."""
    with transaction.atomic():
        return {"FRD-12": signals.store("FRD-12", _PAIRS, on=on)}
