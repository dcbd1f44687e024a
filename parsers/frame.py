"""The frame of a report: its title above, its signature and date below, the lines in between.

Both can be missing (two reports in five have no title), broken over lines, or stand among lines of a web page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.model import Span
from knowledge.names import looks_like_a_body
from knowledge.numerals import find_years, parse
from knowledge.text import squeeze
from parsers.document import Document, Table
from parsers.sections import Line, Section, lines, numbering, sections

_WIDE = str.maketrans("０１２３４５６７８９．－／（）：", "0123456789.-/():")
# 2021年1月13日 · 二〇二一年一月十三日 · 2021-01-13 · 2021.1.13
_DAY = (
    r"(?:(?P<year>(?:19|20)\d{2}|二[〇○零OＯo一二]{1}[〇○零OＯo一二三四五六七八九]{2})\s*(?:年|[-/.])\s*"
    r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})\s*(?:月|[-/.])\s*(?P<day>\d{1,2}"
    r"|[一二三四五六七八九十廿卅]{1,3})\s*[日号]?)"
)
DAY = re.compile(_DAY)
_ONLY_DAY = re.compile(rf"^[(（【\[\s]*{_DAY}[)）】\]\s]*$")
# 大榭街道办事处 2025年1月8日
_SIGNED_DAY = re.compile(rf"^(?P<body>\D{{3,34}}?)[\s,，]*{_DAY}\s*$")
# (2021年1月22日) · 某县人民政府办公室 2024-03-21 09:30: under the title
_UNDER_TITLE = re.compile(rf"^[(（【\[\s]*[\u4e00-\u9fff（）]{{0,30}}[\s　:：]*{_DAY}[\s\d:：]*[)）】\]\s]*$")
# …年度报告（2021年1月22日）: the line under the title ran into it
BEHIND_TITLE = re.compile(rf"[(（【\[]\s*{_DAY}\s*[)）】\]]\s*$")
# 发布日期：2021-01-13 · 发布时间: 2021年1月13日 16:20 · 时间：…
_LABELLED_DAY = re.compile(
    rf"(?:发布日期|发布时间|公开日期|公开时间|成文日期|发文日期|生成日期|更新时间|编制日期|日期"
    rf"|时间)\s*[:：]\s*{_DAY}"
)
# …政府信息公开工作年度报告 · 信息公开年报 · 政务公开工作报告（2020年度）
_TITLE = re.compile(
    r"(?:政府信息公开|政务信息公开|政务公开|信息公开|政府信息依申请公开).{0,14}(?:报告"
    r"|年报)[书]?(?:[(（][^()（）]{1,20}[)）])*$|年度政府信息公开(?:工作)?$"
)
_NO_TITLE = re.compile(
    r"[。；！？>|]|根据|按照|现将|现予|编制|格式|关于(?:印发|报送|公布|发布|做好)|通知|当前位置|上一篇|下一篇"
    r"|附件|查看|下载|统计期限|https?:|请|本报告|本年报|发布时间|发布日期|浏览|来源|指南|目录|专栏|导航|_"
)
_CHROME = re.compile(r"^(?:当前位置|您(?:的|现在|当前)|首页|上一[篇条]|下一[篇条]|【|来源|信息来源|浏览|主办|承办|版权)|[>＞»›]")
# how far a title may stand above the first heading, in lines
_ABOVE = 14
_TITLE_LINES = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """title      the lines of the title, () without one
    signature  the body's name below the text, or None
    dated      the date below the text: its span, or None; ``published`` what it says
    begin, end the report's prose between title and signature, as offsets: what stands outside is the page's
    lines      the printed lines in between
    sections   as ``parsers.sections.sections``
    """

    title: tuple[Line, ...]
    signature: Line | None
    dated: Span | None
    published: date | None
    begin: int
    end: int
    lines: tuple[Line, ...]
    sections: tuple[Section, ...]


def frame(document: Document) -> Frame:
    """Reads the frame of a document that holds one report."""
    printed = lines(document)
    parts = sections(document)
    ranked = [part for part in parts if not part.caption]
    first = ranked[0].span.start if ranked else None
    last = ranked[-1].body.start if ranked else 0
    title = _title(printed, first, squeeze(document.meta.get("title", "")))
    after = title[-1].span.end if title else 0
    signature, dated, published = _signature(document, printed, max(last, after))
    foot = min((span.start for span in (signature.span if signature else None, dated) if span), default=len(document.text))
    begin = after if title else _opening(printed, first)
    inside = tuple(line for line in printed if begin <= line.span.start < foot)
    return Frame(title, signature, dated, published, begin, foot, inside, parts)


def _opening(printed: Sequence[Line], first: int | None) -> int:
    """Without a title: the report opens with the first sentence above its first heading that speaks of itself."""
    for line in printed:
        if first is not None and line.span.start >= first:
            break
        if len(line.text) > 20 and re.search("信息公开|政务公开|报告|条例|统计", line.text) and "。" in line.text:
            return line.span.start
    return first or 0


# --------------------------------------------------------------------------- title


def _title(printed: Sequence[Line], first: int | None, page_title: str) -> tuple[Line, ...]:
    """The title nearest above the first heading that names a year or a body; else the nearest at all."""
    above = [line for line in printed if first is None or line.span.start < first]
    if first is None:
        above = above[:_ABOVE]
    found: list[tuple[int, int, tuple[Line, ...]]] = []
    index = 0
    while index < len(above):
        group = _title_at(above, index)
        if group and len(group) > 1 and _needless(above, index, group):
            index += 1  # 政府信息公开 above a title that is whole without it
        elif group:
            words = squeeze("".join(line.text for line in group))
            worth = 2 * bool(find_years(words)) + (len(words) > 14) + (group[0].level > 0) + (words in page_title)
            near = len(above) - index <= _ABOVE
            found.append((worth + 2 * near, index, group))
            index += len(group)
        else:
            index += 1
    return max(found, key=lambda entry: entry[:2])[2] if found else ()


def _needless(above: Sequence[Line], index: int, group: Sequence[Line]) -> bool:
    """Whether the first line adds nothing: the rest is a whole title, and the line is no body's name."""
    if looks_like_a_body(group[0].text) or len(_title_at(above, index + 1)) != len(group) - 1:
        return False
    return _full(group[1:])


def _full(group: Sequence[Line]) -> bool:
    words = squeeze("".join(line.text for line in group))
    return bool(find_years(words)) and len(words) > 16


def _title_at(above: Sequence[Line], index: int) -> tuple[Line, ...]:
    """The lines from here that together read as a title: …政府信息公开工作 / 年度报告."""
    if not _could_begin_a_title(above[index].text):
        return ()
    best: tuple[Line, ...] = ()
    for size in range(1, _TITLE_LINES + 1):
        group = tuple(above[index : index + size])
        if len(group) < size or any(_NO_TITLE.search(line.text) or _ONLY_DAY.match(line.text.translate(_WIDE)) for line in group):
            break
        words = squeeze("".join(line.text for line in group)).strip("#*")
        if len(words) > 70 or (size > 1 and numbering(group[-1].text)[0]):
            break
        if _TITLE.search(words) and not _repeats(best, group):
            best = group
    return best


def _could_begin_a_title(text: str) -> bool:
    words = squeeze(text).strip("#*")
    numbered = re.match(r"(?:第?[一二三四五六七八九十]+[、.]|[(（][一二三四五六七八九十])", words)
    return 0 < len(words) <= 60 and not _CHROME.search(words) and not numbered


def _repeats(best: tuple[Line, ...], group: tuple[Line, ...]) -> bool:
    """A whole title on one line, and another whole one on the next (page head and report): not one title."""
    return bool(best) and bool(_TITLE.search(squeeze(group[-1].text))) and len(squeeze(group[-1].text)) > 8


# --------------------------------------------------------------------------- signature


def as_date(match: re.Match[str]) -> date | None:
    """The date a DAY match names; None where there is no such day."""
    year = _number(match["year"])
    month, day = _number(match["month"]), _number(match["day"].replace("廿", "二十").replace("卅", "三十"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    text = re.sub("[○OＯo零]", "〇", text)
    if len(text) == 4 and not text.isdigit():
        return int("".join(str("〇一二三四五六七八九".index(c)) for c in text))
    value = parse(text)
    return int(value) if value is not None else 0


def _signature(document: Document, printed: Sequence[Line], after: int) -> tuple[Line | None, Span | None, date | None]:
    """Body and date below the text. Read from the end; lines of the page below it are passed over."""
    tail = [line for line in printed if line.span.start >= after]
    for index in range(len(tail) - 1, -1, -1):
        line = tail[index]
        plain = line.text.translate(_WIDE)
        if len(tail) - index > 30:
            break
        only = _ONLY_DAY.match(plain)
        if only and as_date(only):
            body = _body_beside(tail, index)
            if body or not any(_ONLY_DAY.match(t.text.translate(_WIDE)) for t in tail[:index]):
                return body, line.span, as_date(only)
        both = _SIGNED_DAY.match(plain)
        if both and looks_like_a_body(both["body"]) and as_date(both):
            end = line.span.start + len(both["body"].rstrip())
            name = Line(document.text[line.span.start : end], Span(line.span.start, end))
            return name, Span(line.span.start + both.start("year"), line.span.start + len(plain)), as_date(both)
    for line in reversed(tail[-8:]):
        if looks_like_a_body(line.text) and not numbering(line.text)[0]:
            return line, None, None
    return None, None, None


def _body_beside(tail: Sequence[Line], index: int) -> Line | None:
    """The body's name above the date, or below it; broken over two lines it is one name."""
    for at in (index - 1, index - 2, index + 1):
        if 0 <= at < len(tail) and looks_like_a_body(tail[at].text.strip("（）()*")) and not numbering(tail[at].text)[0]:
            line = tail[at]
            above = tail[at - 1] if at else None
            if above and squeeze(above.text).endswith("人民政府") and looks_like_a_body(above.text):
                joined = squeeze(above.text + line.text)
                if re.search(r"(?:街道|镇|乡|街)", line.text) and len(joined) <= 34:
                    return Line(above.text + line.text, Span(above.span.start, line.span.end))
            return line
    return None


def head_date(document: Document, begin: Frame) -> tuple[date | None, Span | None]:
    """A date in the page's head: in brackets under the title, 发布日期：…, or in the page's own table."""
    first = next((s.span.start for s in begin.sections if not s.caption), len(document.text))
    printed = lines(document)
    for line in begin.title:
        behind = BEHIND_TITLE.search(line.text.translate(_WIDE))
        if behind and as_date(behind):
            return as_date(behind), line.span
    title_end = begin.title[-1].span.end if begin.title else -1
    for line in printed:
        if title_end < line.span.start < min(first, title_end + 120):
            only = _UNDER_TITLE.match(line.text.translate(_WIDE))
            if only and as_date(only):
                return as_date(only), line.span
    for line in printed:
        if line.span.start < first or line.span.start > begin.end:
            match = _LABELLED_DAY.search(line.text.translate(_WIDE))
            if match and as_date(match):
                return as_date(match), line.span
    return _table_date(document, first)


def _table_date(document: Document, first: int) -> tuple[date | None, Span | None]:
    for block in document.blocks:
        if isinstance(block, Table) and block.span.start < first:
            for one, other in zip(block.cells, block.cells[1:], strict=False):
                if re.fullmatch(r"(?:公开|发布|成文|发文|生成)(?:日期|时间)[:：]?", squeeze(one.text)):
                    match = DAY.search(other.text.translate(_WIDE))
                    if match and as_date(match):
                        return as_date(match), other.span
    return None, None
