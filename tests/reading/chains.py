"""接龙 texts made up with known answers: people write names, hours, remarks and cancelling in every usual way."""

import random
from dataclasses import dataclass, field

NAMES = (
    "张晓明", "李红", "王建国", "赵雪梅", "刘芳", "陈加友", "马丽·艾山", "周立", "周立新", "韩大勇", "欧阳修远", "郑秋月",
    "冯白鹭", "孙小满", "吴冬至",
)  # fmt: skip
STRANGERS = ("某某某", "外来客", "路过人")


@dataclass
class Made:
    """A text and what is right: for each entry (person or None, minutes or None, state)."""

    text: str
    lines: list[tuple[str | None, int | None, str]] = field(default_factory=list)
    usual: int | None = None


HOURS = (
    ("3小时", 180), ("2.5h", 150), ("２．５小时", 150), ("两小时", 120), ("一个半小时", 90), ("2个半小时", 150), ("1小时30分钟", 90),
    ("90分钟", 90), ("半小时", 30), ("9:00-11:30", 150), ("9点至11点30分", 150), ("8点半-11点半", 180), ("早8点到晚5点", 540),
    ("上午8点半到11点", 150), ("十二小时", 720), ("一个小时四十分钟", 100), ("1个小时半", 90), ("2小时零5分", 125),
    ("8:00-11:00，14:00-17:00", 360), ("上午3小时下午2小时", 300), ("22:00-次日2:00", 240), ("1，5小时", 90), ("三个钟头", 180),
    ("8:25签到 11:25签退", 180), ("下午2点-5点", 180), ("今天2小时，累计56小时", 120), ("19:00~21:00", 120), ("2 hours", 120),
    ("服务时长：2小时", 120), ("8:00-11:00（3小时）", 180), ("4", 240), ("二十分钟", 20),
)  # fmt: skip
OPEN = (
    "95分", "3本书", "50元", "2个", "9点到", "周一2小时 周三3小时", "约3小时", "3小时左右", "2-3小时", "可能2小时", "3小时（迟到半小时）", "30小时",
)  # fmt: skip
GONE = ("取消", "请假", "（请假）", "×", "没来", "去不了了", "❌", "临时有事不去了", "2小时 取消", "缺席", "病假")
REMARKS = ("", "", "", "（自带水壶）", "（组长）", " 辛苦了")
STARTS = ("{}. ", "{}、", "{}．", "({})", "（{}）", "{}) ", "{} ")
TITLES = ("周六清洁家园", "7月5日清洁家园", "服务登记", "献血点值守", "周日义诊登记", "2026年7月5日 敬老院慰问")


def one(rng: random.Random) -> Made:
    """Make one text of a random kind."""
    makers = (_numbered, _numbered, _numbered, _usual, _chat, _next_line, _each, _forms, _without_numbers, _twice)
    return rng.choice(makers)(rng)


def _entry(rng: random.Random, name: str) -> tuple[str, tuple[str | None, int | None, str]]:
    kind = rng.random()
    if kind < 0.7:
        words, minutes = rng.choice(HOURS)
        remark = "" if words == "4" else rng.choice(REMARKS)
        gap = "" if words[0] not in "早上下8291十一两三二半服今" and rng.random() < 0.1 else " "
        return f"{name}{gap}{words}{remark}", (name, minutes, "sure")
    if kind < 0.82:
        return f"{name} {rng.choice(GONE)}", (name, None, "left_out")
    if kind < 0.94:
        return f"{name} {rng.choice(OPEN)}", (name, None, "ask")
    return f"{rng.choice(STRANGERS)} 2小时", (None, None, "ask")


def _people(rng: random.Random) -> list[str]:
    return rng.sample(NAMES, rng.randint(2, 6))


def _spaced(rng: random.Random, name: str) -> str:
    return " ".join(name) if len(name) == 2 and rng.random() < 0.2 else name


def _numbered(rng: random.Random) -> Made:
    start, made = rng.choice(STARTS), Made("")
    lines = [] if rng.random() < 0.3 else ["#接龙"]
    lines.append(rng.choice(TITLES))
    for n, name in enumerate(_people(rng), 1):
        text, answer = _entry(rng, name)
        made.lines.append(answer)
        lines.append(f"{start.format(n)}{text.replace(name, _spaced(rng, name), 1)}")
    made.text = "\n".join(lines)
    return made


def _usual(rng: random.Random) -> Made:
    """The title gives the hours; a line with nothing but a name takes them."""
    made, lines = Made(""), ["#接龙", "7月5日清洁家园，每人服务3小时"]
    for n, name in enumerate(_people(rng), 1):
        if rng.random() < 0.6:
            lines.append(f"{n}. {name}")
            made.lines.append((name, 180, "sure"))
        else:
            text, answer = _entry(rng, name)
            lines.append(f"{n}. {text}")
            made.lines.append(answer)
    made.text = "\n".join(lines)
    return made


def _chat(rng: random.Random) -> Made:
    """A whole chat was copied; of the versions of the chain the last one counts."""
    people, lines, made = _people(rng), [], Made("")
    entries = [_entry(rng, name) for name in people]
    for n in range(max(1, len(people) - 2), len(people) + 1):
        lines += [f"{people[n - 1]} 2026/7/5 18:{20 + n}:33", "#接龙", "周六清洁"]
        lines += [f"{k}. {text}" for k, (text, _) in enumerate(entries[:n], 1)]
        lines += ["", f"{people[0]} 2026/7/5 19:{20 + n}:01", rng.choice(("收到", "好的，谢谢大家", "👍"))]
    made.text, made.lines = "\n".join(lines), [answer for _, answer in entries]
    return made


def _next_line(rng: random.Random) -> Made:
    made, lines = Made(""), ["#接龙", "周日义诊登记"]
    for n, name in enumerate(_people(rng), 1):
        lines += [f"{n}. .", f"{name} 3小时"] if rng.random() < 0.5 else [f"{n}. {name}", "3小时"]
        made.lines.append((name, 180, "sure"))
    made.text = "\n".join(lines)
    return made


def _each(rng: random.Random) -> Made:
    people = _people(rng)
    if rng.random() < 0.5:
        return Made(f"参加人员：{'、'.join(people)}，每人3小时", [(name, 180, "sure") for name in people])
    text = f"#接龙\n服务\n1. {'、'.join(people[:2])}各2小时"
    rest = "".join(f"\n{n}. {name} 1小时" for n, name in enumerate(people[2:], 2))
    return Made(text + rest, [(name, 120 if name in people[:2] else 60, "sure") for name in people])


def _forms(rng: random.Random) -> Made:
    people = _people(rng)
    gap = rng.choice((" ", "\n", "，"))
    lines = [
        f"姓名：{name}{gap}电话：139000000{n:02d}{gap}时长：{rng.choice(('2', '2小时', '2.0小时'))}"
        for n, name in enumerate(people)
    ]
    return Made("\n".join(lines), [(name, 120, "sure") for name in people])


def _without_numbers(rng: random.Random) -> Made:
    people = _people(rng)
    return Made(
        "\n".join(["周六清洁家园活动", *(f"{name} 2小时" for name in people)]), [(name, 120, "sure") for name in people]
    )


def _twice(rng: random.Random) -> Made:
    """A person named twice is the line with hours; two different times are asked about."""
    first, other = rng.sample(NAMES, 2)
    if rng.random() < 0.5:
        lines = [(first, None, "left_out"), (other, 120, "sure"), (first, 180, "sure")]
        return Made(f"#接龙\n服务\n1. {first}\n2. {other} 2小时\n3. {first} 3小时", lines)
    lines = [(first, None, "ask"), (other, 120, "sure"), (first, None, "ask")]
    return Made(f"#接龙\n服务\n1. {first} 2小时\n2. {other} 2小时\n3. {first} 3小时", lines)
