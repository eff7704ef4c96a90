"""The words of one-page forms: what is a label, what stands behind its colon, which boxes are ticked, what is mere print."""

import re
from collections.abc import Mapping
from functools import cache

from db.records.entities import ACTIVITY, ATTENDANCE, COVERAGE, MEMBERSHIP, TEAM, TRAINING, VOLUNTEER
from db.records.kinds import Choice, plain
from forms.columns.headings import bare, heading_key, recognised

KINDS = {VOLUNTEER: "姓名", TEAM: "队伍名称", TRAINING: "培训名称", ACTIVITY: "活动名称"}
"""What a one-page form may be about, and the heading that it cannot do without."""
_RECORDS = (*KINDS, MEMBERSHIP, COVERAGE, ATTENDANCE)

_SHEET = "(基本|情况|信息|注册|登记|备案|申请|申报|成立|审批|入队|加入)*表"
TITLES = {
    VOLUNTEER: re.compile(f"(志愿者|队员|会员|人员|个人){_SHEET}"), TEAM: re.compile(f"(队|队伍|团队|组织){_SHEET}"),
    TRAINING: re.compile(f"培训班?{_SHEET}"), ACTIVITY: re.compile(f"活动{_SHEET}"),
}  # fmt: skip
"""What its title calls a form about each of these."""
OF_A_LIST = re.compile("花名册|名册|名单|汇总表|统计表|一览表|台账|明细表")

_LONGEST = 16  # characters of a label, white space apart
_SHORT = 12  # characters of a choice without boxes: 男√ 女
_EMPTY_BOX, _TICK = "□☐○◯▢", "☑✓✔√■◉●"
_BRACKETS = re.compile(r"[(（\[【]\s*([√✓✔]?)\s*[)）\]】]")
_TICKED_BOX = re.compile(rf"[{_EMPTY_BOX}][{_TICK}]|[{_TICK}][{_EMPTY_BOX}]")
_MARK = re.compile(rf"[{_EMPTY_BOX}{_TICK}]")
# What forms ask for besides; nobody fills one of these in as an answer.
_ASKED = frozenset(
    """
    序号 称谓 民族 籍贯 国籍 政治面貌 党派 宗教信仰 学历 最高学历 学位 文化程度 教育程度 专业 所学专业
    毕业院校 毕业学校 毕业时间 职业 职称 班级 年级 院系 工作单位 单位名称 家庭住址 家庭地址 现住址
    现住地址 居住地址 住址 通讯地址 通信地址 联系地址 详细地址 户籍地址 户籍所在地 邮编 邮政编码 邮箱
    电子邮箱 微信 微信号 QQ QQ号 QQ号码 血型 身高 体重 年龄 健康状况 身体状况 婚姻状况 特长
    个人特长 专业特长 特长爱好 爱好特长 爱好 兴趣爱好 服务意向 服务意愿 个人简历 工作简历 简历 工作经历
    学习经历 紧急联系人 紧急联系电话 紧急联系方式 与本人关系 与志愿者关系 审批意见 审核意见 单位意见
    推荐单位意见 本人签名 本人签字 签名 填表人 填表日期 填表时间 服装尺码 服装号码 衣服尺码
    """.split()
)
_LIKE_LABELS = re.compile(
    ".*(邮箱|E-?mail)|.*(健康|身体|婚姻|家庭|基本)[状情]况|.*(地址|住址|所在地)|住所|户籍|户口|学校|(与?本?人?)?关系|(.{0,4}说明)|语言.*|驾照.*"
    "|.*(特长|爱好|技能|专长|资质|意向|意愿|理由|承诺|声明|愿望|简历|履历|经历|简介|概况|宗旨|事迹|情况|意见|审批|审核|签名|签字|签章|盖章)"
    "|.*(日期|时间|年月|时段|时长|联系人|负责人|填表人|经办人|审核人|介绍人|推荐人|监护人|见证人|代表人|成员|电话|姓名|名称|号码|编号)"
    "|.*(单位|部门|机构|人数|经费|预算|目的|目标|内容|主题|对象|地点|方式|类型|类别|性质|级别|来源|范围|规模)"
)
_PRINT = re.compile(
    "[(（]?(照片|相片|贴.{0,8}处|.{0,6}(照片|相片|免冠照?)(粘?贴?处?)|证件照)[)）]?|(?=.*[年月日])[年月日/._-]+|([(（]?(公章|盖章|签[章名字])[)）]?[:：]?[年月日]*)+"
)
_ABOUT = "(及?(姓名|信息|情况|资料|名单))*$"
OTHER_PEOPLE = re.compile(
    "(紧急联[系络](人|方式)?|监护人|家属|家长|配偶|家庭(主要)?成员|推荐人|介绍人|证明人|父亲|母亲)" + _ABOUT
)
"""Whose name or phone is not that of the person the form is about."""
IN_CHARGE = re.compile("(负责人|队长|联系人|领队|法人|代表人)" + _ABOUT)
"""Whose name and phone belong to the team or the activity."""
SECTION = re.compile("^[一二三四五六七八九十]{1,2}、|(信息|情况|资料|成员|部分|栏)$")
_FIXED = re.compile(
    r"第\d+页.*|.{0,40}(登记|申请|信息|报名|备案|申报|审批)表$|(注|附件|附表|填[表写]说明|说明)\d*[:.、]|(本人|我)(们|已|郑重|在此)*(自愿|承诺|志愿|保证|声明|同意|申请).{6,}",
    re.DOTALL,
)
OF_A_PERSON = re.compile("姓名|电话|手机|联系|号码?$|证|单位|关系|性别|职[业务]|住址|地址|出生|年龄")


@cache
def _known() -> frozenset[str]:
    """Every spelling of a heading that a form about one person, team, training or activity may have."""
    found = frozenset(word for record in _RECORDS for word in recognised(record.name))
    return found - (_answers() - {"队长"})


@cache
def _answers() -> frozenset[str]:
    """Labels that are also what people fill in: 职务 | 队员."""
    fields = [f for record in _RECORDS for f in record.fields]
    choices = {label for f in fields if isinstance(f.kind, Choice) for _, label in f.kind.options}
    return frozenset({plain(label) for label in choices} | {"志愿者", "人员", "学员", "服务人员", "参训人员"})


def is_known(text: str) -> bool:
    """Whether a text is one of the headings that our records have, in anybody's words."""
    key = _key(text)
    return bool(key) and may_be_label(text) and (key in _known() or bare(key) in _known())


def meaning(known: Mapping[str, str], label: str) -> str:
    """Return our heading for a label, or nothing; `known` is what `forms.columns.headings.recognised` gives."""
    key = heading_key(label)
    return known.get(key) or known.get(bare(key)) or ""


def is_label(text: str) -> bool:
    """Whether a text must be a label: a heading of ours, what every form asks for, or a colon with nothing behind it."""
    key = bare(_key(text))
    return is_known(text) or key in _ASKED or (plain(text).endswith(":") and may_be_label(text))


def is_usual(text: str) -> bool:
    """Whether a text is what forms may ask for, ours or not."""
    key = bare(_key(text))
    return may_be_label(text) and (is_label(text) or _LIKE_LABELS.fullmatch(key) is not None)


def is_answer(text: str) -> bool:
    """Whether a heading may be something that was filled in."""
    return heading_key(text) in _answers() and not plain(text).endswith(":")


def may_be_label(text: str) -> bool:
    """Whether a text is short and without numbers and boxes, as labels are: no number of a person passes."""
    key = re.sub(r"^\d{1,2}[.、]", "", _key(text))
    return bool(re.search(r"[\u4e00-\u9fff]", key)) and not re.search(rf"[\d;,。!?{_EMPTY_BOX}{_TICK}]", key)


def is_blank_print(text: str) -> bool:
    """Whether a text is the place of a photograph, a seal, or a date nobody wrote."""
    return _PRINT.fullmatch(plain(text)) is not None


def is_print(text: str) -> bool:
    """Whether a text is part of the paper: such a place, a promise, a remark."""
    return is_blank_print(text) or _FIXED.match(plain(text)) is not None


def label_text(text: str) -> str:
    """Return a label as a heading: without white space and colon."""
    return "".join(text.split()).strip("：:*＊")


def inline(text: str) -> list[tuple[str, str]]:
    """Return the labels of a cell with what stands behind their colons: “姓名：张三  性别：男”; empty where it is none."""
    if not re.search("[:：]", text) or len(text) > 500:
        return []
    found: list[tuple[str, str]] = []
    pieces = re.split("[:：]", text)
    label = pieces[0]
    if not is_usual(label + ":") or not (is_usual(label) or not pieces[1].strip()):
        return []
    for n in range(1, len(pieces)):
        piece = pieces[n]
        value, following = (piece, "") if n == len(pieces) - 1 else _cut(piece)
        if n < len(pieces) - 1 and not following:  # a colon inside a value: a time of day
            pieces[n + 1] = f"{piece}:{pieces[n + 1]}"
            continue
        found.append((label, value.strip(" \t\r\n\u3000_;；,，。")))
        label = following
    return found


def _cut(piece: str) -> tuple[str, str]:
    """Part a value from the label behind it: the longest end of the piece that is one and begins after white space."""
    starts = [0, *(m.end() for m in re.finditer(r"[\s\u3000_;；,，。]+", piece))]
    for start in starts:
        if is_usual(piece[start:]):
            return piece[:start], piece[start:]
    return piece, ""


def has_boxes(text: str) -> bool:
    """Whether a text holds boxes to tick."""
    return _MARK.search(_BRACKETS.sub("□", text)) is not None


def ticked(text: str) -> str | None:
    """Return what is ticked of a text with boxes (nothing: empty), or None for any other text and where it is unclear."""
    text = _BRACKETS.sub(lambda m: "☑" if m[1] else "□", text)
    text = _TICKED_BOX.sub("☑", text).strip()
    marks = [(m.start(), m[0] in _TICK) for m in _MARK.finditer(text)]
    boxes = sum(1 for at, _ in marks if text[at] in _EMPTY_BOX)
    if not boxes and len(text) > _SHORT and not any(text[at] in "☑■" for at, _ in marks):
        return None  # a tick in a longer text is none of the form's
    if len(marks) == 1 and text[0] in "☑■":
        return text[1:].strip() or None
    if not marks or (len(marks) == 1 and (boxes or len(text.split()) < 2)):
        return None
    places = [at for at, _ in marks]
    if places[0] == 0:
        parts = [text[a + 1 : b] for a, b in zip(places, [*places[1:], len(text)], strict=True)]
        parts = [part.split()[0] if not boxes and part.split() else part for part in parts]
    elif places[-1] == len(text) - 1 or not boxes:
        parts = [text[a:b] for a, b in zip([0, *(p + 1 for p in places[:-1])], places, strict=True)]
        parts = [part.split()[-1] if not boxes and part.split() else part for part in parts]
    else:
        return None
    words = [part.strip(" \t\r\n\u3000_;；,，、/") for part in parts]
    if not all(words):
        return None
    return "；".join(word for word, (_, on) in zip(words, marks, strict=True) if on)


def _key(text: str) -> str:
    """The compared form of a text that is short enough for a label, else nothing."""
    if len(text) > 60:
        return ""
    key = heading_key(text)
    return key if len(key) <= _LONGEST else ""
