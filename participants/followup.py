"""What a night's data settle: tickets the registry has answered by itself, overrides that are over, answers kept too long."""

from participants import online, overrides, tickets


def settle(*, on, at):
    """Returns what was done as plain counts."""
    return {
        "tickets_closed": tickets.close_corrected(at=at),
        "overrides_over": overrides.expire(on=on, at=at),
        "answers_emptied": online.forget(on=on),
    }
