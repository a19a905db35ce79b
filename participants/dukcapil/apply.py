"""Write what ``differences`` found into the registry tables, history first. The caller holds the one transaction."""

from dataclasses import dataclass

from django.db import connection

from ksb.core.scheme import Parameters, scheme_on
from participants.dukcapil import first_load
from participants.enums import EnrolmentState, ResidentStatus

_GONE = int(ResidentStatus.GONE)
_ACTIVE = int(ResidentStatus.ACTIVE)

_EARLIER = """
SELECT r.id, jsonb_build_object(
           'nik', r.nik, 'kk_number', h.kk_number, 'name', r.name, 'sex', r.sex, 'birth_place', r.birth_place,
           'birth_date', r.birth_date, 'relation', r.relation, 'marital_status', r.marital_status,
           'mother_nik', r.mother_nik, 'address', h.address, 'rt', h.rt, 'rw', h.rw, 'kelurahan', r.kelurahan_id,
           'city_code', r.city_code, 'resident_since', r.resident_since, 'ektp_recorded', r.ektp_recorded,
           'status', r.status, 'status_on', r.status_on),
       {until}, %(at)s, %(run)s
  FROM {who} w JOIN participants_resident r ON r.id = w.resident_id
  JOIN participants_household h ON h.id = r.household_id
 WHERE {condition}
"""

_HISTORY = (
    "INSERT INTO participants_residentversion (resident_id, data, valid_to, known_to, run_id)"
    + "UNION ALL".join(
        [
            _EARLIER.format(
                who="change",
                condition="w.fields <> '{}'",
                until=f"CASE WHEN w.status NOT IN (w.old_status, {_ACTIVE}) THEN w.status_on ELSE %(day)s END",
            ),
            _EARLIER.format(who="missing", condition=f"NOT w.held AND w.status = {_ACTIVE}", until="%(day)s"),
        ]
    )
)

_NEW_HOUSEHOLDS = """
INSERT INTO participants_household (id, public_id, kk_number, head_id, address, rt, rw, kelurahan_id, dissolved_on)
SELECT household_id, gen_random_uuid(), kk, head_id, address, rt, rw, kelurahan_id,
       CASE WHEN people_after = 0 THEN %(day)s END
  FROM house WHERE is_new ORDER BY household_id
"""

_HOUSEHOLDS = """
UPDATE participants_household h
   SET head_id = house.head_id, address = house.address, rt = house.rt, rw = house.rw, kelurahan_id = house.kelurahan_id,
       dissolved_on = CASE WHEN house.people_after = 0 THEN coalesce(h.dissolved_on, %(day)s) END,
       successor_id = CASE WHEN house.people_after = 0 THEN h.successor_id END
  FROM house
 WHERE h.id = house.household_id AND NOT house.is_new
   AND (house.moved OR house.head_id IS DISTINCT FROM h.head_id OR (house.people_after = 0) <> (h.dissolved_on IS NOT NULL))
"""

_NEW_RESIDENTS = """
INSERT INTO participants_resident (
    id, nik, household_id, name, sex, birth_place, birth_date, relation, marital_status, mother_nik, kelurahan_id, city_code,
    resident_since, ektp_recorded, status, status_on, known_from, listed, fingerprint)
SELECT d.resident_id, d.nik, house.household_id, d.name, d.sex, d.birth_place, d.birth_date, d.relation, d.marital_status,
       d.mother_nik, d.kelurahan_id, d.city_code, d.resident_since, d.ektp, d.status, d.status_on, %(at)s, true, d.fingerprint
  FROM diff d JOIN house ON house.kk = d.kk
 WHERE d.is_new
"""

_RESIDENTS = """
UPDATE participants_resident r
   SET nik = c.nik, household_id = house.household_id, name = c.name, sex = c.sex, birth_place = c.birth_place,
       birth_date = c.birth_date, relation = c.relation, marital_status = c.marital_status, mother_nik = c.mother_nik,
       kelurahan_id = c.kelurahan_id, city_code = c.city_code, resident_since = c.resident_since, ektp_recorded = c.ektp,
       status = c.status, status_on = c.status_on, listed = true, fingerprint = c.fingerprint
  FROM change c JOIN house ON house.kk = c.kk
 WHERE r.id = c.resident_id
"""

_MISSING = f"""
UPDATE participants_resident r
   SET listed = false,
       status = CASE WHEN m.held OR r.status <> {_ACTIVE} THEN r.status ELSE {_GONE} END,
       status_on = CASE WHEN m.held OR r.status <> {_ACTIVE} THEN r.status_on ELSE %(day)s END
  FROM missing m WHERE r.id = m.resident_id
"""

_FORMER_NIKS = """
INSERT INTO participants_formernik (nik, resident_id, run_id)
SELECT old_nik, resident_id, %(run)s FROM change WHERE old_nik <> nik
    ON CONFLICT (nik) DO UPDATE SET resident_id = EXCLUDED.resident_id, run_id = EXCLUDED.run_id
"""

# Who leaves a registered family card for one that is not registered stays covered for some days (domain.md B5).
_GRACES = f"""
INSERT INTO participants_splitgrace (resident_id, household_id, enrolment_id, since, until, run_id)
SELECT c.resident_id, house.household_id, e.id, %(day)s, %(day)s + %(grace)s, %(run)s
  FROM change c JOIN house ON house.kk = c.kk
  JOIN participants_enrolment e ON e.household_id = c.old_household_id AND e.state = '{EnrolmentState.ACTIVE}'
 WHERE c.changed_family AND c.status = {_ACTIVE} AND c.old_status = {_ACTIVE} AND %(grace)s > 0
   AND NOT EXISTS (SELECT FROM participants_enrolment n
                    WHERE n.household_id = house.household_id AND n.state = '{EnrolmentState.ACTIVE}')
   AND NOT EXISTS (SELECT FROM continued
                    WHERE continued.household_id = c.old_household_id AND continued.to_id = house.household_id)
"""

_EVENTS = """
INSERT INTO participants_registryevent (run_id, resident_id, kind, effective_on, fields, kelurahan_id)
SELECT %(run)s, resident_id, kind, effective_on, fields, kelurahan_id FROM placed ORDER BY resident_id, kind
"""

_QUARANTINE = """
INSERT INTO participants_quarantinedrow (run_id, line_number, reason, raw)
SELECT %(run)s, line_number, reason, coalesce(raw, '') FROM refused ORDER BY line_number
"""

_PROOF = f"""
SELECT count(*) FILTER (WHERE listed), coalesce(bit_xor(fingerprint) FILTER (WHERE listed), 0),
       count(*) FILTER (WHERE status = {_ACTIVE})
  FROM participants_resident
"""
_PROOF_OF_TOUCHED = """
SELECT count(*), coalesce(bit_xor(fingerprint), 0) FROM participants_resident
 WHERE listed AND id IN (SELECT resident_id FROM diff UNION ALL SELECT resident_id FROM missing)
"""
MANY = 10_000


@dataclass(frozen=True)
class Proof:
    """Number and combined fingerprint of the listed people: what ties the table to the file it was made from.

    ``active`` people, listed or not, are what the thresholds are a share of.
    """

    people: int
    fingerprint: int
    active: int = 0

    def tie(self, facts):
        """What a run remembers of table and file (``archive.Facts``)."""
        return {"people": self.people, "fingerprint": self.fingerprint, "crc32": facts.crc32}

    def instead_of(self, touched, now):
        """The Proof after the people of the Proof ``touched`` became those of ``now``."""
        people = self.people - touched.people + now.people
        return Proof(people, self.fingerprint ^ touched.fingerprint ^ now.fingerprint)

    def fits(self, tied):
        return tied is not None and (tied["people"], tied["fingerprint"]) == (self.people, self.fingerprint)


def proof():
    """The Proof of the table as it is now, by reading it once."""
    with connection.cursor() as cursor:
        cursor.execute(_PROOF)
        return Proof(*cursor.fetchone())


def write(*, run, at, before):
    """Apply everything found for ``run`` (a SyncRun): history, families, people, events, quarantine.

    ``before`` is the Proof of the table so far; returns the one of the table now, where few were touched
    from these alone.
    """
    scheme = scheme_on(run.snapshot_date)
    grace = (scheme.parameters if scheme else Parameters()).split_grace_days
    facts = {"run": run.pk, "day": run.snapshot_date, "at": at, "grace": grace}
    many = run.counters["added"] > MANY
    with connection.cursor() as cursor:
        touched = _proof_of_touched(cursor)
        with first_load.indexes_afterwards(many):
            for statement in (_HISTORY, _NEW_HOUSEHOLDS, _HOUSEHOLDS, _NEW_RESIDENTS):
                cursor.execute(statement, facts)
        if many:
            cursor.execute("ANALYZE participants_resident, participants_household")
        for statement in (_RESIDENTS, _MISSING, _FORMER_NIKS, _GRACES, _EVENTS):
            cursor.execute(statement, facts)
        now = None if many else _proof_of_touched(cursor)
    write_quarantine(run=run)
    return before.instead_of(touched, now) if now else proof()


def _proof_of_touched(cursor):
    cursor.execute(_PROOF_OF_TOUCHED)
    return Proof(*cursor.fetchone())


def write_quarantine(*, run):
    """Keep the refused lines of ``run``, in place of those of an earlier attempt."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM participants_quarantinedrow WHERE run_id = %s", [run.pk])
        cursor.execute(_QUARANTINE, {"run": run.pk})
