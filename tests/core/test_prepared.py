"""Statements planned once per connection."""

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ksb.core.prepared import Statement

ANSWER = Statement(
    "SELECT %(a)s + %(b)s AS sum, %(word)s || '%%' AS word", {"a": "integer", "b": "integer", "word": "text"}
)
QUESTION = {"a": 40, "b": 2, "word": "so", "not asked": 1}


@pytest.mark.django_db
def test_values_go_to_their_names():
    assert ANSWER.rows(QUESTION) == [{"sum": 42, "word": "so%"}]


@pytest.mark.django_db
def test_a_missing_value_is_a_mistake():
    with pytest.raises(KeyError):
        ANSWER.rows({"a": 1})


@pytest.mark.django_db(transaction=True)
def test_prepared_once_a_connection():
    connection.close()
    with CaptureQueriesContext(connection) as seen:
        for _ in range(3):
            ANSWER.rows(QUESTION)
    assert [query["sql"].split()[0] for query in seen] == ["PREPARE", "EXECUTE", "EXECUTE", "EXECUTE"]
    connection.close()
    assert ANSWER.rows(QUESTION)


@pytest.mark.django_db(transaction=True)
def test_a_session_that_was_reset_is_prepared_again():
    ANSWER.rows(QUESTION)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert ANSWER.rows(QUESTION)[0]["sum"] == 42


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_the_failure_is_told():
    ANSWER.rows(QUESTION)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(OperationalError), transaction.atomic():
        ANSWER.rows(QUESTION)
    connection.close()


@pytest.mark.django_db
def test_a_statement_survives_the_rollback_of_the_transaction_that_prepared_it():
    statement = Statement("SELECT %(n)s AS n", {"n": "integer"})
    with transaction.atomic():
        statement.rows({"n": 1})
        transaction.set_rollback(True)
    assert statement.rows({"n": 2}) == [{"n": 2}]
