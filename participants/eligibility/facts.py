"""The facts the rules speak of, as SQL: one row of names for a person, a day, a service and a moment of knowledge.

Three common tables come first and are the same for everybody: ``asked`` (the question), ``scheme`` (the parameters in force on
the day, with the defaults of ``Parameters``), ``source`` (how old the data are). ``FACTS`` puts a person's own beside them.
What hangs on a person is joined in one of two ways that give the same rows: ``narrow``, by key for a few people, or wide, by
hashing whole tables for everybody.
"""

import json
from functools import partial

from django.conf import settings

from ksb.core.scheme import Parameters
from participants.enums import CoverageSource, EnrolmentState, MaritalStatus, ResidentStatus, Sex, SyncKind

CITY_CODE = "32.75"
# A birth is reported within 60 days (UU 24/2013 ps. 27): who was registered by then was born here and did not move in.
BIRTH_REPORT_DAYS = 60
YOUNGEST_MOTHER = 12
JKN_LISTS = ("", CoverageSource.PBI_LIST, CoverageSource.BPJS_LIST)

# What a question consists of, with the types a prepared statement declares.
QUESTION = {
    "day": "date",
    "as_of": "timestamptz",
    "service": "text",
    "facility": "bigint",
    "referred": "boolean",
    "cause": "text",
    "complement": "text",
    "household_shown": "bigint",
    "born_on": "date",
}

_SQL_TYPES = {bool: "boolean", int: "integer"}
_PARAMETERS = (
    "open",
    "registration_required",
    "min_residence_months",
    "referral_required",
    "emergency_report_hours",
    "newborn_cover_days",
    "pbi_blocks",
    "jkn_blocks",
    "other_insurance_blocks",
    "ktp_el_required",
    "ktp_el_age",
    "ktp_grace_days",
    "tat_inclusive",
    "jkn_max_age_days",
    "dukcapil_max_age_hours",
)


def _parameter(name):
    """A parameter of the version in force as typed SQL; what the version leaves unsaid is the default of the dataclass."""
    field = Parameters.__dataclass_fields__[name]
    return f"coalesce((s.parameters->>'{name}')::{_SQL_TYPES[field.type]}, {json.dumps(field.default)}) AS {name}"


def _midnight(day):
    """The end of a day in the city, as a moment."""
    return f"(({day} + 1)::timestamp AT TIME ZONE '{settings.TIME_ZONE}')"


def _day_of(moment):
    return f"({moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"


def _moved_in(person):
    """The day a person came to live in the city; NULL for who was born here."""
    return f"CASE WHEN {person}.resident_since > {person}.birth_date + {BIRTH_REPORT_DAYS} THEN {person}.resident_since END"


_ASKED = """asked AS (
    SELECT q.*, q.service = 'EMERGENCY' AS emergency,
           coalesce((SELECT kind = 'HOSPITAL' FROM facilities_facility WHERE id = q.facility), false) AS at_hospital,
           EXISTS (SELECT FROM facilities_contract c
                    WHERE c.facility_id = q.facility AND c.valid @> q.day AND c.suspended_at IS NULL
                      AND q.service = ANY (c.services)) AS contracted
      FROM (SELECT {question}) q
)"""

_SCHEME = """scheme AS (
    SELECT s.id AS scheme_id, s.code AS scheme_code, lower(s.valid) AS scheme_starts, upper(s.valid) AS scheme_ends,
           {parameters},
           jsonb_exists(coalesce(s.parameters->'complement_categories', '{categories}'), asked.complement) AS complementary
      FROM asked LEFT JOIN core_schemeversion s ON s.valid @> asked.day
)"""

# Data are as of the end of the day of the file, but not later than we took it in. For a day long past, what we learned
# afterwards is as fresh as can be. Of the JKN lists that are in use the oldest counts: each knows people the other does not.
_SOURCE = """source AS (
    SELECT registry.snapshot_date AS registry_date, jkn.snapshot_date AS jkn_date,
           registry.expires AS registry_expires, jkn.expires AS jkn_expires,
           coalesce(registry.expires < least(asked.as_of, {end_of_day}), true) AS registry_is_stale,
           coalesce(jkn.expires < least(asked.as_of, {end_of_day}), true) AS jkn_is_stale
      FROM asked
      LEFT JOIN LATERAL ({registry}) registry ON true
      LEFT JOIN LATERAL (
           SELECT last.* FROM unnest(ARRAY[{lists}]) AS list CROSS JOIN LATERAL ({jkn}) last
            ORDER BY last.expires LIMIT 1) jkn ON true
)"""

_LAST_RUN = """
    SELECT r.snapshot_date, least(r.applied_at, {end_of_snapshot}) + make_interval({life}) AS expires
      FROM participants_syncrun r, scheme
     WHERE r.kind = '{kind}' AND r.source = {list} AND r.state = 'APPLIED' AND r.applied_at <= asked.as_of
     ORDER BY r.snapshot_date DESC, r.id DESC
     LIMIT 1
"""

_MEMBERSHIP = f"""
    SELECT DISTINCT ON (e.household_id) e.household_id, e.registered_on, e.ended_on, e.reason_code,
           CASE WHEN e.state = 'SUSPENDED' AND ({_day_of("e.suspended_at")} > asked.day) IS NOT TRUE THEN 'SUSPENDED'
                WHEN e.state = 'ENDED' AND (e.ended_on > asked.day) IS NOT TRUE THEN 'ENDED'
                ELSE 'ACTIVE' END AS membership
      FROM participants_enrolment e, asked
     WHERE e.state IN ('{EnrolmentState.ACTIVE}', '{EnrolmentState.SUSPENDED}', '{EnrolmentState.ENDED}')
       AND e.registered_on <= asked.day {{narrow}}
     ORDER BY e.household_id, e.registered_on DESC, e.id DESC
"""

_IN_FORCE = """(o.status = 0 AND o.valid_from <= asked.day
            AND (o.valid_to IS NULL OR o.valid_to > asked.day OR (o.valid_to = asked.day AND scheme.tat_inclusive)))"""

_COVERAGE = f"""
    SELECT o.resident_id,
           bool_or(o.segment = 21) FILTER (WHERE {_IN_FORCE} AND o.source <> 'DECLARED') AS pbi_apbn,
           bool_or(o.segment = 22) FILTER (WHERE {_IN_FORCE} AND o.source <> 'DECLARED') AS pbi_apbd,
           bool_or(o.segment NOT IN (21, 22)) FILTER (WHERE {_IN_FORCE} AND o.source <> 'DECLARED') AS jkn,
           bool_or({_IN_FORCE} AND o.source = 'DECLARED') AS insured_elsewhere,
           bool_or(NOT {_IN_FORCE} AND o.valid_from <= asked.day AND o.source <> 'DECLARED') AS jkn_lapsed,
           nullif(max(coalesce(o.valid_to, 'infinity'))
                  FILTER (WHERE {_IN_FORCE} AND o.source <> 'DECLARED'), 'infinity') AS jkn_until,
           min(CASE WHEN o.valid_from > asked.day THEN o.valid_from
                    WHEN {_IN_FORCE} THEN o.valid_to + scheme.tat_inclusive::integer END) AS coverage_turns_on
      FROM participants_othercoverage o, asked, scheme
     WHERE o.known_from <= asked.as_of AND (o.known_to IS NULL OR o.known_to > asked.as_of) {{narrow}}
     GROUP BY o.resident_id
"""

_CARD = """
    SELECT c.household_id FROM participants_card c WHERE c.state = 'ACTIVE' {narrow}
"""

_MOTHER = f"""
    SELECT b.id AS child_id, {_moved_in("m")} AS mother_moved_in,
           EXISTS (SELECT FROM participants_enrolment e
                    WHERE e.household_id = m.household_id AND e.state = '{EnrolmentState.ACTIVE}'
                      AND e.registered_on <= asked.day) AS mother_registered,
           c.pbi_apbn, c.pbi_apbd, c.jkn
      FROM asked CROSS JOIN scheme
      JOIN participants_resident b ON b.birth_date BETWEEN asked.day - scheme.newborn_cover_days AND asked.day {{narrow}}
      JOIN participants_resident m ON m.nik = b.mother_nik AND m.status = {ResidentStatus.ACTIVE}
      LEFT JOIN LATERAL ({_COVERAGE.format(narrow="AND o.resident_id = m.id")}) c ON true
"""

# The mother decides for a newborn: its own row names her, or she stands for a child that has no NIK yet (``by_mother``).
_FACTS = f"""facts AS (
    SELECT asked.*, scheme.*, source.*, r.id AS resident_id, r.household_id, r.status, r.status_on, r.birth_date,
           r.city_code = '{CITY_CODE}' AS city_address, own.moved_in, own.infant, own.by_mother, newborn.*,
           coalesce(own.moved_in, r.birth_date) AS resident_from,
           CASE WHEN scheme.min_residence_months > 0
                THEN (newborn.clock + make_interval(months => scheme.min_residence_months))::date END AS waiting_until,
           r.ektp_recorded, r.marital_status <> {MaritalStatus.SINGLE} AS ever_married,
           (r.birth_date + make_interval(years => scheme.ktp_el_age))::date + scheme.ktp_grace_days AS ektp_from,
           m.membership, m.registered_on, m.ended_on, m.reason_code,
           k.household_id IS NOT NULL AS has_card,
           own.pbi_apbn, own.pbi_apbd, own.jkn, own.pbi_apbn OR own.pbi_apbd OR own.jkn AS jkn_any,
           coalesce(o.jkn_lapsed, false) AS jkn_lapsed, coalesce(o.insured_elsewhere, false) AS insured_elsewhere,
           o.jkn_until, o.coverage_turns_on,
           newborn.mother_pbi_apbn OR newborn.mother_pbi_apbd OR newborn.mother_jkn AS mother_jkn_any
      FROM asked CROSS JOIN scheme CROSS JOIN source CROSS JOIN participants_resident r
      {{membership}} {{coverage}} {{card}} {{mother}}
     CROSS JOIN LATERAL (
           SELECT {_moved_in("r")} AS moved_in,
                  asked.day BETWEEN r.birth_date AND r.birth_date + scheme.newborn_cover_days AS infant,
                  asked.service = 'NEWBORN' AND r.sex = {Sex.FEMALE}
                  AND r.birth_date + make_interval(years => {YOUNGEST_MOTHER}) <= asked.day AS by_mother,
                  coalesce(o.pbi_apbn, false) AS pbi_apbn, coalesce(o.pbi_apbd, false) AS pbi_apbd,
                  coalesce(o.jkn, false) AS jkn) own
     CROSS JOIN LATERAL (
           SELECT own.infant OR (own.by_mother AND asked.day <= asked.born_on + scheme.newborn_cover_days) AS is_newborn,
                  CASE WHEN own.by_mother THEN asked.born_on ELSE r.birth_date END + scheme.newborn_cover_days AS newborn_until,
                  own.by_mother OR z.child_id IS NOT NULL AS mother_known,
                  z.mother_registered,
                  CASE WHEN z.child_id IS NULL THEN own.moved_in ELSE z.mother_moved_in END AS clock,
                  CASE WHEN own.by_mother THEN own.pbi_apbn ELSE z.pbi_apbn END AS mother_pbi_apbn,
                  CASE WHEN own.by_mother THEN own.pbi_apbd ELSE z.pbi_apbd END AS mother_pbi_apbd,
                  CASE WHEN own.by_mother THEN own.jkn ELSE z.jkn END AS mother_jkn) newborn
     WHERE {{who}}
)"""

_JOINS = (
    ("membership", "m", _MEMBERSHIP, "e.household_id", "household_id", "r.household_id"),
    ("coverage", "o", _COVERAGE, "o.resident_id", "resident_id", "r.id"),
    ("card", "k", _CARD, "c.household_id", "household_id", "r.household_id"),
    ("mother", "z", _MOTHER, "b.id", "child_id", "r.id"),
)


def _joins(*, narrow):
    """The four things that hang on a person, by key (``narrow``) or as whole tables."""
    clauses = {}
    for name, alias, text, key, column, of in _JOINS:
        if narrow:
            clauses[name] = f"LEFT JOIN LATERAL ({text.format(narrow=f'AND {key} = {of}')}) {alias} ON true"
        else:
            clauses[name] = f"LEFT JOIN ({text.format(narrow='')}) {alias} ON {alias}.{column} = {of}"
    return clauses


def facts(*, who, narrow):
    """Common table expressions ``asked, scheme, source, facts``, for the people of condition ``who`` on ``r``.

    The text holds the names of QUESTION as ``%(name)s``.
    """
    end_of_day, end_of_snapshot = _midnight("asked.day"), _midnight("r.snapshot_date")
    run = partial(_LAST_RUN.format, end_of_snapshot=end_of_snapshot)
    return ",\n".join(
        (
            _ASKED.format(question=", ".join(f"%({name})s::{type_} AS {name}" for name, type_ in QUESTION.items())),
            _SCHEME.format(
                parameters=", ".join(map(_parameter, _PARAMETERS)),
                categories=json.dumps(Parameters().complement_categories),
            ),
            _SOURCE.format(
                end_of_day=end_of_day,
                lists=", ".join(f"'{source}'" for source in JKN_LISTS),
                registry=run(kind=SyncKind.REGISTRY, list="''", life="hours => scheme.dukcapil_max_age_hours"),
                jkn=run(kind=SyncKind.JKN, list="list", life="days => scheme.jkn_max_age_days"),
            ),
            _FACTS.format(who=who, **_joins(narrow=narrow)),
        )
    )
