"""Conditions that more than one read asks: who is in a team, which teams stand, which are ours. Each has its only home here.

All of them are SQL over ``:as_of``; a table's short name is given where a read joins several. Source: data contract,
section 4, and `docs/contract.md`. What needs no day is a view: `effective_membership`, `coverage_span`, `team_tree`,
`netted_entry`.
"""

ML_PER_UNIT = 200  # one 人份 of blood, as targets are written (domain notes, section 6)


def office_item(item: str, day: str = ":as_of") -> str:
    """What the office says of itself on the day: the last answer given for that day or an earlier one."""
    return (
        f"(SELECT content FROM office WHERE item = '{item}' AND (start_on IS NULL OR start_on <= {day})"
        " ORDER BY start_on DESC LIMIT 1)"
    )


def squeezed(text: str) -> str:
    """Return a text without any white space, as the names of units are compared."""
    for mark in ("' '", "'\u3000'", "char(9)", "char(10)", "char(13)", "char(160)"):
        text = f"replace({text}, {mark}, '')"
    return text


def present(membership: str = "m", day: str = ":as_of") -> str:
    """Whether an effective membership holds on the day."""
    return f"({membership}.joined_on <= {day} AND {membership}.ended_on > {day})"


def over(membership: str = "m", day: str = ":as_of") -> str:
    """Whether a membership, as it is stored, is over on the day or never was."""
    return f"({membership}.id NOT IN (SELECT id FROM effective_membership WHERE ended_on > {day}))"


def active(row: str, start: str, end: str, day: str = ":as_of") -> str:
    """Whether something that begins and may end holds on the day; the end is the first day it no longer does."""
    return f"({row}.{start} <= {day} AND ({row}.{end} IS NULL OR {row}.{end} > {day}))"


def registered(volunteer: str = "v", day: str = ":as_of") -> str:
    """Whether somebody is a volunteer on the day."""
    return active(volunteer, "registered_on", "left_on", day)


def on_platform(row: str = "v", day: str = ":as_of") -> str:
    """Whether a person is on the national platform on the day: a number without a date counts on every day."""
    return (
        f"({row}.platform_id IS NOT NULL AND"
        f" ({row}.platform_registered_on IS NULL OR {row}.platform_registered_on <= {day}))"
    )


def covered_on_service(record: str = "r") -> str:
    """Whether somebody is covered on the day of a service record; for an activity, a policy for activities counts too."""
    return f"""
    (EXISTS (SELECT 1 FROM coverage_span AS c
              WHERE c.volunteer_id = {record}.volunteer_id AND c.cover_mode IN ('named_list', 'per_activity')
                AND c.start_on <= {record}.served_on AND c.end_on >= {record}.served_on)
     OR ({on_platform(day=f"{record}.served_on")} AND EXISTS (
         SELECT 1 FROM insurance_policy AS p WHERE p.cover_mode = 'platform_auto'
            AND p.start_on <= {record}.served_on AND p.end_on >= {record}.served_on)))
"""


def existing_team(team: str = "t", day: str = ":as_of") -> str:
    """Whether a team is founded and not dissolved on the day, suspended or not."""
    return active(team, "established_on", "dissolved_on", day)


def suspended_team(team: str = "t", day: str = ":as_of") -> str:
    """Whether a team is suspended on the day."""
    return (
        f"({team}.suspended_from IS NOT NULL AND {team}.suspended_from <= {day}"
        f" AND ({team}.suspended_until IS NULL OR {team}.suspended_until > {day}))"
    )


def standing_team(team: str = "t", day: str = ":as_of") -> str:
    """Whether a team is active on the day."""
    return f"({existing_team(team, day)} AND NOT {suspended_team(team, day)})"


def own_team(team: str = "t") -> str:
    """Whether a team is managed by the office itself: by the name of its 主管单位, or by its kind."""
    name = squeezed(office_item("name"))
    return f"({squeezed(f'{team}.managing_org')} = {name} OR ifnull({team}.managing_kind, '') = 'own')"


def doubtful_owner(team: str = "t") -> str:
    """Whether name and kind of who manages a team say different things: ours by one, another's by the other."""
    same = f"{squeezed(f'{team}.managing_org')} = {squeezed(office_item('name'))}"
    return f"(ifnull({team}.managing_kind, '') <> '' AND ({same}) <> ({team}.managing_kind = 'own'))"


def base_team(team: str = "t", day: str = ":as_of") -> str:
    """Whether team-by-team clauses judge a team: ours, active, and no 分队."""
    return f"({own_team(team)} AND {team}.parent_id IS NULL AND {standing_team(team, day)})"


def whole_area(unit: str = "unit") -> str:
    """Whether a row of blood donation is of the office's whole area: a total that is never added to its parts."""
    return (
        f"({unit} IN ('全区', '全县', '全市', '全省', '合计') OR (substr({unit}, -1) IN ('区', '县', '市', '省')"
        f" AND instr({office_item('name')}, {unit}) > 0))"
    )


def attended(attendance: str = "a") -> str:
    """Whether somebody who was expected at a training was there."""
    return f"({attendance}.result IS NULL OR {attendance}.result NOT IN ('absent', 'leave'))"


# Persons with a coverage in force on the day. Both ends are inclusive.
COVERED = f"""
    SELECT volunteer_id FROM coverage_span
     WHERE cover_mode = 'named_list' AND start_on <= :as_of AND end_on >= :as_of
    UNION
    SELECT v.id FROM volunteer AS v
     WHERE {on_platform("v")} AND EXISTS (
           SELECT 1 FROM insurance_policy
            WHERE cover_mode = 'platform_auto' AND start_on <= :as_of AND end_on >= :as_of)
"""

# An activity that the team :team holds, as the host or together with others.
TAKES_PART = "(host_team_id = :team OR instr(',' || partner_team_ids || ',', ',' || :team || ','))"
