"""The states of everything a family, its card and its data go through, one table each (docs/states/)."""

from participants.workflow.card import CARD
from participants.workflow.enrolment import ENROLMENT, second_person, second_person_sentence
from participants.workflow.exchange import SYNC_RUN
from participants.workflow.newborn import NEWBORN
from participants.workflow.office import OVERRIDE, TICKET
from participants.workflow.printing import PRINT_BATCH, own_batch_sentence
from participants.workflow.special import SCHEME, SPECIAL_COVER, SPECIAL_EVENT, written_yourself

__all__ = [
    "CARD",
    "ENROLMENT",
    "NEWBORN",
    "OVERRIDE",
    "PRINT_BATCH",
    "SCHEME",
    "SPECIAL_COVER",
    "SPECIAL_EVENT",
    "SYNC_RUN",
    "TICKET",
    "own_batch_sentence",
    "second_person",
    "second_person_sentence",
    "written_yourself",
]
