"""Words that tell what a table is about."""

import re

from db.records.kinds import plain

_MEMBERS = re.compile("会员|会费|入会")
_VOLUNTEERS = re.compile("志愿|义工|服务队|救援队|队员|入队")


def is_of_members(text: str) -> bool:
    """Whether a list speaks of members of the Red Cross, and not of volunteers."""
    return bool(_MEMBERS.search(plain(text)) and not _VOLUNTEERS.search(plain(text)))
