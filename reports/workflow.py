"""The life of an audit's finding: the claims officer answers, the auditor closes it or asks again."""

from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from ksb.core.workflow import Transition, Workflow
from reports.enums import AuditFindingState as S

AUDIT_FINDING = Workflow(
    "audit_finding",
    S,
    (
        Transition(
            name="reply",
            sources=(S.OPEN,),
            target=S.REPLIED,
            roles=(Role.DINKES_CLAIMS,),
            label=_("Reply"),
            act="replied",
        ),
        Transition(name="ask_again", sources=(S.REPLIED,), target=S.OPEN, roles=(Role.AUDITOR,), label=_("Ask again")),
        Transition(
            name="close",
            sources=(S.REPLIED,),
            target=S.CLOSED,
            roles=(Role.AUDITOR,),
            label=_("Close the finding"),
            act="closed",
        ),
    ),
)
