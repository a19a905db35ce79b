#!/usr/bin/env python3
"""Commands of KSB. From a bare checkout they find, or start, the embedded servers by themselves."""

import os
import sys

OWNER_COMMANDS = {"migrate", "sqlmigrate", "flush", "dbshell"}  # what alters tables runs as their owner
OFFLINE_COMMANDS = {"help", "--help", "--version", "collectstatic", "diffsettings", "compilemessages", "spectacular"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ksb.settings.dev")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if os.environ["DJANGO_SETTINGS_MODULE"] != "ksb.settings.production":
        use_embedded_servers(command)
    if command in OWNER_COMMANDS and "DATABASE_OWNER_URL" in os.environ:
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]

    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def use_embedded_servers(command: str) -> None:
    from ksb import embedded

    is_test = os.environ["DJANGO_SETTINGS_MODULE"] == "ksb.settings.test"
    try:
        servers = embedded.servers(embedded.TEST if is_test else embedded.DEMO)
        if command not in OFFLINE_COMMANDS:
            servers.start()
    except embedded.EmbeddedServerError as error:
        sys.exit(str(error))
    os.environ.update(servers.environment())


if __name__ == "__main__":
    main()
