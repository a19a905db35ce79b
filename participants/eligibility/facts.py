"""The facts the rules speak of, as SQL: one row of names for a person, a day, a service and a moment of knowledge.

``asked`` is the question, ``scheme`` the parameters in force on the day (with the defaults of ``Parameters``), ``source`` how
old the data are; beside them stands what is the person's own. The parts are put together in one of two ways that give the same
rows: ``narrow``, by key for a few people, with as few plan nodes as possible, because setting up a plan is what a look-up
costs; or wide, by hashing whole tables for everybody.
"""

import json

from django.conf import settings

from facilities.enums import FacilityKind, Service
from ksb.core.scheme import Parameters
from participants.enums import (
    CardState,
    CoverageSource,
    EnrolmentState,
    MaritalStatus,
    ResidentStatus,
    Sex,
    SyncKind,
    SyncState,
)

CITY_CODE = "32.75"
PEOPLE = "participants_resident"
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


_ASKED = "(SELECT {}) asked".format(", ".join(f"%({name})s::{type_} AS {name}" for name, type_ in QUESTION.items()))

_SCHEME = f"""
    SELECT s.id AS scheme_id, s.code AS scheme_code, lower(s.valid) AS scheme_starts, upper(s.valid) AS scheme_ends,
           {", ".join(map(_parameter, _PARAMETERS))},
           jsonb_exists(coalesce(s.parameters->'complement_categories', '{json.dumps(Parameters().complement_categories)}'),
                        asked.complement) AS complementary
      FROM {_ASKED} LEFT JOIN core_schemeversion s ON s.valid @> asked.day
    OFFSET 0
"""


def _last_run(kind, source, life):
    return f"""
    SELECT run.snapshot_date, least(run.applied_at, {_midnight("run.snapshot_date")}) + make_interval({life}) AS expires
      FROM participants_syncrun run
     WHERE run.kind = '{kind}' AND run.source = {source} AND run.state = '{SyncState.APPLIED}'
       AND run.applied_at <= asked.as_of
     ORDER BY run.snapshot_date DESC
     LIMIT 1"""


# Data are as of the end of the day of the file, but not later than we took it in. For a day long past, what we learned
# afterwards is as fresh as can be. Of the JKN lists that are in use the oldest counts: each knows people the other does not.
_SOURCE = f"""
    SELECT registry.snapshot_date AS registry_date, jkn.snapshot_date AS jkn_date,
           {_day_of("registry.expires")} AS registry_expires_on, {_day_of("jkn.expires")} AS jkn_expires_on,
           coalesce(registry.expires < least(asked.as_of, {_midnight("asked.day")}), true) AS registry_is_stale,
           coalesce(jkn.expires < least(asked.as_of, {_midnight("asked.day")}), true) AS jkn_is_stale
      FROM {_ASKED} {{scheme}}
      LEFT JOIN LATERAL (
           {_last_run(SyncKind.REGISTRY, "''", "hours => scheme.dukcapil_max_age_hours")}) registry ON true
     CROSS JOIN LATERAL (
           SELECT min(last.snapshot_date) AS snapshot_date, min(last.expires) AS expires
             FROM unnest(ARRAY[{", ".join(f"'{source}'" for source in JKN_LISTS)}]) AS list
            CROSS JOIN LATERAL ({_last_run(SyncKind.JKN, "list", "days => scheme.jkn_max_age_days")}) last) jkn
"""

_MEMBERSHIP = f"""
    SELECT DISTINCT ON (e.household_id) e.household_id, e.registered_on, e.reason_code, last.stopped_on AS membership_stops,
           CASE WHEN last.stopped_on > asked.day THEN '{EnrolmentState.ACTIVE}' ELSE e.state END AS membership
      FROM participants_enrolment e CROSS JOIN {_ASKED}
     CROSS JOIN LATERAL (
           SELECT CASE e.state WHEN '{EnrolmentState.SUSPENDED}' THEN {_day_of("e.suspended_at")}
                               WHEN '{EnrolmentState.ENDED}' THEN e.ended_on END AS stopped_on) last
     WHERE e.state IN ('{EnrolmentState.ACTIVE}', '{EnrolmentState.SUSPENDED}', '{EnrolmentState.ENDED}')
       AND e.registered_on <= asked.day {{narrow}}
     ORDER BY e.household_id, e.registered_on DESC, e.id DESC
"""

# A monthly list speaks of one month. Until the next one is in, whoever stood on the last one is taken to be on it still.
_IN_FORCE = f"""(o.status = 0 AND o.valid_from <= asked.day
            AND (o.valid_to IS NULL OR o.valid_to > asked.day OR (o.valid_to = asked.day AND scheme.tat_inclusive)
                 OR (o.open AND o.source = '{CoverageSource.PBI_LIST}')))"""
_FROM_LIST = f"o.source <> '{CoverageSource.DECLARED}'"

_COVERAGE = f"""
    SELECT o.resident_id,
           bool_or(o.segment = 21 AND {_FROM_LIST} AND {_IN_FORCE}) AS pbi_apbn,
           bool_or(o.segment = 22 AND {_FROM_LIST} AND {_IN_FORCE}) AS pbi_apbd,
           bool_or(o.segment NOT IN (21, 22) AND {_FROM_LIST} AND {_IN_FORCE}) AS jkn,
           bool_or({_FROM_LIST} AND o.valid_from <= asked.day AND NOT {_IN_FORCE}) AS jkn_lapsed,
           bool_or(o.source = '{CoverageSource.DECLARED}' AND {_IN_FORCE}) AS insured_elsewhere,
           nullif(max(CASE WHEN o.segment NOT IN (21, 22) AND {_FROM_LIST} AND {_IN_FORCE}
                           THEN coalesce(o.valid_to, 'infinity') END), 'infinity') AS jkn_until,
           min(CASE WHEN o.valid_from > asked.day THEN o.valid_from
                    WHEN {_IN_FORCE} AND o.valid_to >= asked.day THEN o.valid_to + scheme.tat_inclusive::integer
               END) AS coverage_turns_on
      FROM participants_othercoverage o CROSS JOIN {_ASKED} {{scheme}}
     WHERE o.known_from <= asked.as_of AND (o.known_to IS NULL OR o.known_to > asked.as_of) {{narrow}}
     GROUP BY o.resident_id
"""

_CARD = f"SELECT c.household_id FROM participants_card c WHERE c.state = '{CardState.ACTIVE}' {{narrow}}"

# What Dinkes has lifted for a person while the registry is being corrected.
_OVERRIDE = f"""
    SELECT DISTINCT ON (v.resident_id) v.resident_id, v.rules AS lifted, v.valid_until AS lifted_until
      FROM participants_override v CROSS JOIN {_ASKED}
     WHERE asked.day BETWEEN v.valid_from AND v.valid_until AND v.approved_at <= asked.as_of
       AND (v.revoked_at IS NULL OR v.revoked_at > asked.as_of OR {_day_of("v.revoked_at")} > asked.day) {{narrow}}
     ORDER BY v.resident_id, v.approved_at DESC
"""

# The mother of each child young enough for her to decide.
_MOTHER = f"""
    SELECT b.id AS child_id, {_moved_in("m")} AS mother_moved_in,
           EXISTS (SELECT FROM participants_enrolment e
                    WHERE e.household_id = m.household_id AND e.state = '{EnrolmentState.ACTIVE}'
                      AND e.registered_on <= asked.day) AS mother_registered,
           c.pbi_apbn, c.pbi_apbd, c.jkn, c.coverage_turns_on
      FROM {_ASKED} {{scheme}} CROSS JOIN {{children}} b
      JOIN participants_resident m ON m.nik = b.mother_nik AND m.status = {ResidentStatus.ACTIVE}
      LEFT JOIN LATERAL ({_COVERAGE.format(scheme="", narrow="AND o.resident_id = m.id")}) c ON true
     WHERE b.birth_date BETWEEN asked.day - scheme.newborn_cover_days AND asked.day
"""

# The mother decides for a newborn: its own row names her, or she stands for a child that has no NIK yet (``by_mother``).
_FACTS = f"""
    SELECT asked.*, scheme.*, source.*, r.id AS resident_id, r.household_id, r.status, r.status_on, r.birth_date,
           asked.service = '{Service.EMERGENCY}' AS emergency,
           {{facility}},
           r.city_code = '{CITY_CODE}' AS city_address, own.*, newborn.*,
           coalesce(own.moved_in, r.birth_date) AS resident_from,
           CASE WHEN scheme.min_residence_months > 0
                THEN (newborn.waits_since + make_interval(months => scheme.min_residence_months))::date END AS waiting_until,
           r.ektp_recorded, r.marital_status <> {MaritalStatus.SINGLE} AS ever_married,
           (r.birth_date + make_interval(years => scheme.ktp_el_age))::date + scheme.ktp_grace_days AS ektp_from,
           v.lifted, v.lifted_until,
           m.membership, m.registered_on, m.membership_stops, m.reason_code, k.household_id IS NOT NULL AS has_card,
           own.pbi_apbn OR own.pbi_apbd OR own.jkn AS jkn_any, o.jkn_until,
           least(o.coverage_turns_on, z.coverage_turns_on) AS coverage_turns_on,
           newborn.mother_pbi_apbn OR newborn.mother_pbi_apbd OR newborn.mother_jkn AS mother_jkn_any
      FROM {_ASKED} {{scheme}} {{source}} CROSS JOIN {{people}} r
      {{membership}} {{coverage}} {{card}} {{override}} {{mother}}
     CROSS JOIN LATERAL (
           SELECT {_moved_in("r")} AS moved_in,
                  asked.day BETWEEN r.birth_date AND r.birth_date + scheme.newborn_cover_days AS infant,
                  asked.service = '{Service.NEWBORN}' AND r.sex = {Sex.FEMALE}
                  AND r.birth_date + make_interval(years => {YOUNGEST_MOTHER}) <= asked.day AS by_mother,
                  coalesce(o.pbi_apbn, false) AS pbi_apbn, coalesce(o.pbi_apbd, false) AS pbi_apbd,
                  coalesce(o.jkn, false) AS jkn, coalesce(o.jkn_lapsed, false) AS jkn_lapsed,
                  coalesce(o.insured_elsewhere, false) AS insured_elsewhere) own
     CROSS JOIN LATERAL (
           SELECT own.infant OR (own.by_mother AND asked.day <= asked.born_on + scheme.newborn_cover_days) AS is_newborn,
                  CASE WHEN own.by_mother THEN asked.born_on ELSE r.birth_date END + scheme.newborn_cover_days AS newborn_until,
                  own.by_mother OR z.child_id IS NOT NULL AS mother_known,
                  z.mother_registered,
                  CASE WHEN z.child_id IS NULL THEN own.moved_in ELSE z.mother_moved_in END AS waits_since,
                  CASE WHEN own.by_mother THEN own.pbi_apbn ELSE coalesce(z.pbi_apbn, false) END AS mother_pbi_apbn,
                  CASE WHEN own.by_mother THEN own.pbi_apbd ELSE coalesce(z.pbi_apbd, false) END AS mother_pbi_apbd,
                  CASE WHEN own.by_mother THEN own.jkn ELSE coalesce(z.jkn, false) END AS mother_jkn) newborn
     WHERE {{who}}
"""

_FACILITY = f"""
           coalesce((SELECT f.kind = '{FacilityKind.HOSPITAL}' FROM facilities_facility f WHERE f.id = asked.facility),
                    false) AS at_hospital,
           EXISTS (SELECT FROM facilities_contract t
                    WHERE t.facility_id = asked.facility AND t.valid @> asked.day AND t.suspended_at IS NULL
                      AND asked.service = ANY (t.services)) AS contracted"""
_NO_FACILITY = "false AS at_hospital, false AS contracted"

# name in _FACTS, its alias there, text, key within the text, column of the result, what it belongs to
_JOINS = (
    ("membership", "m", _MEMBERSHIP, "e.household_id", "household_id", "r.household_id"),
    ("coverage", "o", _COVERAGE, "o.resident_id", "resident_id", "r.id"),
    ("card", "k", _CARD, "c.household_id", "household_id", "r.household_id"),
    ("override", "v", _OVERRIDE, "v.resident_id", "resident_id", "r.id"),
    ("mother", "z", _MOTHER, "b.id", "child_id", "r.id"),
)


def narrow(who, *, facility=False, people=PEOPLE):
    """Common table ``facts`` for the few people of condition ``who`` on ``r``; ``facility``: whether one is asked about.

    ``people`` is a table of residents, when the few come from another table and not from a condition.

    Holds the names of QUESTION as ``%(name)s``.
    """
    joins = {}
    for name, alias, text, key, _column, of in _JOINS:
        joined = text.format(
            narrow=f"AND {key} = {of}", scheme="", children="(SELECT r.id, r.birth_date, r.mother_nik)"
        )
        joins[name] = f"LEFT JOIN LATERAL ({joined}) {alias} ON true"
    return "facts AS ({} OFFSET 0)".format(
        _FACTS.format(
            who=who,
            people=people,
            facility=_FACILITY if facility else _NO_FACILITY,
            scheme=f"CROSS JOIN LATERAL ({_SCHEME}) scheme",
            source=f"CROSS JOIN LATERAL ({_SOURCE.format(scheme='')}) source",
            **joins,
        )
    )


def wide():
    """The same for everybody."""
    scheme, source = "CROSS JOIN scheme", "CROSS JOIN source"
    joins = {}
    for name, alias, text, _key, column, of in _JOINS:
        joined = text.format(narrow="", scheme=scheme, children=PEOPLE)
        joins[name] = f"LEFT JOIN ({joined}) {alias} ON {alias}.{column} = {of}"
    return f"""scheme AS MATERIALIZED ({_SCHEME}),
source AS MATERIALIZED ({_SOURCE.format(scheme=scheme)}),
facts AS ({_FACTS.format(who="true", people=PEOPLE, facility=_NO_FACILITY, scheme=scheme, source=source, **joins)} OFFSET 0)"""
