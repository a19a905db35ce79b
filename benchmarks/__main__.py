"""Runs the benchmarks in the order of their names and prints one table (README.md)."""

import argparse
import importlib
import logging
import os
import sys
import time
from pathlib import Path

HEADS = ("", "job", "against", "ratio", "reach", "reached", "seen")


def main():
    options = _options()
    modules = _modules(options.only)
    _prepare()
    from benchmarks.database import Database
    from benchmarks.frame import Context

    database = Database()
    context = Context(options.city, options.seed, options.rounds, database, _say)
    _say("making the database")
    database.create()
    rows = []
    try:
        for name in modules:
            _say(name)
            rows += importlib.import_module(f"benchmarks.{name}").run(context)
    finally:
        database.drop()
    _print(rows, options)


def _options():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--city", type=int, default=200_000, metavar="N", help="residents (default 200000)")
    parser.add_argument("--only", default="", metavar="p1,p2", help="some benchmarks by the start of their names")
    parser.add_argument("--rounds", type=int, default=3, help="pairs to measure, 3 or more")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _modules(only):
    found = sorted(path.stem for path in Path(__file__).parent.glob("p[0-9]*_*.py"))
    wanted = tuple(f"{part.strip()}_" for part in only.split(",") if part.strip())
    chosen = [name for name in found if not wanted or name.startswith(wanted)]
    if not chosen:
        sys.exit(f"No benchmark is called {only}. There are {', '.join(found)}.")
    return chosen


def _prepare():
    """Django as the owner of the embedded server's databases, or of those of DATABASE_OWNER_URL."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksb.settings.dev")  # before anything of ksb is imported
    from ksb import embedded

    servers = embedded.servers(embedded.DEMO)
    servers.start()
    os.environ.update(servers.environment())
    os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]
    os.environ.setdefault("DEBUG", "false")
    os.environ["MEDIA_ROOT"] = str(Path(__file__).resolve().parents[1] / "var" / "bench" / "media")
    import django

    django.setup()
    logging.disable(logging.WARNING)


def _say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


def _print(rows, options):
    table = [HEADS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEADS))]
    print(f"City of {options.city:,} residents, seed {options.seed}, {max(options.rounds, 3)} pairs, medians\n")
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
