"""Where a report begins and ends, and which stretch of it stands under which heading.

Headings are numbered 一、, 1、, （一）, 第一部分 or not at all; numbers start again, are missing or doubled. So a heading
is known by its words (knowledge/data/metrics/sections.toml), and the numbering that most known headings use tells
which of the unknown ones are of the same rank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.catalogue import catalogue, plain_label
from knowledge.model import Span
from parsers.document import Document, Paragraph

# the longest thing that is still a heading: 因政府信息公开工作被申请行政复议、提起行政诉讼情况 has 24 characters
LONGEST_HEADING = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line outside tables. ``text`` is source_text[span.start:span.end], trimmed; ``level`` as in Paragraph."""

    text: str
    span: Span
    level: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """``heading`` as printed (with its number), its ``key`` in the catalogue's sections or None for a local one.

    ``span`` reaches from the heading's first character to the next heading or the end of the report; ``body`` is
    the same without the heading. ``caption``: a line above a table or an attachment, not a section of its own rank.
    """

    heading: str
    key: str | None
    span: Span
    body: Span
    caption: bool = False


# -2- · - 4 - · — 5 — · 第3页 · <!-- Page 4 --> · ![](images/x.jpg): marks of the page, not words of the report
PAGE_MARK = re.compile(
    r"^(?:[-—–－―─]{1,2}\s*\d{1,3}\s*[-—–－―─]{1,2}|第\s*\d{1,3}\s*页(?:\s*[共/,，]?\s*共?\s*\d{1,3}\s*页)?"
    r"|<!--.*?-->|!\[[^\]]*\]\([^)]*\)"
    r"|Page\s+\d+(?:\s+of\s+\d+)?|\[bookmark:[^\]]*\])$",
    re.IGNORECASE,
)

# the web page's own lines, in text saved from it: 浏览次数：1037 · 【字体：大 中 小】 · 网站标识码
_CHROME = re.compile(
    r"^(?:浏览|点击|访问|阅读)(?:次数|数|量)?\s*[:：]|网站标识码|公网安备|ICP备|【字体|【打印】|^字体[:：]"
    r"|技术支持(?:电话)?[:：]|^当前位置|^您(?:现在)?的位置"
)
# what stands in front of a line's words: a heading's #, [bookmark: _GoBack]
_DEBRIS = re.compile(r"\s*(?:#{1,6}\s+|\[bookmark:[^\]]*\]\s*)+")

# the numbers that stand in front of headings, by rank-giving style
_STYLES = (
    ("part", re.compile(r"第[一二三四五六七八九十]{1,3}部分[、.．:：\s]*")),
    ("chinese", re.compile(r"[一二三四五六七八九十]{1,3}(?:\s*[、.．,，]\s*|\s+)")),
    ("bracketed", re.compile(r"[(（]\s*[一二三四五六七八九十]{1,3}\s*[)）][、.．]?\s*")),
    ("arabic_comma", re.compile(r"\d{1,2}\s*、\s*")),
    ("arabic_point", re.compile(r"\d{1,2}\s*[.．]\s*(?!\d)")),
    ("arabic_bracketed", re.compile(r"[(（]\s*\d{1,2}\s*[)）][、.．]?\s*")),
)
# what a heading's title may be followed by in its own line: 六、其他需要报告的事项：无
_MARKS = "。；！？;!?"

# misprints and other wordings: a word that only this section's heading holds
_LOOSE = (
    (
        "other_matters",
        re.compile(
            r"^(?:其[他它])?(?:需要?|应当)(?:报告|说明)的?(?:其[他它])?(?:事项|情况|问题)$"
            r"|^其[他它](?:需要?)?(?:报告|说明)?的?事项$|^其[他它]需要?.{0,4}事项$"
        ),
    ),
    ("review", re.compile(r"(?:复议|诉讼).{0,12}(?:情况|数据|统计)?$")),
    ("problems", re.compile(r"(?:存在|主要|突出).{0,6}(?:问题|不足|困难).{0,16}$|^问题(?:与|和|及).{2,12}$")),
    (
        "improvements",
        re.compile(
            r"^(?:(?:下一?步|今后|下年度?|明年|\d{4}年).{0,8}(?:打算|安排|措施|思路|计划|重点|工作)"
            r"|(?:主要)?(?:改进|整改|努力).{0,4}(?:措施|情况|方向|打算|办法|计划|意见))$"
        ),
    ),
    (
        "applications",
        re.compile(
            r"(?:收到|处理|办理|答复|受理).{0,10}申请.{0,8}(?:情况)?$|^(?:政府信息)?依?申请公开.{0,8}情况$"
        ),
    ),
    ("active", re.compile(r"主动公开.{0,8}(?:情况|信息)$")),
    (
        "overview",
        re.compile(
            r"^(?:总体|基本|整体|主要|工作).{0,6}(?:情况|概述|概况|回顾)$|^(?:工作)?(?:概述|概况|综述)$|^概述.{0,4}$"
        ),
    ),
)
# rows of the form that are printed as paragraphs where a table was lost
_FORM_ROW = re.compile(r"新收|结转|转结|办理结果|数量|^总计|第二十条")
# 附表： · 附件1 · 表二: what stands behind belongs to the table, not to the section
_CAPTION = re.compile(r"^(?:附[件表录注]|表\s*[一二三四五六七八九十\d]{1,2}(?![\u4e00-\u9fff]{6}))")


def lines(document: Document) -> tuple[Line, ...]:
    """Every printed line outside tables in reading order, page marks left out."""
    return tuple(_lines(document))


def _lines(document: Document) -> Iterator[Line]:
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            continue
        start = block.span.start
        for part in document.text[block.span.start : block.span.end].split("\n"):
            debris = _DEBRIS.match(part)
            text = part[debris.end() :].strip() if debris else part.strip()
            at = start + part.index(text)
            start += len(part) + 1
            if text and not PAGE_MARK.match(text) and not _is_chart(text) and not _CHROME.search(text):
                yield Line(text, Span(at, at + len(text)), block.level)


def _is_chart(text: str) -> bool:
    """The cached words and values of an embedded chart, run together with tabs: no line of the report."""
    return text.count("\t") >= 3 and not re.search("[。；]", text)


def numbering(text: str) -> tuple[str, str]:
    """The style of the number in front and the rest: 「（一）主动公开」→ ("bracketed", "主动公开"); style "" without one."""
    text = text.lstrip("#* \u3000\xa0")
    for style, pattern in _STYLES:
        match = pattern.match(text)
        if match:
            return style, text[match.end() :].strip("*# \u3000\xa0")
    return "", text.strip("*# \u3000\xa0")


def section_key(title: str) -> tuple[str | None, bool]:
    """The section a heading's title (without number) names, and whether in the catalogue's own words."""
    plain = plain_label(title)
    for entry in catalogue().sections.values():
        if plain in entry.plain:
            return entry.key, True
    if not plain or len(plain) > LONGEST_HEADING or _FORM_ROW.search(plain):
        return None, False
    for key, pattern in _LOOSE:
        if pattern.search(plain):
            return key, False
    return None, False


@dataclass(frozen=True, slots=True)
class _Candidate:
    line: Line
    style: str
    title: str
    key: str | None
    exact: bool
    end: int


def _candidate(line: Line) -> _Candidate | None:
    """A line that could be a section's heading, or one that begins with such a heading in the same line."""
    style, title = numbering(line.text)
    bare = title.rstrip(":： 。*")
    if len(bare) <= LONGEST_HEADING and not any(mark in bare for mark in _MARKS):
        if not bare or _FORM_ROW.search(plain_label(bare)):
            return None
        key, exact = section_key(bare)
        if key is None and style in ("chinese", "part") and re.search(r"[：:\s]", bare):
            behind = _with_text_behind(line, style, title)
            if behind is not None:
                return behind
        if "，" in bare and not exact:
            return None
        return _Candidate(line, style, bare, key, exact, line.span.end)
    if style in ("chinese", "part"):
        return _with_text_behind(line, style, title)
    return None


def _with_text_behind(line: Line, style: str, title: str) -> _Candidate | None:
    """「六、其他需要报告的事项：本年度无。」 · 「一、总体情况 2020年，…」"""
    match = re.match(r"[^。；！？：:\s]{2,40}?(?=[。：:\s])", title)
    if match is None:
        return None
    key, _ = section_key(match[0])
    if key is None:
        return None
    end = line.span.start + line.text.index(title) + match.end()
    return _Candidate(line, style, match[0], key, False, end)


def sections(document: Document) -> tuple[Section, ...]:
    """The report's sections in order. Empty where no heading is known."""
    candidates = [c for c in map(_candidate, lines(document)) if c]
    rank = _rank(candidates)
    heads = [c for c in candidates if _is_heading(c, rank)]
    heads = _without_contents(heads)
    out: list[Section] = []
    for index, head in enumerate(heads):
        end = heads[index + 1].line.span.start if index + 1 < len(heads) else len(document.text.rstrip())
        heading = document.text[head.line.span.start : head.end].strip("#* ：:")
        caption = head.key is None and bool(_CAPTION.match(head.title) or not head.style)
        out.append(Section(heading, head.key, Span(head.line.span.start, end), Span(head.end, end), caption))
    return tuple(out)


def _rank(candidates: list[_Candidate]) -> str | None:
    """The numbering style that the most different known sections use."""
    keys: dict[str, set[str]] = {}
    for c in candidates:
        if c.key:
            keys.setdefault(c.style, set()).add(c.key)
    if not keys:
        return None
    order = [style for style, _ in _STYLES] + [""]
    return max(keys, key=lambda style: (len(keys[style]), -order.index(style)))


def _is_heading(c: _Candidate, rank: str | None) -> bool:
    if rank is None:
        return False
    if c.style in ("chinese", "part"):
        return c.key is not None or rank == c.style
    if c.style == rank:
        return c.key is not None or bool(c.style) or c.line.level > 0
    if not c.style:
        return c.exact or c.line.level > 1 or bool(_CAPTION.match(c.title))
    return False


def _without_contents(heads: list[_Candidate]) -> list[_Candidate]:
    """A table of contents prints the same headings once before: of a heading that returns, the last stays.

    Only where a run of at least four headings is repeated in full; numbers that start again are no contents.
    """
    keys = [h.key for h in heads]
    for size in range(len(heads) // 2, 3, -1):
        if keys[:size] == keys[size : 2 * size] and all(keys[:size]):
            return heads[size:]
    return heads


def section_of(found: tuple[Section, ...], offset: int) -> Section | None:
    """The section that holds an offset; captions of tables are passed over."""
    holder = None
    for section in found:
        if section.span.start > offset:
            break
        if not section.caption:
            holder = section
    return holder
