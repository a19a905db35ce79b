"""States are a table. ``Workflow.apply`` is the only place of the house that changes a state.

A transition says from which states, to which state, which roles may, a guard that may refuse with a sentence, and the act
whose ``<act>_at`` / ``<act>_by`` it fills. The diagrams in ``docs/states/`` are generated from these tables.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, WrongState

SYSTEM = "SYSTEM"


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One row of the table. ``guard(obj, *, actor, at, **data)`` raises Refused; ``label`` is what a button says."""

    name: str
    sources: tuple[str, ...]
    target: str
    roles: tuple[str, ...]
    label: str
    act: str = ""
    guard: Callable | None = None


@dataclass(frozen=True)
class Workflow:
    """The life of one model. ``apply`` locks, checks, writes and journals; callers hold no state logic of their own."""

    name: str
    states: type
    transitions: tuple[Transition, ...]
    field: str = "state"
    begins: tuple[str, ...] = ()  # where a record may begin; the first state unless said

    @property
    def beginnings(self):
        return self.begins or (self.states.values[0],)

    def __getitem__(self, name):
        return next(t for t in self.transitions if t.name == name)

    def allowed(self, obj, actor):
        """Transitions the actor's roles and the object's state permit now, for buttons. Guards may still refuse."""
        state = getattr(obj, self.field)
        return [t for t in self.transitions if state in t.sources and may(actor, t.roles)]

    def check(self, obj, name, *, actor):
        """Raise NotAllowed or WrongState when ``apply`` would; for services that write beside the state, on a locked row."""
        move, state = self[name], getattr(obj, self.field)
        if not may(actor, move.roles):
            raise NotAllowed(_("Your role does not include this step."))
        if state not in move.sources:
            label = self.states(state).label
            raise WrongState(_("This step is not possible any more: the state is now “%(state)s”.") % {"state": label})

    def apply(self, obj, name, *, actor, at, data=None, update=None, held=False):
        """Move ``obj`` along transition ``name``; returns the locked, fresh object.

        ``actor`` None is the system itself (role SYSTEM). ``data`` goes to the guard and into the journal (no NIK in it);
        ``update`` are further fields to write in the same UPDATE. ``held``: the caller locked and read ``obj`` in this
        transaction, it is not read again. Raises NotAllowed, WrongState, or what the guard raises.
        """
        move = self[name]
        with transaction.atomic():
            fresh = obj if held else type(obj).objects.select_for_update(no_key=True, of=("self",)).get(pk=obj.pk)
            self.check(fresh, name, actor=actor)
            before = getattr(fresh, self.field)
            if move.guard:
                move.guard(fresh, actor=actor, at=at, **(data or {}))
            changes = {self.field: move.target, **(update or {})}
            if move.act:
                changes |= {f"{move.act}_at": at, f"{move.act}_by": actor or system_user()}
            for key, value in changes.items():
                setattr(fresh, key, value)
                setattr(obj, key, value)
            fresh.save(update_fields=list(changes))
            journal.record(
                f"{self.name}.{name}", fresh, actor=actor, **{**(data or {}), "from": before, "to": move.target}
            )
        return fresh

    def apply_many(self, queryset, name, *, actor, at, data=None, update=None):
        """The same move for many rows in two statements. Rows in another state are left alone. Returns their number."""
        move = self[name]
        if not may(actor, move.roles):
            raise NotAllowed(_("Your role does not include this step."))
        if move.guard:
            raise ValueError(f"{self.name}.{name} has a guard: move the objects one by one")
        with transaction.atomic():
            # Not the caller's queryset itself: one that comes from a parent (batch.claims) would fetch its key row by row.
            rows = queryset.model._base_manager.filter(
                pk__in=queryset.order_by().values("pk"), **{f"{self.field}__in": move.sources}
            ).select_for_update(no_key=True, of=("self",), skip_locked=True)
            objects = list(rows.order_by("pk").only("pk"))
            changes = {self.field: move.target, **(update or {})}
            if move.act:
                changes |= {f"{move.act}_at": at, f"{move.act}_by": actor or system_user()}
            queryset.model._base_manager.filter(pk__in=[o.pk for o in objects]).update(**changes)
            journal.record_many(f"{self.name}.{name}", objects, actor=actor, **(data or {}), to=move.target)
        return len(objects)

    def diagram(self):
        """Mermaid source of the state diagram."""
        lines = ["stateDiagram-v2", *(f"    [*] --> {state}" for state in self.beginnings)]
        lines += [f"    {t_from} --> {t.target}: {t.name}" for t in self.transitions for t_from in t.sources]
        return "\n".join(lines) + "\n"


def may(actor, roles):
    """Whether the actor (None is the system) holds one of ``roles`` today."""
    return SYSTEM in roles if actor is None else actor.has_role(*roles)


def system_user():
    """The account that stands for the programme itself in ``x_by`` fields; nobody can log in with it."""
    from django.contrib.auth import get_user_model

    return get_user_model().objects.system()
