"""Who may open the pages of families and cards. What they may do there is in the workflow tables."""

from facilities.enums import Role

# Who finds a family by a full number, and reads its page.
FAMILY_READERS = (
    Role.REGISTRATION_CLERK,
    Role.MEMBERSHIP_VERIFIER,
    Role.DINKES_MEMBERSHIP,
    Role.DINKES_SERVICES,
    Role.REGISTRY_OPERATOR,
    Role.AUDITOR,
)
# Who may look a family up by scanning its card: its readers, and the desks where it is treated.
SCANNERS = (*FAMILY_READERS, Role.PUSKESMAS_CLERK, Role.PUSKESMAS_DOCTOR, Role.HOSPITAL_DESK)
# Who finds a person by name (G1 R2, R11); everybody else needs a number.
PEOPLE_SEARCHERS = (Role.MEMBERSHIP_VERIFIER, Role.DINKES_MEMBERSHIP)
REGISTRARS = (Role.REGISTRATION_CLERK,)
APPROVERS = (Role.MEMBERSHIP_VERIFIER, Role.DINKES_MEMBERSHIP)
KEEPERS = (Role.DINKES_MEMBERSHIP,)
ENROLMENT_READERS = (*REGISTRARS, *APPROVERS, Role.AUDITOR)
# Who sees the scans of an application, and who looks at the address (kelurahan, Dinsos).
DOCUMENT_READERS = ENROLMENT_READERS
SURVEYORS = (Role.REGISTRATION_CLERK, Role.REGISTRY_OPERATOR)
SIGNAL_READERS = (*APPROVERS, Role.AUDITOR)
SIGNAL_REPORTERS = (*REGISTRARS, *APPROVERS)
IMPORT_READERS = (*KEEPERS, Role.AUDITOR, Role.SYSTEM_ADMIN)
CARD_READERS = (*KEEPERS, Role.AUDITOR)
CARD_DESKS = (Role.REGISTRATION_CLERK, Role.DINKES_MEMBERSHIP)
# A service point takes in the batches printed for it; it sees numbers, not families.
BATCH_READERS = (*CARD_DESKS, Role.AUDITOR)
# Who follows the exchange with Disdukcapil, Dinsos and BPJS, and who answers for an unusual file.
OPERATORS = (Role.DINKES_MEMBERSHIP, Role.REGISTRY_OPERATOR)
# Who of them may see people in it (CITY_ROLES).
SYNC_LINE_READERS = (*OPERATORS, Role.MEMBERSHIP_VERIFIER, Role.DINKES_SERVICES, Role.AUDITOR)
SYNC_READERS = (*OPERATORS, Role.MEMBERSHIP_VERIFIER, Role.DINKES_SERVICES, Role.AUDITOR, Role.SYSTEM_ADMIN)
# Who writes down special covers and events, and who decides on them: never the same person (domain.md C24, C25).
SPECIAL_WRITERS = (Role.REGISTRY_OPERATOR, Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES)
SPECIAL_DECIDERS = (Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES)
SPECIAL_READERS = (*SPECIAL_WRITERS, Role.AUDITOR)
# Tickets to Disdukcapil: who may say that the registry is wrong, who works on it.
TICKET_OPENERS = (
    Role.REGISTRATION_CLERK,
    Role.MEMBERSHIP_VERIFIER,
    Role.DINKES_MEMBERSHIP,
    Role.DINKES_SERVICES,
    Role.REGISTRY_OPERATOR,
)
TICKET_READERS = (*TICKET_OPENERS, Role.AUDITOR)
TICKET_OFFICES = tuple(role for role in TICKET_READERS if role not in REGISTRARS)
TICKET_WORKERS = OPERATORS
# A rule of cover is lifted for a person by two offices of Dinkes.
OVERRIDE_PROPOSERS = (Role.DINKES_MEMBERSHIP,)
OVERRIDE_APPROVERS = (Role.DINKES_SERVICES,)
OVERRIDE_READERS = (*OVERRIDE_PROPOSERS, *OVERRIDE_APPROVERS, Role.AUDITOR)
# Who asks Dukcapil and BPJS on line: the desks, and the offices behind them.
ASKERS = (
    Role.REGISTRATION_CLERK,
    Role.MEMBERSHIP_VERIFIER,
    Role.PUSKESMAS_CLERK,
    Role.DINKES_MEMBERSHIP,
    Role.DINKES_SERVICES,
    Role.REGISTRY_OPERATOR,
)
ANSWER_READERS = (*ASKERS, Role.AUDITOR)
# Who compares a known family, or an application, with Dukcapil: the counter and the offices, not the Puskesmas.
FAMILY_ASKERS = tuple(role for role in ASKERS if role != Role.PUSKESMAS_CLERK)
APPLICATION_ASKERS = (*REGISTRARS, *APPROVERS)
# Rules of the programme: written by Dinkes, put in force by another person of Dinkes or its head (domain.md B22, G3.8).
RULE_WRITERS = (Role.DINKES_SERVICES, Role.DINKES_MEMBERSHIP)
RULE_DECIDERS = (*RULE_WRITERS, Role.BUDGET_USER)
RULE_READERS = (*RULE_DECIDERS, Role.DINKES_CLAIMS, Role.VERIFIER_COORDINATOR, Role.AUDITOR)
# Births: who records them, who reads them, who says which child of the registry it is.
BIRTH_RECORDERS = (Role.HOSPITAL_DESK, Role.PUSKESMAS_CLERK)
DESK_BIRTH_READERS = (*BIRTH_RECORDERS, Role.PUSKESMAS_DOCTOR)
OFFICE_BIRTH_READERS = (Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES, Role.AUDITOR)
BIRTH_READERS = (*DESK_BIRTH_READERS, *OFFICE_BIRTH_READERS)
BIRTH_MATCHERS = KEEPERS
# Rows of JKN lists without an exact NIK.
JKN_REVIEWERS = APPROVERS
JKN_ROW_READERS = (*JKN_REVIEWERS, Role.REGISTRY_OPERATOR, Role.AUDITOR)
