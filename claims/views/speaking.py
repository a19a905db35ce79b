"""A refusal beside its field."""

from ksb.core.errors import NotAllowed, WrongState


def speak(form, refusal, field=None):
    """A refusal of what was typed belongs beside the form; wrong role and wrong state are pages of their own."""
    if isinstance(refusal, NotAllowed | WrongState):
        raise refusal
    form.add_error(field, refusal.message)
