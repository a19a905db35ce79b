"""A real PostgreSQL and a real Valkey from pip wheels, for the demonstration, development and the tests.

Two sets of servers exist, each in its own folder: `demo` keeps its data like a server would, `test` trades durability
for speed. Nothing listens on a network: both are reached by a unix socket in a private folder, with a password.
Where `DATABASE_URL` or `REDIS_URL` is set, that server is used and nothing is started for it. Linux only.
"""

import os
from dataclasses import dataclass

from .home import EmbeddedServerError, Home
from .postgres import Postgres
from .valkey import Valkey

__all__ = ["DEMO", "TEST", "EmbeddedServerError", "Servers", "servers"]

DEMO = "demo"
TEST = "test"


@dataclass(frozen=True)
class Servers:
    """The two servers of one set, started on demand and left running for the next command."""

    postgres: Postgres
    valkey: Valkey

    def start(self) -> None:
        """Start what is not running and not replaced by the environment; return once both answer."""
        if "DATABASE_URL" not in os.environ:
            self.postgres.start()
        if "REDIS_URL" not in os.environ:
            self.valkey.start()

    def stop(self) -> None:
        self.valkey.stop()
        self.postgres.stop()

    def environment(self) -> dict[str, str]:
        """The variables that point Django and Celery at these servers; needs no server to run."""
        return {
            "DATABASE_URL": os.environ.get("DATABASE_URL") or self.postgres.url(),
            "DATABASE_OWNER_URL": os.environ.get("DATABASE_OWNER_URL")
            or os.environ.get("DATABASE_URL")
            or self.postgres.url(owner=True),
            "REDIS_URL": os.environ.get("REDIS_URL") or self.valkey.url(),
        }


def servers(name: str) -> Servers:
    """The set of servers called `name` (`demo` or `test`)."""
    home = Home.find(name)
    return Servers(Postgres(home, durable=name != TEST), Valkey(home, durable=name != TEST))
