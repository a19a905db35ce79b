"""The embedded servers: started once, private, recovered after a kill. On a set of their own, beside the suite's."""

import os
import signal
import subprocess
import sys
import threading
import time

import psycopg2
import pytest
import redis

from ksb.embedded import Servers
from ksb.embedded.home import Home
from ksb.embedded.postgres import Postgres
from ksb.embedded.valkey import Valkey


@pytest.fixture(scope="module")
def own():
    """A durable set in a folder the servers' account can reach, dropped at the end."""
    home = Home.find(f"drill-{os.getpid()}")
    servers = Servers(Postgres(home, durable=True), Valkey(home, durable=True))
    servers.postgres.start()
    servers.valkey.start()
    yield servers
    servers.stop()
    subprocess.run(["rm", "-rf", str(home.root)], check=True)


def query(url, statement):
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def kill(pid_file):
    """End the server of this pid file at once, and wait until it is gone."""
    pid = int(pid_file.read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    while alive(pid):
        time.sleep(0.01)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_running_server_is_seen_in_a_moment(own):
    began = time.perf_counter()
    assert not own.postgres.start()
    assert not own.valkey.start()
    assert time.perf_counter() - began < 0.1


def test_two_commands_that_start_it_at_once_start_it_once(own):
    own.stop()
    started = []
    threads = [threading.Thread(target=lambda: started.append(own.postgres.start())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    own.valkey.start()
    assert sorted(started) == [False, False, False, True]


def test_the_application_reads_and_writes_but_cannot_alter_a_table(own):
    query(own.postgres.url(owner=True), "CREATE TABLE fact (n int); CREATE TABLE doomed (n int)")
    query(own.postgres.url(), "INSERT INTO fact VALUES (1)")
    assert query(own.postgres.url(), "SELECT n FROM fact") == [(1,)]
    for forbidden in (
        "DROP TABLE doomed",
        "ALTER TABLE fact ADD COLUMN m int",
        "CREATE TABLE more (n int)",
        "COPY fact TO PROGRAM 'cat'",
        "CREATE ROLE more",
    ):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            query(own.postgres.url(), forbidden)


def test_nobody_comes_in_without_the_password(own):
    with pytest.raises(psycopg2.OperationalError, match="password"):
        psycopg2.connect(dbname="ksb", user="postgres", password="guess", host=str(own.postgres.home.sockets))
    with pytest.raises(redis.exceptions.AuthenticationError):
        redis.Redis(unix_socket_path=str(own.valkey.socket)).ping()
    assert own.postgres.home.sockets.stat().st_mode & 0o077 == 0
    assert (own.postgres.home.root / "secrets.json").stat().st_mode & 0o077 == 0


def test_what_was_committed_and_queued_survives_a_kill(own):
    query(own.postgres.url(owner=True), "CREATE TABLE kept (n int); INSERT INTO kept SELECT generate_series(1, 1000)")
    broker = redis.Redis.from_url(own.valkey.url())
    broker.rpush("queue", *range(100))
    broker.close()
    kill(own.postgres.data / "postmaster.pid")
    kill(own.valkey.data / "valkey.pid")
    own.postgres.start()
    own.valkey.start()
    assert query(own.postgres.url(owner=True), "SELECT count(*) FROM kept") == [(1000,)]
    broker = redis.Redis.from_url(own.valkey.url())
    assert broker.llen("queue") == 100
    broker.close()


def test_a_backend_that_outlives_its_killed_server_does_not_block_the_next(own):
    busy = psycopg2.connect(own.postgres.url())
    thread = threading.Thread(target=_run_until_cut, args=(busy,))
    thread.start()
    time.sleep(0.3)
    kill(own.postgres.data / "postmaster.pid")
    assert own.postgres.start()
    thread.join(10)
    busy.close()
    assert not thread.is_alive()


def test_a_pid_file_that_names_somebody_elses_process_is_no_obstacle(own):
    """After a restart of the machine the old number may be anybody's."""
    own.postgres.stop()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        lines = [stranger.pid, own.postgres.data, 1, 5432, own.postgres.home.sockets, "", "1 1", "ready"]
        (own.postgres.data / "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")
        own.postgres.socket.with_name(f"{own.postgres.socket.name}.lock").write_text(f"{stranger.pid}\n")
        assert not own.postgres.is_running()
        assert own.postgres.start()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_log_keeps_neither_statements_nor_values(own):
    query(own.postgres.url(owner=True), "CREATE TABLE person (nik text PRIMARY KEY)")
    for _ in range(2):
        try:
            query(own.postgres.url(), "INSERT INTO person VALUES ('3275010101900001')")
        except psycopg2.errors.UniqueViolation:
            continue
    log = own.postgres.log.read_text()
    assert "duplicate key value" in log
    assert "3275010101900001" not in log


def _run_until_cut(connection):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM generate_series(1, 2000000000)")
    except psycopg2.Error:
        return
