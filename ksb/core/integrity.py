"""The last guard speaks: the violation of a named constraint becomes the sentence for the person at the screen."""

from contextlib import contextmanager

from django.db import IntegrityError, transaction

from ksb.core.errors import Refused


@contextmanager
def refusing(sentences, *, error=Refused):
    """Run the block in a savepoint; a violated constraint named in ``sentences`` raises ``error`` with its sentence.

    Violations of other constraints are mistakes of ours and pass through.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        name = constraint_of(violation)
        if name not in sentences:
            raise
        raise error(sentences[name], code=name) from violation


def constraint_of(violation):
    """Name of the constraint an IntegrityError speaks of, or an empty string."""
    return getattr(getattr(violation.__cause__, "diag", None), "constraint_name", None) or ""
