"""A person's service on one day: over 24 hours is refused, over 12 hours is doubtful."""

from collections import defaultdict
from collections.abc import Iterable

from db.records.fields import Columns, Problem, Row
from db.records.kinds import Value

DAY_LIMIT, DAY_DOUBT = 24 * 60, 12 * 60  # minutes of service by one person on one day

_Day = tuple[Value, Value]  # whose day, and which


class ServiceDays:
    """How many minutes everybody has served on each day, while rows come in."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._minutes: dict[_Day, int] = defaultdict(int)
        self.add(rows)

    def add(self, rows: Iterable[Row]) -> None:
        """Count rows that are taken without a question."""
        for row in rows:
            self._minutes[row["volunteer_id"], row["served_on"]] += int(row["service_minutes"] or 0)

    def crowded(self, columns: Columns) -> set[int]:
        """Return the places of rows whose day would be doubtful if all of these went in."""
        days: list[_Day] = list(zip(columns["volunteer_id"], columns["served_on"], strict=True))
        total: dict[_Day, int] = defaultdict(int)
        for day, minutes in zip(days, columns["service_minutes"], strict=True):
            total[day] += int(minutes or 0)
        long = {day for day, minutes in total.items() if minutes + self._minutes.get(day, 0) > DAY_DOUBT}
        return {n for n, day in enumerate(days) if day in long} if long else set()

    def take(self, row: Row, problems: list[Problem]) -> bool:
        """Count a new row where its day has room for it, and say what is doubtful; False: it has none."""
        day = row["volunteer_id"], row["served_on"]
        total = self._minutes.get(day, 0) + int(row["service_minutes"] or 0)
        if total > DAY_LIMIT:
            problems.append(Problem("service_minutes", "这个人同一天的服务时长合计超过 24 小时，请核对日期和时长"))
            return False
        if total > DAY_DOUBT:
            problems.append(Problem("service_minutes", "这个人同一天的服务时长合计超过 12 小时，请核对", "warning"))
        self._minutes[day] = total
        return True
