"""Batches split from one hand-in as SQL. A part that came back to the desk may be split once more, so there may be several
generations of them.
"""

# Keys of all batches of one hand-in; the parameter is the key of any of them.
FAMILY = """
    WITH RECURSIVE up AS (
        SELECT id, split_from_id FROM claims_claimbatch WHERE id = %s
        UNION ALL
        SELECT b.id, b.split_from_id FROM claims_claimbatch b JOIN up ON b.id = up.split_from_id),
    family AS (
        SELECT id FROM up WHERE split_from_id IS NULL
        UNION ALL
        SELECT b.id FROM claims_claimbatch b JOIN family ON b.split_from_id = family.id)
    SELECT id FROM family"""
# The header of the file that brought claim ``c``: the last before its line, of its batch or the nearest it was split from.
HEADER = """(
    WITH RECURSIVE up AS (
        SELECT id, split_from_id, 0 AS generation FROM claims_claimbatch WHERE id = c.batch_id
        UNION ALL
        SELECT b.id, b.split_from_id, up.generation + 1 FROM claims_claimbatch b JOIN up ON b.id = up.split_from_id)
    SELECT f.header FROM up JOIN claims_batchfile f ON f.batch_id = up.id
     WHERE f."offset" < c.line_number ORDER BY up.generation, f."offset" DESC LIMIT 1)"""
