"""`python -m ksb.embedded start|stop|status|env|drop [demo|test]`, for a developer's shell and the Makefile.

eval "$(python -m ksb.embedded env)"    points psql, pg_dump and every Django command at the servers
"""

import argparse
import shlex
import sys

from . import DEMO, TEST, EmbeddedServerError, Servers, servers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m ksb.embedded", description=__doc__.partition("\n")[0])
    parser.add_argument("action", choices=["start", "stop", "status", "env", "drop"])
    parser.add_argument("name", nargs="?", choices=[DEMO, TEST], default=DEMO)
    options = parser.parse_args()
    try:
        chosen = servers(options.name)
        return {"start": start, "stop": stop, "status": status, "env": env, "drop": drop}[options.action](chosen)
    except EmbeddedServerError as error:
        print(error, file=sys.stderr)
        return 1


def start(chosen: Servers) -> int:
    chosen.start()
    return status(chosen)


def stop(chosen: Servers) -> int:
    chosen.stop()
    return 0


def status(chosen: Servers) -> int:
    running = {"PostgreSQL": chosen.postgres.is_running(), "Valkey": chosen.valkey.is_running()}
    for name, runs in running.items():
        print(f"{name}: {'running' if runs else 'stopped'}")
    return 0 if all(running.values()) else 1


def env(chosen: Servers) -> int:
    """Print the variables, PostgreSQL's own among them, as shell exports; the owner's role, since a person types."""
    home = chosen.postgres.home
    variables = chosen.environment() | {
        "PGHOST": str(home.sockets),
        "PGUSER": "ksb",
        "PGPASSWORD": home.secrets["ksb"],
        "PGDATABASE": "ksb",
    }
    for key, value in variables.items():
        print(f"export {key}={shlex.quote(value)}")
    print(f'export PATH={shlex.quote(str(chosen.postgres.program("psql").parent))}:"$PATH"')
    return 0


def drop(chosen: Servers) -> int:
    """Stop the servers and delete all their data."""
    chosen.stop()
    chosen.postgres.home.drop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
