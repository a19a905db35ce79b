"""Kinds of notices that only the tests tell, and the shortest way to tell one."""

from django.utils.translation import gettext_lazy as _

from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, tell
from tests import factories as f

PLAIN = kind("test.plain", text=_("Letters"), sentiment="info", route="home", by_link=False)
OUTWARD = kind("test.outward", text=_("Letters"), message="Nomor %(number)s, %(decided_on)s.", sentiment="ok")


def tell_desk(role, facility=None, **values):
    return tell(PLAIN, to=To(role=role, facility_id=facility and facility.pk), **{"at": f.NOW, **values})


def send_out(*, number="7", addresses, at=f.NOW):
    """A message to a family at ``addresses``; returns its Notice."""
    return tell(
        OUTWARD,
        to=To(party=f.make_household()),
        at=at,
        params={"number": number, "decided_on": f.TODAY},
        addresses=addresses,
    )
