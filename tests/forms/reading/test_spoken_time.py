"""Times and durations as people write them, and what looks like one and is none."""

import pytest

from forms.reading.spoken_time import clock_span, stretches


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("8点半-11点半", [180]), ("早8点到晚5点", [540]), ("上午8点半到11点", [150]), ("十二小时", [720]), ("一个小时四十分钟", [100]),
        ("1个小时半", [90]), ("2小时零5分", [125]), ("8:00-11:00,14:00-17:00", [180, 180]), ("上午3小时下午2小时", [180, 120]),
        ("22:00-次日2:00", [240]), ("22点到6点", [480]), ("1，5小时", [90]), ("8:25签到 11:25签退", [180]), ("下午2-5点", [180]),
        ("95分", []), ("3本书", []), ("50元", []), ("2个", []), ("9点到", []), ("8:30集合", []), ("9点-5点", []), ("没写", []),
    ],
)  # fmt: skip
def test_stretches(text: str, minutes: list[int]) -> None:
    assert [s.minutes for s in stretches(text)] == minutes


def test_a_span_alone() -> None:
    assert clock_span("8:00-11:00、14:00-15:00") == 240
    assert clock_span("8:00-11:00 敬老院") is None
