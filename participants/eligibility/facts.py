"""The facts the rules speak of, as SQL: one row of names for a person, a day, a service and a moment of knowledge.

``asked`` is the question, ``scheme`` the parameters in force on the day (with the defaults of ``Parameters``), ``source`` how
old the data are; beside them stands what is the person's own. The parts are put together in one of two ways that give the same
rows: ``narrow``, by key for a few people, with as few plan nodes as possible, because setting up a plan is what a look-up
costs; or wide, by hashing whole tables for everybody.
"""

from django.conf import settings

from facilities.conditions import terms_in_force
from facilities.enums import FacilityKind, Service
from participants.eligibility import question
from participants.enums import (
    CardState,
    CoverageSource,
    EnrolmentState,
    Funding,
    MaritalStatus,
    ResidentStatus,
    Sex,
    SpecialState,
    SyncKind,
    SyncState,
)
from participants.models.coverage import NOT_A_MEMBER

CITY_CODE = "32.75"
PEOPLE = "participants_resident"
# A birth is reported within 60 days (UU 24/2013 ps. 27): who was registered by then was born here and did not move in.
BIRTH_REPORT_DAYS = 60
YOUNGEST_MOTHER = 12
JKN_LISTS = ("", CoverageSource.PBI_LIST, CoverageSource.BPJS_LIST)


def _midnight(day):
    """The end of a day in the city, as a moment."""
    return f"(({day} + 1)::timestamp AT TIME ZONE '{settings.TIME_ZONE}')"


def _day_of(moment):
    return f"({moment} AT TIME ZONE '{settings.TIME_ZONE}')::date"


def _moved_in(person):
    """The day a person came to live in the city; NULL for who was born here."""
    return f"CASE WHEN {person}.resident_since > {person}.birth_date + {BIRTH_REPORT_DAYS} THEN {person}.resident_since END"


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
    SELECT registry.snapshot_date AS registry_date, jkn.snapshot_date AS jkn_list_date,
           {_day_of("registry.expires")} AS registry_expires_on, {_day_of("jkn.expires")} AS jkn_expires_on,
           coalesce(registry.expires < least(asked.as_of, {_midnight("asked.begun_on")}), true) AS registry_is_stale,
           coalesce(jkn.expires < least(asked.as_of, {_midnight("asked.begun_on")}), true) AS jkn_is_stale
      FROM {{asked}} {{scheme}}
      LEFT JOIN LATERAL (
           {_last_run(SyncKind.REGISTRY, "''", "hours => scheme.dukcapil_max_age_hours")}) registry ON true
     CROSS JOIN LATERAL (
           SELECT min(last.snapshot_date) AS snapshot_date, min(last.expires) AS expires
             FROM unnest(ARRAY[{", ".join(f"'{source}'" for source in JKN_LISTS)}]) AS list
            CROSS JOIN LATERAL ({_last_run(SyncKind.JKN, "list", "days => scheme.jkn_max_age_days")}) last) jkn
"""

# When the end of a membership was written down the journal tells; its day may lie before.
_STOP_WAS_KNOWN = f"""CASE e.state
        WHEN '{EnrolmentState.SUSPENDED}' THEN e.suspended_at <= asked.as_of
        WHEN '{EnrolmentState.ENDED}' THEN NOT EXISTS (
            SELECT FROM core_journalentry j
             WHERE j.object_type = 'participants.enrolment' AND j.object_id = e.id
               AND j.verb IN ('enrolment.end', 'enrolment.end_by_registry') AND j.at > asked.as_of)
        ELSE true END"""


def _membership(*, as_known):
    """The family's membership; ``as_known``: as it was believed to be at ``as_of``. Not approved yet is no membership then, and
    a suspension or an end that was written down later had not happened.
    """
    stopped = f"""CASE e.state WHEN '{EnrolmentState.SUSPENDED}' THEN {_day_of("e.suspended_at")}
                               WHEN '{EnrolmentState.ENDED}' THEN e.ended_on END"""
    unheard, begun = "", ""
    if as_known:
        unheard = f"NOT ({_STOP_WAS_KNOWN}) OR "
        stopped = f"CASE WHEN {_STOP_WAS_KNOWN} THEN {stopped} END"
        begun = "AND (e.approved_at IS NULL OR e.approved_at <= asked.as_of)"  # legacy lists were known all along
    return f"""
    SELECT DISTINCT ON (e.household_id) e.household_id, e.registered_on, e.reason_code, last.stopped_on AS membership_stops,
           CASE WHEN {unheard}last.stopped_on > asked.begun_on THEN '{EnrolmentState.ACTIVE}' ELSE e.state END AS membership
      FROM participants_enrolment e CROSS JOIN {{asked}}
     CROSS JOIN LATERAL (SELECT {stopped} AS stopped_on) last
     WHERE e.state IN ('{EnrolmentState.ACTIVE}', '{EnrolmentState.SUSPENDED}', '{EnrolmentState.ENDED}')
       AND e.registered_on <= asked.begun_on {begun} {{narrow}}
     ORDER BY e.household_id, e.registered_on DESC, e.id DESC
"""


# A monthly list speaks of one month. Until the next one is in, whoever stood on the last one is taken to be on it still.
_IN_FORCE = f"""(o.status = 0 AND o.valid_from <= asked.begun_on
            AND (o.valid_to IS NULL OR o.valid_to > asked.begun_on OR (o.valid_to = asked.begun_on AND scheme.tat_inclusive)
                 OR (o.open AND o.source = '{CoverageSource.PBI_LIST}')))"""
_FROM_LIST = f"o.source <> '{CoverageSource.DECLARED}'"
# What BPJS told on line is as fresh as the day on which it was asked, however old the lists are.
_ASKED_TODAY = f"(o.source = '{CoverageSource.ONLINE}' AND {_day_of('o.known_from')} = asked.begun_on)"

_COVERAGE = f"""
    SELECT o.resident_id,
           bool_or(o.segment = 21 AND {_FROM_LIST} AND {_IN_FORCE}) AS pbi_apbn,
           bool_or(o.segment = 22 AND {_FROM_LIST} AND {_IN_FORCE}) AS pbi_apbd,
           bool_or(o.segment NOT IN (21, 22) AND {_FROM_LIST} AND {_IN_FORCE}) AS jkn,
           bool_or({_FROM_LIST} AND o.valid_from <= asked.begun_on AND NOT {_IN_FORCE}
                   AND o.status <> {NOT_A_MEMBER}) AS jkn_lapsed,
           bool_or({_FROM_LIST} AND o.segment IN (21, 22) AND o.valid_from <= asked.begun_on AND NOT {_IN_FORCE}) AS pbi_lapsed,
           max(CASE WHEN o.source = '{CoverageSource.DECLARED}' AND {_IN_FORCE} THEN o.insurer END) AS insurer,
           nullif(max(CASE WHEN o.segment NOT IN (21, 22) AND {_FROM_LIST} AND {_IN_FORCE}
                           THEN coalesce(o.valid_to, 'infinity') END), 'infinity') AS jkn_until,
           bool_or({_ASKED_TODAY}) AS jkn_asked,
           min(CASE WHEN {_ASKED_TODAY} THEN asked.begun_on + 1
                    WHEN o.valid_from > asked.begun_on THEN o.valid_from
                    WHEN {_IN_FORCE} AND o.valid_to >= asked.begun_on THEN o.valid_to + scheme.tat_inclusive::integer
               END) AS coverage_turns_on
      FROM participants_othercoverage o CROSS JOIN {{asked}} {{scheme}}
     WHERE o.known_from <= asked.as_of AND (o.known_to IS NULL OR o.known_to > asked.as_of) {{narrow}}
     GROUP BY o.resident_id
"""

_CARD = f"SELECT c.household_id FROM participants_card c WHERE c.state = '{CardState.ACTIVE}' {{narrow}}"

# What Dinkes has lifted for a person while the registry is being corrected.
_OVERRIDE = f"""
    SELECT DISTINCT ON (v.resident_id) v.resident_id, v.rules AS lifted, v.valid_until AS lifted_until
      FROM participants_override v CROSS JOIN {{asked}}
     WHERE asked.day BETWEEN v.valid_from AND v.valid_until AND v.approved_at <= asked.as_of
       AND (v.revoked_at IS NULL OR v.revoked_at > asked.as_of OR {_day_of("v.revoked_at")} > asked.day) {{narrow}}
     ORDER BY v.resident_id, v.approved_at DESC
"""

# The mother of each child young enough for her to decide.
_MOTHER = f"""
    SELECT b.id AS child_id, {_moved_in("m")} AS mother_moved_in,
           EXISTS (SELECT FROM participants_enrolment e
                    WHERE e.household_id = m.household_id AND e.state = '{EnrolmentState.ACTIVE}'
                      AND e.registered_on <= asked.begun_on) AS mother_registered,
           c.pbi_apbn, c.pbi_apbd, c.jkn, c.coverage_turns_on
      FROM {{asked}} {{scheme}} CROSS JOIN {{children}} b
      JOIN {{registry}} m ON m.nik = b.mother_nik AND m.status = {ResidentStatus.ACTIVE}
      LEFT JOIN LATERAL ({_COVERAGE.format(asked="{asked}", scheme="", narrow="AND o.resident_id = m.id")}) c ON true
     WHERE b.birth_date BETWEEN asked.begun_on - scheme.newborn_cover_days AND asked.begun_on
"""

# Grounds of a person's own, each with its first and last day: a split of the family, a letter of Dinsos, an event.
_IN_FORCE_ONCE = f"IN ('{SpecialState.APPROVED}', '{SpecialState.ENDED}')"
_GROUNDS = f"""
    SELECT {{group}}
           max(g.until) FILTER (WHERE g.ground = 'SPLIT' AND asked.begun_on BETWEEN g.since AND g.until) AS grace_until,
           max(g.until) FILTER (WHERE g.ground = 'LETTER' AND asked.begun_on BETWEEN g.since AND g.until) AS special_until,
           max(g.name) FILTER (WHERE g.ground = 'EVENT' AND asked.begun_on BETWEEN g.since AND g.until) AS event_name,
           max(g.name) FILTER (WHERE g.ground = '{Funding.CENTRAL}' AND asked.begun_on BETWEEN g.since AND g.until)
               AS central_event,
           min(CASE WHEN g.since > asked.begun_on THEN g.since
                    WHEN g.until >= asked.begun_on AND g.until < 'infinity' THEN g.until + 1 END) AS ground_turns_on
      FROM (SELECT s.resident_id, 'SPLIT' AS ground, NULL AS name, s.since, s.until
              FROM participants_splitgrace s {{split}}
            UNION ALL
            SELECT c.resident_id, 'LETTER', NULL, c.valid_from, c.valid_until
              FROM participants_specialcover c WHERE c.state {_IN_FORCE_ONCE} AND {{letter}}
            UNION ALL {{events}}) g
     CROSS JOIN {{asked}} {{grouped}}
"""
_EVENT = f"""CASE v.funding WHEN '{Funding.CENTRAL}' THEN v.funding ELSE 'EVENT' END, v.name, v.valid_from,
                   coalesce(v.valid_until, 'infinity') FROM participants_specialevent v"""
_LISTED = "SELECT FROM participants_eventperson l WHERE l.event_id = v.id AND l.resident_id = r.id"
_GROUNDS_OF_ONE = {
    "group": "",
    "grouped": "",
    "split": "WHERE s.resident_id = r.id",
    "letter": "c.resident_id = r.id",
    "events": f"""
            SELECT r.id, {_EVENT}
             WHERE v.state {_IN_FORCE_ONCE} AND ((v.whole_area AND r.kelurahan_id = ANY (v.area)) OR EXISTS ({_LISTED}))""",
}
# A person without NIK is no resident: only the letter speaks of them.
_GROUNDS_OF_NOBODY = _GROUNDS_OF_ONE | {"letter": "c.public_id = %(special)s"}
_GROUNDS_OF_ALL = {
    "group": "g.resident_id,",
    "grouped": "GROUP BY g.resident_id",
    "split": "",
    "letter": "c.resident_id IS NOT NULL",
    "events": f"""
            SELECT l.resident_id, {_EVENT} JOIN participants_eventperson l ON l.event_id = v.id
             WHERE v.state {_IN_FORCE_ONCE}
            UNION ALL
            SELECT p.id, {_EVENT} JOIN {PEOPLE} p ON p.kelurahan_id = ANY (v.area)
             WHERE v.state {_IN_FORCE_ONCE} AND v.whole_area""",
}

# The mother decides for a newborn: its own row names her, or she stands for a child that has no NIK yet (``by_mother``).
_FACTS = f"""
    SELECT scheme.*, source.*, r.id AS resident_id, r.household_id, r.status, r.status_on, r.birth_date,
           {{case}}
           r.city_code = '{CITY_CODE}' AS city_address, own.*, newborn.*,
           coalesce(own.moved_in, r.birth_date) AS resident_from,
           CASE WHEN scheme.min_residence_months > 0
                THEN (newborn.waits_since + make_interval(months => scheme.min_residence_months))::date END AS waiting_until,
           r.ektp_recorded, r.marital_status <> {MaritalStatus.SINGLE} AS ever_married,
           (r.birth_date + make_interval(years => scheme.ktp_el_age))::date + scheme.ktp_grace_days AS ektp_from,
           v.lifted, v.lifted_until,
           m.membership, m.registered_on, m.membership_stops, m.reason_code, k.household_id IS NOT NULL AS has_card,
           CASE WHEN own.jkn_asked THEN asked.begun_on ELSE source.jkn_list_date END AS jkn_date,
           own.pbi_apbn OR own.pbi_apbd OR own.jkn AS jkn_any, o.jkn_until, o.insurer,
           least(o.coverage_turns_on, z.coverage_turns_on) AS coverage_turns_on,
           g.grace_until, CASE WHEN scheme.special_groups THEN g.special_until END AS special_until,
           g.event_name, g.central_event, g.ground_turns_on,
           newborn.mother_pbi_apbn OR newborn.mother_pbi_apbd OR newborn.mother_jkn AS mother_jkn_any
      FROM {{asked}} {{scheme}} {{source}} CROSS JOIN {{people}} r
      {{membership}} {{coverage}} {{card}} {{override}} {{mother}} {{grounds}}
     CROSS JOIN LATERAL (
           SELECT {_moved_in("r")} AS moved_in,
                  asked.begun_on BETWEEN r.birth_date AND r.birth_date + scheme.newborn_cover_days AS infant,
                  asked.service = '{Service.NEWBORN}' AND r.sex = {Sex.FEMALE}
                  AND r.birth_date + make_interval(years => {YOUNGEST_MOTHER}) <= asked.begun_on AS by_mother,
                  coalesce(o.pbi_apbn, false) AS pbi_apbn, coalesce(o.pbi_apbd, false) AS pbi_apbd,
                  coalesce(o.jkn, false) AS jkn, coalesce(o.jkn_lapsed, false) AS jkn_lapsed,
                  coalesce(o.pbi_lapsed, false) AS pbi_lapsed, coalesce(o.jkn_asked, false) AS jkn_asked) own
     CROSS JOIN LATERAL (
           SELECT own.infant OR (own.by_mother AND coalesce(asked.begun_on <= asked.born_on + scheme.newborn_cover_days, true))
                      AS is_newborn,
                  CASE WHEN own.by_mother THEN coalesce(asked.born_on, asked.begun_on)
                       ELSE r.birth_date END + scheme.newborn_cover_days AS newborn_until,
                  own.by_mother OR z.child_id IS NOT NULL AS mother_known,
                  z.mother_registered,
                  CASE WHEN z.child_id IS NULL THEN own.moved_in ELSE z.mother_moved_in END AS waits_since,
                  CASE WHEN own.by_mother THEN own.pbi_apbn ELSE coalesce(z.pbi_apbn, false) END AS mother_pbi_apbn,
                  CASE WHEN own.by_mother THEN own.pbi_apbd ELSE coalesce(z.pbi_apbd, false) END AS mother_pbi_apbd,
                  CASE WHEN own.by_mother THEN own.jkn ELSE coalesce(z.jkn, false) END AS mother_jkn) newborn
     WHERE {{who}}
"""

# The programme may have ended since the care began; what that day's version says is all that counts for it.
_CASE = f"""
           coalesce((SELECT f.kind = '{FacilityKind.HOSPITAL}' FROM facilities_facility f WHERE f.id = asked.facility),
                    false) AS at_hospital,
           EXISTS (SELECT {terms_in_force("asked.facility", "asked.begun_on")}
                      AND asked.service = ANY (t.services)) AS contracted,
           asked.begun_on < asked.day AND NOT EXISTS (
               SELECT FROM core_schemeversion v
                WHERE v.valid @> asked.day AND coalesce((v.parameters->>'open')::boolean, true)) AS stopped_since,
           CASE WHEN asked.begun_on < asked.day AND r.status = {ResidentStatus.MOVED_OUT}
                THEN r.status_on + scheme.transition_days END AS transition_until,"""
_NO_CASE = ", ".join(
    [
        *("false AS at_hospital", "false AS contracted", "false AS stopped_since", "NULL::date AS transition_until"),
        question.SCHEME_UNASKED,
    ]
)

_EARLIER = {
    "status": "smallint",
    "status_on": "date",
    "birth_date": "date",
    "sex": "smallint",
    "city_code": "text",
    "resident_since": "date",
    "ektp_recorded": "boolean",
    "marital_status": "smallint",
    "mother_nik": "text",
}
# The registry as it was believed to be at ``as_of``: the earliest version that was replaced since, or else what is said today.
# A membership that followed its family to another KK is found there.
PEOPLE_AS_KNOWN = """(
    SELECT p.id, p.nik, {columns},
           CASE WHEN w.data IS NULL THEN p.kelurahan_id ELSE w.data->>'kelurahan' END AS kelurahan_id,
           CASE WHEN w.data IS NULL THEN p.household_id
                ELSE (SELECT coalesce(h.successor_id, h.id) FROM participants_household h
                       WHERE h.kk_number = w.data->>'kk_number') END AS household_id
      FROM participants_resident p
      LEFT JOIN LATERAL (SELECT v.data FROM participants_residentversion v
                          WHERE v.resident_id = p.id AND v.known_to > %(as_of)s
                          ORDER BY v.known_to, v.id LIMIT 1) w ON true
     WHERE p.known_from IS NULL OR p.known_from <= %(as_of)s)""".format(
    columns=", ".join(
        f"CASE WHEN w.data IS NULL THEN p.{name} ELSE (w.data->>'{name}')::{sql_type} END AS {name}"
        for name, sql_type in _EARLIER.items()
    )
)

# name in _FACTS, its alias there, text, key within the text, column of the result, what it belongs to
_JOINS = (
    ("membership", "m", _membership(as_known=False), "e.household_id", "household_id", "r.household_id"),
    ("coverage", "o", _COVERAGE, "o.resident_id", "resident_id", "r.id"),
    ("card", "k", _CARD, "c.household_id", "household_id", "r.household_id"),
    ("override", "v", _OVERRIDE, "v.resident_id", "resident_id", "r.id"),
    ("mother", "z", _MOTHER, "b.id", "child_id", "r.id"),
)


def _facts(known, *, case):
    """Common table ``facts``: what is ``known`` of people, worked out once, and the question. What is the same for everybody
    stands outside, where the planner sees it: a rule about a case that nobody told costs nothing.
    """
    asked, untold = (question.ASKED_WITH_CASE, "") if case else (question.ASKED, f", {_NO_CASE}")
    emergency = f"asked.service = '{Service.EMERGENCY}' AS emergency"
    return f"facts AS (SELECT known.*, asked.*, {emergency}{untold} FROM ({known} OFFSET 0) known CROSS JOIN {asked})"


def narrow(who, *, case=False, people=PEOPLE, registry=PEOPLE, grounds=_GROUNDS_OF_ONE):
    """Common table ``facts`` for the few people of condition ``who`` on ``r``; ``case``: whether one is told.

    ``people`` is a table of residents, when the few come from another table and not from a condition; ``registry`` the one
    in which their mothers are found.

    Holds the names of QUESTION as ``%(name)s``, with a case those of CASE too.
    """
    asked = question.ASKED_WITH_CASE if case else question.ASKED
    joins = {}
    for name, alias, text, key, _column, of in _JOINS:
        if name == "membership" and registry is PEOPLE_AS_KNOWN:
            text = _membership(as_known=True)
        joined = text.format(
            asked=asked,
            narrow=f"AND {key} = {of}",
            scheme="",
            children="(SELECT r.id, r.birth_date, r.mother_nik)",
            registry=registry,
        )
        joins[name] = f"LEFT JOIN LATERAL ({joined}) {alias} ON true"
    joins["grounds"] = f"LEFT JOIN LATERAL ({_GROUNDS.format(asked=asked, **grounds)}) g ON true"
    known = _FACTS.format(
        asked=asked,
        who=who,
        people=people,
        case=_CASE if case else "",
        scheme=f"CROSS JOIN LATERAL ({question.scheme(case)}) scheme",
        source=f"CROSS JOIN LATERAL ({_SOURCE.format(asked=asked, scheme='')}) source",
        **joins,
    )
    return _facts(known, case=case)


def of_the_city():
    """What everybody's decision rests on: the version in force, and whether registry and JKN lists are too old."""
    source = _SOURCE.format(asked=question.ASKED, scheme="")
    return f"""SELECT scheme.scheme_id, source.registry_is_stale, source.jkn_is_stale
                 FROM ({question.scheme(False)}) scheme CROSS JOIN LATERAL ({source}) source"""


def of_special(*, case=False):
    """The same for one person without NIK, by the register of special covers: ``%(special)s`` is the public id."""
    people = f"""(SELECT NULL::bigint AS id, NULL::bigint AS household_id, {ResidentStatus.ACTIVE} AS status,
                         NULL::date AS status_on, birth_date, sex, '{CITY_CODE}' AS city_code, NULL::date AS resident_since,
                         true AS ektp_recorded, {MaritalStatus.SINGLE} AS marital_status, '' AS mother_nik,
                         NULL AS kelurahan_id
                    FROM participants_specialcover WHERE public_id = %(special)s)"""
    return narrow("true", case=case, people=people, grounds=_GROUNDS_OF_NOBODY)


def wide():
    """The same for everybody with an id from ``%(first)s`` to ``%(last)s``, without a case."""
    scheme, source = "CROSS JOIN scheme", "CROSS JOIN source"
    within = "BETWEEN %(first)s AND %(last)s"
    of_part = {
        "r.id": within,
        "r.household_id": f"IN (SELECT household_id FROM {PEOPLE} WHERE id {within})",
    }
    children = f"(SELECT * FROM {PEOPLE} WHERE id {within})"
    joins = {}
    for name, alias, text, key, column, of in _JOINS:
        joined = text.format(
            asked=question.ASKED, narrow=f"AND {key} {of_part[of]}", scheme=scheme, children=children, registry=PEOPLE
        )
        joins[name] = f"LEFT JOIN ({joined}) {alias} ON {alias}.{column} = {of}"
    joins["grounds"] = (
        f"LEFT JOIN ({_GROUNDS.format(asked=question.ASKED, **_GROUNDS_OF_ALL)}) g ON g.resident_id = r.id"
    )
    known = _FACTS.format(
        asked=question.ASKED, who=f"r.id {within}", people=PEOPLE, case="", scheme=scheme, source=source, **joins
    )
    return f"""scheme AS MATERIALIZED ({question.scheme(False)}),
source AS MATERIALIZED ({_SOURCE.format(asked=question.ASKED, scheme=scheme)}),
{_facts(known, case=False)}"""
