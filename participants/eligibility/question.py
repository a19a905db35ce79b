"""What is asked of the rules, as SQL: the day, what a desk tells of the case, and the parameters of the scheme in force."""

import json

from ksb.core.scheme import Parameters

# What every question consists of, with the types a prepared statement declares.
QUESTION = {"day": "date", "as_of": "timestamptz", "service": "text"}
# What a desk may add of the case, and what holds where it says nothing. A look-up without a case carries these as constants.
CASE = {
    "facility": ("bigint", "NULL"),
    "referred": ("boolean", "true"),
    "cause": ("text", "''"),
    "unpaid_elsewhere": ("boolean", "false"),
    "complement": ("text", "''"),
    "criterion": ("text", "''"),
    "exclusion": ("text", "''"),
    "care_class": ("integer", "NULL"),
    "household_shown": ("bigint", "NULL"),
    "born_on": ("date", "NULL"),
    "running_since": ("date", "NULL"),
    "bridged": ("integer", "0"),
    "spent_episode": ("bigint", "NULL"),
    "spent_year": ("bigint", "NULL"),
    "unverified": ("boolean", "false"),
}
QUESTION_WITH_CASE = QUESTION | {name: sql_type for name, (sql_type, _) in CASE.items()}

_SQL_TYPES = {bool: "boolean", int: "integer", int | None: "bigint"}
_PARAMETERS = (
    "open",
    "registration_required",
    "min_residence_months",
    "referral_required",
    "emergency_report_hours",
    "newborn_cover_days",
    "pbi_blocks",
    "jkn_blocks",
    "other_insurance_blocks",
    "special_groups",
    "ktp_el_required",
    "ktp_el_age",
    "ktp_grace_days",
    "tat_inclusive",
    "jkn_max_age_days",
    "dukcapil_max_age_hours",
)
# Only what is told of a case is held against these.
_CASE_PARAMETERS = (
    "transition_days",
    "class_allowed",
    "benefit_cap",
    "benefit_cap_episode",
    "bridge_max",
    "bridge_blocks",
)


def _parameter(name):
    """A parameter of the version in force as typed SQL; what the version leaves unsaid is the default of the dataclass."""
    field = Parameters.__dataclass_fields__[name]
    told = f"(s.parameters->>'{name}')::{_SQL_TYPES[field.type]}"
    return f"{told} AS {name}" if field.default is None else f"coalesce({told}, {json.dumps(field.default)}) AS {name}"


def _listed(name, value):
    """Whether ``value`` is in the list of the version in force that ``name`` is the parameter of."""
    default = json.dumps(getattr(Parameters(), name))
    return f"jsonb_exists(coalesce(s.parameters->'{name}', '{default}'), {value})"


# Care that runs is judged by what held on the day it began (domain.md B22, B28: "C14 at admission decides").
_PLAIN = [f"%({name})s::{sql_type} AS {name}" for name, sql_type in QUESTION.items()]
ASKED = "(SELECT {}) asked".format(
    ", ".join([*_PLAIN, "%(day)s::date AS begun_on", *(f"{nothing}::{t} AS {n}" for n, (t, nothing) in CASE.items())])
)
ASKED_WITH_CASE = "(SELECT {}) asked".format(
    ", ".join(
        [
            *_PLAIN,
            "least(%(running_since)s::date, %(day)s) AS begun_on",
            *(f"%({n})s::{t} AS {n}" for n, (t, _) in CASE.items()),
        ]
    )
)


def scheme(case):
    """The parameters in force on the day care began, with those a case is held against where there is one."""
    parameters = [*map(_parameter, _PARAMETERS)]
    if case:
        parameters += map(_parameter, _CASE_PARAMETERS)
        parameters += [
            f"{_listed('complement_categories', 'asked.complement')} AS complementary",
            f"{_listed('general_exclusions', 'asked.exclusion')} AS generally_excluded",
        ]
    return f"""
    SELECT s.id AS scheme_id, s.code AS scheme_code, lower(s.valid) AS scheme_starts, upper(s.valid) AS scheme_ends,
           {", ".join(parameters)}
      FROM {ASKED_WITH_CASE if case else ASKED} LEFT JOIN core_schemeversion s ON s.valid @> asked.begun_on
    OFFSET 0
"""


# What ``scheme`` says of a case, where no case is told.
SCHEME_UNASKED = ", ".join(
    [
        *("false AS complementary", "false AS generally_excluded"),
        *(f"NULL::{_SQL_TYPES[Parameters.__dataclass_fields__[name].type]} AS {name}" for name in _CASE_PARAMETERS),
    ]
)
