"""Tables that only grow: the database itself refuses UPDATE, DELETE and TRUNCATE, whoever asks."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION ksb_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$
"""


def append_only(table):
    """Migration operation that makes ``table`` append-only. The function comes with the first migration of ``core``."""
    return migrations.RunSQL(
        sql=f"""
            CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION ksb_append_only();
            CREATE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION ksb_append_only();
        """,
        reverse_sql=f"""
            DROP TRIGGER append_only_rows ON {table};
            DROP TRIGGER append_only_table ON {table};
        """,
    )
