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

    def start(self) -> bool:
        """Start what is not running and not replaced by the environment; whether anything had to be started."""
        started = [
            self._is_ours("DATABASE_URL") and self.postgres.start(),
            self._is_ours("REDIS_URL") and self.valkey.start(),
        ]
        return any(started)

    def _is_ours(self, variable: str) -> bool:
        """Whether the variable is unset or names a server of this set, as it does once settings have been read."""
        return str(self.postgres.home.sockets) in os.environ.get(variable, str(self.postgres.home.sockets))

    @property
    def has_own_database(self) -> bool:
        return self._is_ours("DATABASE_URL")

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
            "SECRET_KEY": os.environ.get("SECRET_KEY") or self.postgres.home.secrets["django"] * 2,
            "REDIS_URL": os.environ.get("REDIS_URL") or self.valkey.url(),
        }


def servers(name: str) -> Servers:
    """The set of servers called `name` (`demo` or `test`)."""
    home = Home.find(name)
    return Servers(Postgres(home, durable=name != TEST), Valkey(home, durable=name != TEST))
