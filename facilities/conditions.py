"""What the network says of a day, as SQL for the floors above: one definition for one letter and for ten thousand claims."""


def terms_in_force(facility, day, *, promised=None):
    """``FROM ... WHERE ...`` of the contract terms (alias ``t``) of a facility on a day, for SQL expressions.

    A suspended hospital has none for new patients. ``promised`` is the day on which the care was promised, where that was
    before: letters given out and stays begun before a suspension are honoured (domain.md B25).
    """
    promised = promised or day
    return f"""FROM facilities_contract k JOIN facilities_contractterms t ON t.contract_id = k.id
         WHERE k.facility_id = {facility} AND t.valid @> {day}
           AND NOT EXISTS (SELECT FROM facilities_suspension z
                            WHERE z.facility_id = k.facility_id AND z.starts <= {promised}
                              AND (z.ends IS NULL OR z.ends > {promised}))"""


def tariff_code(facility, day):
    """SQL of the tariff code on a day of the facility behind that alias: a class that changed later changes no old price."""
    return f"""coalesce((SELECT z.tariff_code FROM facilities_standing z
                          WHERE z.facility_id = {facility}.id AND z.days @> {day}), {facility}.tariff_code)"""
