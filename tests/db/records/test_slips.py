"""The likely slip behind a wrong number is named where exactly one explains it, and the number itself never is."""

import random

import pytest

from db.records.identity import check_digit, number_problem, slips


def number(rng: random.Random) -> str:
    """A sound invented number."""
    born = f"{rng.randint(1950, 2008)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    body = f"990{rng.randint(100, 999)}{born}{rng.randint(0, 999):03d}"
    return body + check_digit(body)


@pytest.mark.parametrize("seed", range(300))
def test_a_slip_is_named_only_where_it_is_the_only_one(seed: int) -> None:
    rng = random.Random(seed)
    right = number(rng)
    i = rng.randrange(17)
    wrong = {
        0: right[:i] + right[i + 1] + right[i] + right[i + 2 :],
        1: right.replace("0", "O", 1).replace("1", "I", 1),
        2: right[:i] + right[i + 1 :],
        3: right[:i] + right[i] + right[i:],
    }[seed % 4]
    if wrong == right:
        return
    said = number_problem(wrong, "resident_id")
    assert said is not None
    assert right not in said
    assert wrong not in said
    found = slips(wrong)
    assert right in [meant for _, meant in found]
    named = [w for w, _ in found if w in said or w.replace("可能颠倒了", "颠倒就对得上") in said]
    assert len(named) == (len(found) == 1)


def test_the_words() -> None:
    base = "99012319900307001"
    right = base + check_digit(base)
    assert number_problem(right, "resident_id") is None
    assert "字母" in str(number_problem(right.replace("0", "O", 1), "resident_id"))
    assert "现为 12 位，请" in str(number_problem("990123199003", "resident_id"))
    wrong = [right[:-1] + c for c in "0123456789X" if c != right[-1]]
    plain = [w for w in wrong if not slips(w)]
    assert plain
    assert all("可能有一位抄错或两位颠倒" in str(number_problem(w, "resident_id")) for w in wrong)


def test_a_wrong_digit_is_not_told_as_a_swap() -> None:
    """Where a swap would explain what one wrong digit may have done as well, it is said as one way among two."""
    base = "99012319900307001"
    right = base + check_digit(base)
    explained = [w for c in "0123456789X" if c != right[-1] and len(slips(w := right[:-1] + c)) == 1]
    assert explained
    for wrong in explained:
        said = str(number_problem(wrong, "resident_id"))
        assert "位颠倒就对得上" in said
        assert "可能颠倒了" not in said
