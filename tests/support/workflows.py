"""Each step of a state table against each role."""

from django.db import transaction

from facilities.enums import Role
from ksb.core.errors import NotAllowed
from tests import factories as f


def roles_that_may(flow, move, obj):
    """Try ``move`` on ``obj`` from each state it starts in as every role; returns the roles that were let through.

    Everything is rolled back. Users of facility roles work at the object's own hospital or Puskesmas where it has one.
    """
    passed = set()
    for source in move.sources:
        type(obj)._base_manager.filter(pk=obj.pk).update(**{flow.field: source})
        for role in Role:
            with transaction.atomic():
                actor = f.make_user(role)
                try:
                    with transaction.atomic():
                        flow.apply(obj, move.name, actor=actor, at=f.NOW)
                        passed.add(role)
                except NotAllowed:
                    pass
                transaction.set_rollback(True)
            setattr(obj, flow.field, source)
    return passed
