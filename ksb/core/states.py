"""What colour a state has. Words always stand beside it: colour alone says nothing.

A ``TextChoices`` tells it as ``SENTIMENT = nonmember({"issued": "ok", ...})``; a model says which enum its field
``state`` belongs to as ``STATES = SjpState``.
"""

SENTIMENTS = ("ok", "warn", "bad", "info", "mute")


def label_of(value):
    """The words for a model instance with ``state``, an enum member, or a plain text."""
    if hasattr(value, "get_state_display"):
        return value.get_state_display()
    return getattr(value, "label", value)


def sentiment_of(value):
    """One of SENTIMENTS; ``mute`` where nobody said anything."""
    enum = getattr(type(value), "STATES", type(value))
    code = str(getattr(value, "state", value))
    return getattr(enum, "SENTIMENT", {}).get(code, "mute")
