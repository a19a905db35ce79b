"""The patterns of ``claims.signals`` as SQL over the temporary table ``signal_claims``: claims of the last DAYS days.

Each SELECT gives ``key, hospital_id, score, facts, claims, first_on, last_on``; ``$name`` is a threshold of the rule. A share
of one hospital is held against that of all the others.
"""

from claims.families import HEADER

DAYS = 90
KEPT = 200  # claims named in one signal

_DRUGS = "+".join(
    f"coalesce(nullif(cells[array_position(names, '{name}')], '')::numeric, 0)"
    for name in ("OBAT", "OBAT_KRONIS", "OBAT_KEMO", "ALKES", "BMHP")
)
CLAIMS = f"""
    DROP TABLE IF EXISTS pg_temp.signal_claims;
    CREATE TEMPORARY TABLE signal_claims ON COMMIT DROP AS
    SELECT c.id, c.hospital_id, c.resident_id, c.sjp_id, c.care_type, c.admitted_on, c.discharged_on, c.inacbg, c.claimed,
           c.hospital_bill AS bill, c.diagnoses, c.procedures, left(c.diagnoses->>0, 3) AS category,
           CASE WHEN c.cost_sum > 0 AND c.row <> '' THEN {_DRUGS} END AS drugs,
           EXISTS (SELECT FROM referrals_episode e WHERE e.sjp_id = c.sjp_id) AS arrived
      FROM claims_claim c
     CROSS JOIN LATERAL (SELECT CASE WHEN c.row <> '' THEN string_to_array({HEADER}, E'\\t') END AS names,
                                string_to_array(c.row, E'\\t') AS cells) text
     WHERE c.admitted_on > %(on)s::date - %(days)s AND c.admitted_on <= %(on)s AND c.state <> 'WITHDRAWN'
       AND c.resident_id IS NOT NULL;
    ANALYZE signal_claims"""
_MONTH = "to_char(%(on)s::date, 'YYYY-MM')"


def _deviating(value, flagged, *, where="true", facts="'total', n"):
    """A share of each hospital against that of all others: those far above it. ``value`` is averaged over its claims."""
    return f"""
        SELECT hospital_id || '/' || {_MONTH}, hospital_id, round(10 * (share - mean) / greatest(spread, 0.02)),
               jsonb_build_object('share', round(100 * share), 'peers', round(100 * mean), 'hospitals', hospitals - 1, {facts}),
               claims, first_on, last_on
          FROM (SELECT *, sqrt(greatest(squares - mean * mean, 0)) AS spread
                  FROM (SELECT *, count(*) OVER () AS hospitals,
                               (sum(share) OVER () - share) / nullif(count(*) OVER () - 1, 0) AS mean,
                               (sum(share * share) OVER () - share * share) / nullif(count(*) OVER () - 1, 0) AS squares
                          FROM (SELECT hospital_id, count(*) AS n, avg({value})::numeric AS share,
                                       (array_agg(id ORDER BY claimed DESC) FILTER (WHERE {flagged}))[:{KEPT}] AS claims,
                                       min(admitted_on) AS first_on, max(discharged_on) AS last_on
                                  FROM signal_claims WHERE {where} GROUP BY hospital_id HAVING count(*) >= $claims) counted
                       ) beside
               ) measured
         WHERE mean IS NOT NULL AND 10 * (share - mean) >= $deviation * greatest(spread, 0.02)"""


_GRAVE = "inacbg ~ '-(II|III)$'"
_PHANTOM = f"""
    SELECT hospital_id || '/' || {_MONTH}, hospital_id, round(100 * share),
           jsonb_build_object('count', missing, 'share', round(100 * share), 'peers', round(100 * mean)),
           claims, first_on, last_on
      FROM (SELECT *, (sum(missing) OVER () - missing) / nullif(sum(n) OVER () - n, 0) AS mean
              FROM (SELECT hospital_id, count(*) AS n, count(*) FILTER (WHERE NOT arrived) AS missing,
                           avg((NOT arrived)::integer) AS share, min(admitted_on) AS first_on, max(discharged_on) AS last_on,
                           (array_agg(id ORDER BY claimed DESC) FILTER (WHERE NOT arrived))[:{KEPT}] AS claims
                      FROM signal_claims WHERE sjp_id IS NOT NULL GROUP BY hospital_id) counted) beside
     WHERE missing < n AND missing >= $claims AND 100 * share >= $percent"""
_CLONING = f"""
    SELECT hospital_id || '/' || md5(diagnoses::text || procedures::text || days || '/' || bill), hospital_id,
           count(DISTINCT resident_id),
           jsonb_build_object('count', count(DISTINCT resident_id), 'bill', bill, 'days', days),
           (array_agg(id ORDER BY id))[:{KEPT}], min(admitted_on), max(discharged_on)
      FROM (SELECT *, discharged_on - admitted_on + 1 AS days FROM signal_claims WHERE care_type = 1) stays
     GROUP BY hospital_id, diagnoses, procedures, days, bill HAVING count(DISTINCT resident_id) >= $patients"""
_SELF_REFERRAL = f"""
    SELECT issuing_hospital_id || '/' || {_MONTH}, issuing_hospital_id, round(100 * share),
           jsonb_build_object('share', round(100 * share), 'total', total, 'other', h.name, 'peers', round(100 * mean)),
           '{{}}'::bigint[], first_on, last_on
      FROM (SELECT *, (sum(share) OVER (PARTITION BY place) - share)
                      / nullif(count(*) OVER (PARTITION BY place) - 1, 0) AS mean
              FROM (SELECT issuing_hospital_id, hospital_id, sum(count(*)) OVER from_one AS total,
                           count(*) / sum(count(*)) OVER from_one AS share,
                           row_number() OVER (PARTITION BY issuing_hospital_id ORDER BY count(*) DESC, hospital_id) AS place,
                           min(valid_from) AS first_on, max(valid_from) AS last_on
                      FROM referrals_referral
                     WHERE issuing_hospital_id IS NOT NULL AND valid_from > %(on)s::date - %(days)s AND valid_from <= %(on)s
                     GROUP BY issuing_hospital_id, hospital_id
                    WINDOW from_one AS (PARTITION BY issuing_hospital_id)) pairs) beside
      JOIN facilities_facility h ON h.id = beside.hospital_id
     WHERE place = 1 AND total >= $referrals AND 100 * share >= $percent"""
_CLASS = f"""
    WITH claimed AS (
        SELECT c.hospital_id, d.day::date AS day, count(*) AS stays, array_agg(c.id) AS ids
          FROM signal_claims c JOIN referrals_sjp s ON s.id = c.sjp_id AND s.service = 'INPATIENT'
         CROSS JOIN LATERAL generate_series(c.admitted_on, greatest(c.admitted_on, c.discharged_on - 1), interval '1 day') d (day)
         WHERE c.care_type = 1 GROUP BY c.hospital_id, d.day),
    reported AS (
        SELECT b.facility_id, (r.reported_at AT TIME ZONE 'Asia/Jakarta')::date AS day, max(r.occupied) AS occupied
          FROM facilities_bedcount b JOIN facilities_bedreport r ON r.count_id = b.id
         WHERE b.ward = 'CLASS_3' AND r.reported_at > %(on)s::date - %(days)s GROUP BY 1, 2)
    SELECT hospital_id || '/' || {_MONTH}, hospital_id, count(*),
           jsonb_build_object('count', count(*), 'most', max(stays - occupied)),
           (SELECT array_agg(DISTINCT id) FROM (SELECT unnest(c2.ids) AS id FROM claimed c2
             WHERE c2.hospital_id = c.hospital_id ORDER BY 1 LIMIT {KEPT}) kept), min(c.day), max(c.day)
      FROM claimed c JOIN reported r ON r.facility_id = c.hospital_id AND r.day = c.day AND c.stays > r.occupied
     GROUP BY hospital_id HAVING count(*) >= $days"""
_LENDING = """
    SELECT resident_id || '/' || admitted_on, NULL::bigint, count(DISTINCT hospital_id),
           jsonb_build_object('count', count(DISTINCT hospital_id), 'day', admitted_on,
                              'hospitals', string_agg(DISTINCT h.name, ', ')),
           array_agg(c.id), admitted_on, admitted_on
      FROM signal_claims c JOIN facilities_facility h ON h.id = c.hospital_id WHERE c.care_type = 2
     GROUP BY resident_id, admitted_on HAVING count(DISTINCT hospital_id) > 1"""
_SHOPPING = """
    SELECT resident_id || '/' || category || '/' || date_trunc('month', last_on::timestamp)::date, NULL::bigint, visits,
           jsonb_build_object('count', visits, 'places', places, 'days', $days, 'code', category), claims, first_on, last_on
      FROM (SELECT DISTINCT ON (a.resident_id, a.category) a.resident_id, a.category, count(*) AS visits,
                   count(DISTINCT b.hospital_id) AS places, array_agg(b.id) AS claims, min(b.admitted_on) AS first_on,
                   a.admitted_on AS last_on
              FROM signal_claims a JOIN signal_claims b ON b.resident_id = a.resident_id AND b.category = a.category
               AND b.care_type = 2 AND b.admitted_on BETWEEN a.admitted_on - $days AND a.admitted_on
             WHERE a.care_type = 2
               AND NOT EXISTS (SELECT FROM referrals_sjp s WHERE s.id = a.sjp_id AND s.series_id IS NOT NULL)
             GROUP BY a.id, a.resident_id, a.category, a.admitted_on
            HAVING count(*) >= $visits AND count(DISTINCT b.hospital_id) >= 2
             ORDER BY a.resident_id, a.category, count(*) DESC, a.admitted_on DESC) most"""
_BROKER = f"""
    SELECT p.id || '/' || c.hospital_id, c.hospital_id, count(DISTINCT r.household_id),
           jsonb_build_object('count', count(DISTINCT r.household_id)), (array_agg(c.id ORDER BY c.claimed DESC))[:{KEPT}],
           min(c.admitted_on), max(c.discharged_on)
      FROM participants_signal p CROSS JOIN LATERAL unnest(p.households) shared (household_id)
      JOIN participants_resident r ON r.household_id = shared.household_id
      JOIN signal_claims c ON c.resident_id = r.id
     WHERE p.kind IN ('SAME_PHONE', 'SAME_EMAIL', 'SAME_DEVICE')
     GROUP BY p.id, c.hospital_id HAVING count(DISTINCT r.household_id) >= $families"""
# Bills follow price lists, so first digits everywhere deviate from Benford's law: only more than those of the peers tells.
_MEASURES = {"round": "0.02", "weekend": "0.02", "benford": "10"}  # with the least spread


def _far(name):
    return f"10 * ({name} - {name}_mean) >= $deviation * greatest({name}_spread, {_MEASURES[name]})"


def _tenths(name):
    return f"round(10 * ({name} - {name}_mean) / greatest({name}_spread, {_MEASURES[name]}))"


_MEANS = ", ".join(
    f"(sum({name}) OVER () - {name}) / others AS {name}_mean, "
    f"(sum({name} * {name}) OVER () - {name} * {name}) / others AS {name}_squares"
    for name in _MEASURES
)
_SPREADS = ", ".join(
    f"sqrt(greatest({name}_squares - {name}_mean * {name}_mean, 0)) AS {name}_spread" for name in _MEASURES
)
_FIGURES = f"""
    WITH counted AS (
        SELECT hospital_id, count(*) AS n, min(admitted_on) AS first_on, max(discharged_on) AS last_on,
               avg((bill %% 100000 = 0)::integer) AS round, avg((extract(isodow FROM admitted_on) > 5)::integer) AS weekend,
               (array_agg(id ORDER BY claimed DESC) FILTER (WHERE bill %% 100000 = 0))[:{KEPT}] AS claims
          FROM signal_claims WHERE bill > 0 GROUP BY hospital_id HAVING count(*) >= $claims),
    digits AS (
        SELECT h.hospital_id, digit, count(c.id)::numeric / h.n AS seen
          FROM counted h CROSS JOIN generate_series(1, 9) digit
          LEFT JOIN signal_claims c ON c.hospital_id = h.hospital_id AND c.bill > 0 AND left(c.bill::text, 1) = digit::text
         GROUP BY h.hospital_id, h.n, digit),
    law AS (
        SELECT hospital_id, 1000 * avg(abs(seen - log(1 + 1.0 / digit))) AS benford FROM digits GROUP BY hospital_id),
    beside AS (
        SELECT *, {_MEANS}
          FROM (SELECT *, nullif(count(*) OVER () - 1, 0) AS others FROM counted JOIN law USING (hospital_id)) numbered),
    measured AS (SELECT *, {_SPREADS} FROM beside)
    SELECT hospital_id || '/' || {_MONTH}, hospital_id,
           greatest({", ".join(_tenths(name) for name in _MEASURES)}, 0),
           jsonb_build_object('round', round(100 * round), 'round_peers', round(100 * round_mean), 'total', n,
                              'weekend', round(100 * weekend), 'weekend_peers', round(100 * weekend_mean),
                              'benford', round(benford), 'benford_peers', round(benford_mean)),
           claims, first_on, last_on
      FROM measured
     WHERE round_mean IS NOT NULL
       AND ({_far("round")} OR {_far("weekend")} OR benford >= $benford AND {_far("benford")})"""

STATEMENTS = {
    "FRD-01": _deviating(f"({_GRAVE})::integer", _GRAVE, where="care_type = 1"),
    "FRD-02": _PHANTOM,
    "FRD-03": _CLONING,
    "FRD-04": _deviating("drugs / nullif(bill, 0)", "drugs * 2 > bill", where="drugs IS NOT NULL AND bill > 0"),
    "FRD-05": _SELF_REFERRAL,
    "FRD-06": _CLASS,
    "FRD-07": _LENDING,
    "FRD-08": _SHOPPING,
    "FRD-10": _BROKER,
    "FRD-11": _FIGURES,
}
