"""下级上报汇总: what its workbook and its paper are made of; nothing is counted here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from db.quarters import Period
from db.records.statuses import STATUSES
from forms.report.figure_labels import COLLECTED_LABELS, LABELS, for_period

COUNTED_TWICE = "人数按各单位上报的数相加，在几个单位登记的人重复计算；带 * 的合计有单位没有数据，只加已知的。"
Figures = Mapping[str, int | None]


@dataclass(frozen=True)
class OfficeLine:
    """One office: what it reported, which edition, when, and what is to be known of it in `notes`; `mark` is its key's
    fingerprint, empty where another office handed it on."""

    name: str
    code: str
    edition: int
    submitted_on: str
    figures: Figures
    verdicts: Mapping[str, str]  # clause → status, of those that are listed for it
    notes: Sequence[str] = ()
    mark: str = ""


@dataclass(frozen=True)
class RollUpData:
    """Everything that is printed of a period added up; `before` is the total of the period before, empty without one."""

    maker: str  # the office that adds up; empty where there is none
    period: Period
    made_on: dt.date
    deadline: dt.date | None
    offices: Sequence[OfficeLine]
    total: Figures
    incomplete: frozenset[str]
    before: Figures
    offices_before: int
    clauses: Sequence[tuple[str, str, Mapping[str, int]]]  # clause, its title, status → offices
    blood_done: Sequence[str]
    blood_pending: Sequence[str]
    missing: Sequence[tuple[str, str, str]]  # name, 联系人, 联系电话
    late: Sequence[str]
    refused: Sequence[tuple[str, str]]  # file, why
    replaced: Sequence[tuple[str, int, int, str, str, str]] = field(default_factory=tuple)
    # office, old and new edition, figure in words, old, new

    @property
    def title(self) -> str:
        """What stands at the head of the paper."""
        return f"{self.period.label}下级上报汇总表"

    @property
    def labels(self) -> dict[str, str]:
        """The figures that some office reported, in their usual order, each with what it is called."""
        known = [*LABELS.items(), *COLLECTED_LABELS.items()]
        return {name: for_period(label, self.period) for name, label in known if name in self.total}

    @property
    def statuses(self) -> list[str]:
        """The verdicts that some office has, in their usual order."""
        return [s for s in STATUSES if any(s in counts for _, _, counts in self.clauses)]

    @property
    def facts(self) -> list[tuple[str, str]]:
        """How complete and how timely it is, and how many counties have their blood team, each with its heading."""
        listed = len(self.offices) + len(self.missing)
        due = f"期限 {self.deadline}，" if self.deadline else ""
        late = f"{due}超过期限 {len(self.late)} 个：{'、'.join(self.late)}" if self.late else f"{due}没有超过期限的"
        found = [
            ("已报送", f"{len(self.offices)} 个单位" + (f"，应报 {listed} 个" if self.missing else "")),
            ("未报送", "、".join(name for name, *_ in self.missing) or "没有"),
            ("是否及时", late if self.deadline else "没有规定期限"),
        ]
        if self.blood_done or self.blood_pending:
            pending = f"；尚未建队：{'、'.join(self.blood_pending)}" if self.blood_pending else ""
            counties = len(self.blood_done) + len(self.blood_pending)
            found.append((
                "各县2026年建队", f"{counties} 个县级红十字会中 {len(self.blood_done)} 个已建无偿献血或三献队伍{pending}",
            ))  # fmt: skip
        return found
