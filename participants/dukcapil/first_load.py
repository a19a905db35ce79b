"""The first load of a whole city: indexes are built after it, which takes a third of keeping them up to date row by row.

The program's own role may not change tables (deploy/roles.sql). Two functions that belong to the owner of the tables do this
one thing for it: lay aside the indexes and foreign keys of the two registry tables, as long as both tables are empty, and build
them again. Each migration makes the functions anew from what the database has then. They are called within the transaction
of the load: whatever interrupts it leaves the tables as they were.
"""

from contextlib import contextmanager

from django.db import connection

TABLES = ("participants_household", "participants_resident")

# Primary keys stay: other tables refer to them, and new ids come in their order. The partial index is empty in a first load.
_DEFINITIONS = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname),
       format('IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = %%L::regclass AND conname = %%L) THEN
                   ALTER TABLE %%s ADD CONSTRAINT %%I %%s; END IF',
              c.conrelid::regclass, c.conname, c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
  FROM pg_constraint c
 WHERE c.conrelid = ANY (%(tables)s::text[]::regclass[]) AND c.contype IN ('f', 'u')
   AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.contype = 'f' AND o.conindid = c.conindid AND o.oid <> c.oid
                                                 AND c.contype = 'u')
UNION ALL
SELECT format('DROP INDEX %%s', x.indexrelid::regclass),
       regexp_replace(pg_get_indexdef(x.indexrelid), '^CREATE (UNIQUE )?INDEX', 'CREATE \\1INDEX IF NOT EXISTS')
  FROM pg_index x
 WHERE x.indrelid = ANY (%(tables)s::text[]::regclass[]) AND NOT x.indisprimary AND x.indpred IS NULL
   AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = x.indexrelid)
 ORDER BY 1
"""

_OURS = (
    "SELECT bool_and(pg_get_userbyid(relowner) = current_user) FROM pg_class WHERE oid = ANY (%s::text[]::regclass[])"
)

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION ksb_lay_registry_indexes_aside() RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $function$
BEGIN
    IF {filled} THEN RETURN false; END IF;
    LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE;
    IF {filled} THEN RETURN false; END IF;
    {drop};
    RETURN true;
END $function$;

CREATE OR REPLACE FUNCTION ksb_build_registry_indexes() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET maintenance_work_mem = '256MB' AS $function$
BEGIN
    {build};
END $function$
"""


def make_functions(**_signal):
    """Make both functions from the indexes there are (``post_migrate``); only the owner of the tables does."""
    with connection.cursor() as cursor:
        cursor.execute(_OURS, [list(TABLES)])
        if not cursor.fetchone()[0]:
            return
        cursor.execute(_DEFINITIONS, {"tables": list(TABLES)})
        drops, builds = zip(*cursor.fetchall(), strict=True)
        filled = " OR ".join(f"EXISTS (SELECT FROM {table})" for table in TABLES)
        cursor.execute(
            _FUNCTIONS.format(
                filled=filled, tables=", ".join(TABLES), drop=";\n    ".join(drops), build=";\n    ".join(builds)
            )
        )


@contextmanager
def indexes_afterwards(many):
    """Within a transaction: what is inserted meanwhile is indexed afterwards, if it is ``many`` and the tables are empty."""
    aside = many and _call("ksb_lay_registry_indexes_aside")
    yield
    if aside:
        _call("ksb_build_registry_indexes")


def _call(function):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}()")
        return cursor.fetchone()[0]
