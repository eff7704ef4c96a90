"""The 迎检包's first page: what proves each clause, with a link to each material, as one HTML file without any script."""

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from urllib.parse import quote

from db.records.statuses import STRENGTHS
from db.rules.verdicts import Result
from forms.report.materials import Material, Section, clause_numbers
from forms.report.quarterly import QuarterData, chinese_date
from forms.report.situation import article, counted, outcome, whole_name

_TONES = {
    "met": "good", "partial": "warn", "in_progress": "info", "not_met": "bad", "explain": "warn", "attention": "warn",
    "missing_data": "warn", "missing_evidence": "warn",
}  # fmt: skip
_STYLE = """
:root{color-scheme:light dark;--ink:#22262b;--dim:#667077;--line:#dfe3e6;--paper:#fff;--ground:#f3f4f2;--link:#155e8a;
--good:#1f7a4d;--warn:#9a6200;--bad:#a63a2c;--info:#2f6690}
@media (prefers-color-scheme:dark){:root{--ink:#e6e8ea;--dim:#9aa4ab;--line:#3a4147;--paper:#22272b;--ground:#191d20;
--link:#7db8e0;--good:#6cc598;--warn:#e0ad55;--bad:#ec8a7b;--info:#8abbe0}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);line-height:1.6;
font:15px/1.6 "Microsoft YaHei","PingFang SC","Noto Sans CJK SC","Noto Sans SC",sans-serif}
main{max-width:1040px;margin:0 auto;padding:32px 28px 56px}
h1{font-size:24px;line-height:1.35;margin:0 0 6px;text-wrap:balance}
h2{font-size:16px;margin:34px 0 10px;line-height:1.5}
a{color:var(--link);text-decoration:none;overflow-wrap:anywhere}a:hover,a:focus{text-decoration:underline}
.dim{color:var(--dim)}
.sums,.files{display:flex;flex-wrap:wrap;gap:8px 22px;margin:16px 0 0;padding:0;list-style:none}
.sums b{font-size:20px;font-weight:600;margin-right:5px;font-variant-numeric:tabular-nums}
.files a{font-weight:600}
table{width:100%;border-collapse:collapse;background:var(--paper);border:1px solid var(--line)}
td{padding:9px 14px;border-top:1px solid var(--line);vertical-align:top}
tr:first-child>td{border-top:0}
.number{width:54px;text-align:right;font-variant-numeric:tabular-nums;color:var(--dim);padding-right:0}
.state{width:104px;text-align:right;white-space:nowrap}
.state,.lost{font-weight:600}
.good{color:var(--good)}.warn{color:var(--warn)}.bad,.lost{color:var(--bad)}.info{color:var(--info)}
.article{display:block;font-size:13px;color:var(--dim)}
ul.of{margin:6px 0 2px;padding:0;list-style:none}
ul.of li{display:grid;grid-template-columns:54px minmax(0,1fr) auto;gap:0 10px;padding:2px 0}
ul.of .dim{font-size:13px}
footer{margin-top:34px;font-size:13px;color:var(--dim)}
@media (max-width:620px){main{padding:20px 12px}td{padding:8px}.state{width:auto}ul.of li{grid-template-columns:48px 1fr}
ul.of .when{grid-column:2}}
@media print{body{background:#fff;font-size:12px}main{max-width:none;padding:0}tr{break-inside:avoid}h2{break-after:avoid}}
"""


def materials_index(
    data: QuarterData, title: str, found: Sequence[Section], places: Mapping[str, str], lost: Mapping[str, str],
    papers: Sequence[tuple[str, str]],
) -> str:  # fmt: skip
    """Return the page. `places`: where each material lies below the page, by its number; `lost`: why a file is not there.

    `papers`: (name, place) of what comes before the clauses: the report, the 目录 and the 自查表.
    """
    results = counted(data.results)
    numbers = clause_numbers(data.results)
    by_number = {section.number: section for section in found}
    body = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="dim">{escape(data.name)}　统计截止：{chinese_date(data.as_of)}</p>',
    ]
    if data.is_draft:
        body.append(f'<p class="lost">{escape(data.mark)}</p>')
    counts = Counter((outcome(r), _TONES.get(r.status, "dim")) for r in results)
    body.append('<ul class="sums">' + "".join(
        f'<li><b class="{tone}">{n}</b>{escape(word)}</li>' for (word, tone), n in counts.most_common()) + "</ul>")  # fmt: skip
    body.append('<ul class="files">' + "".join(f"<li>{_link(name, place)}</li>" for name, place in papers) + "</ul>")
    if lost:
        body.append(f'<p class="lost">有 {len(lost)} 份材料的文件缺失，已在下面标明。</p>')
    for source, group in groupby(results, lambda r: r.clause.source):
        body.append(f"<h2>{escape(whole_name(source))}</h2><table>")
        for result in group:
            number = str(numbers[result.clause.id])
            materials = by_number[number].materials if number in by_number else ()
            body.append(_row(number, result.clause.title, result, materials, places, lost))
        body.append("</table>")
    rest = [section for section in found if section.number not in map(str, numbers.values())]
    if rest:
        body.append("<h2>其他材料</h2><table>")
        body += [_row(s.number, s.title, None, s.materials, places, lost) for s in rest]
        body.append("</table>")
    body.append("<footer>序号与佐证材料目录、合规自查表相同。请保持本页与各文件夹在一起，链接才能打开。</footer>")
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main>\n" + "\n".join(body) + "\n</main></body></html>\n"
    )


def _row(
    number: str, title: str, result: Result | None, materials: Sequence[Material], places: Mapping[str, str],
    lost: Mapping[str, str],
) -> str:  # fmt: skip
    where, state = "", ""
    if result is not None:
        where = f"{article(result.clause)}　{STRENGTHS[result.clause.strength]}"
        state = f'<span class="{_TONES.get(result.status, "dim")}">{escape(outcome(result))}</span>'
    lines = "".join(
        f'<li><span class="dim">{escape(m.number)}</span><span>{_material(m, places, lost)}</span>'
        f'<span class="dim when">{escape(m.day or m.kept_on)}</span></li>'
        for m in materials
    )
    return (
        f'<tr><td class="number">{escape(number)}</td><td>{escape(title)}'
        + (f'<span class="article">{escape(where)}</span>' if where else "")
        + (f'<ul class="of">{lines}</ul>' if lines else "")
        + f'</td><td class="state">{state}</td></tr>'
    )


def _material(material: Material, places: Mapping[str, str], lost: Mapping[str, str]) -> str:
    if material.number in lost:
        shown = f'{escape(material.name)}　<span class="lost">{escape(lost[material.number])}</span>'
    else:
        shown = _link(material.name, places[material.number])
    return shown + (f'　<span class="dim">{escape(material.note)}</span>' if material.note else "")


def _link(name: str, place: str) -> str:
    return f'<a href="{quote(place)}">{escape(name)}</a>'
