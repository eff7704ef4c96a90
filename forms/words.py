"""Amounts in Chinese words (人民币大写), as cheques and receipts have them, and the numbers of headings.

Two rules are in force: 支付结算办法 lets 整 be left out after 角, 会计基础工作规范 wants it; with 整 both are kept.
"""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"))
_GROUPS = ((10**8, "亿"), (10**4, "万"))
LARGEST = 10**16 * 100  # 分; a number of 亿 has at most eight digits


def rmb(fen: int) -> str:
    """Return an amount in 分 in words: ``rmb(140950)`` is 人民币壹仟肆佰零玖元伍角整.

    A negative amount has 负 before the number. Raises `ValueError` from ten thousand million million 元 up.
    """
    if abs(fen) >= LARGEST:
        raise ValueError("too large an amount for words")
    yuan, rest = divmod(abs(fen), 100)
    jiao, cents = divmod(rest, 10)
    parts = [_whole(yuan) + "元"] if yuan or not rest else []
    if jiao:
        parts.append(_DIGITS[jiao] + "角")
    elif cents and yuan:
        parts.append("零")
    parts.append(_DIGITS[cents] + "分" if cents else "整")
    return f"人民币{'负' if fen < 0 else ''}{''.join(parts)}"


def _whole(number: int) -> str:
    if not number:
        return _DIGITS[0]
    for size, name in _GROUPS:
        high, low = divmod(number, size)
        if high:
            return _whole(high) + name + _after(low, size)
    for size, name in _PLACES:
        high, low = divmod(number, size)
        if high:
            return _DIGITS[high] + name + _after(low, size)
    return _DIGITS[number]


def _after(low: int, size: int) -> str:
    """Return what follows a place: nothing, or the rest, with 零 where the next place is empty."""
    if not low:
        return ""
    return (_DIGITS[0] if low < size // 10 else "") + _whole(low)


def ordinal(number: int) -> str:
    """Return a number from 1 to 99 as headings count: ``ordinal(21)`` is 二十一."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones] if ones else ''}"
