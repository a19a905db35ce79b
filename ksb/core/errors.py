"""The three ways a service says no. The message is for the person at the screen: what is wrong and what to do."""


class Refused(Exception):
    """A rule of the programme forbids the act. Nothing was changed. Views show the sentence beside the form (409 otherwise)."""

    def __init__(self, message, *, code=""):
        super().__init__(message)
        self.message = message
        self.code = code


class WrongState(Refused):
    """The object is no longer in a state that allows the act, for instance because a colleague was faster (HTTP 409)."""


class NotAllowed(Refused):
    """The actor's role does not include the act, or duties must stay separate (HTTP 403)."""
