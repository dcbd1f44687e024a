"""Where in a web page the report stands, and what the page around it says about body and date.

The report is the smallest part of the page that holds all its section headings and form labels; title, opening and
signature may stand just outside it. Everything else — menus, search, breadcrumbs, footers, counters — is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from lxml.html import HtmlElement as Element

from parsers.blocks import Block, Grid, clean, plain
from parsers.numbering import chinese

_BLANKS = re.compile(r"\s+")
# Section headings and row labels of the form: where these are is the report.
_ANCHOR = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．\s]?)?(?:行政机关)?(?:"
    r"总体情况|概述|工作基本情况|主要工作概述|主动公开政府信息(?:的)?情况|主动公开情况|收到和处理政府信息公开申请(?:的)?情况"
    r"|政府信息公开(?:工作)?行政复议.{0,14}|因政府信息公开工作被申请.{0,20}|(?:政府信息公开工作)?存在的?(?:主要)?问题.{0,14}"
    r"|其他需要报告的(?:其他)?事项.{0,6}|本年新收到?政府信息公开申请数量|上年结转政府信息公开申请数量|结转下年度继续办理"
    r"|第二十条第[（(].[）)]项|信息内容|申请人情况|结果维持|统计指标|指标名称|本年度?办理结果|自然人)$"
)
_NUMBER = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[)）]?[、.．]?(?=\D)")
_TITLE = re.compile(r"(?:政府|政务)?信息公开.{0,8}(?:年度|工作)?.{0,6}(?:报告|年报)")
_DATE = re.compile(
    r"^[\s（(]*[\d０-９二〇○零一]{4}\s*[年./-]\s*[\d一二三四五六七八九十０-９]{1,3}\s*[月./-]\s*[\d一二三四五六七八九十０-９]{1,3}\s*日?[)）\s]*$"
)
_BODY = re.compile(
    r"^[\u4e00-\u9fff（）]{2,30}(?:政府|厅|局|办公室|委员会|办事处|管委会|委|办|中心|站|所|院|街道|镇|乡|大队|支队|分局|公安局)$"
)
# Lines of the page, not of the report: 【字体：大 中 小】, 浏览次数：1037, 当前位置：首页 > …
_CHROME = re.compile(
    r"(?:浏览|点击|阅读|访问|查看)(?:次数|量|数|人次)?\s*[:：]|字\s*[体号]\s*[:：]?\s*[【\[]?\s*(?:大|小|特大|默认)|当前位置|您(?:现在)?(?:的|所在的?)位置|您现在所在|打印(?:本页|本文|此页)?|关闭(?:窗口|本页)"
    r"|分享(?:到|至)|扫一扫|二维码|返回(?:顶部|首页|上页)|上一[篇条]|下一[篇条]|相关(?:链接|文档|新闻)|设为首页|加入收藏|收藏本页|网站地图|无障碍|责任编辑|^编辑[:：]|网站标识码|公网安备|ICP备"
    r"|版权所有|技术支持|主办(?:单位)?[:：]|承办(?:单位)?[:：]|您是第.{0,12}位"
)
_INFO = re.compile(
    r"(发布日期|发布时间|公开日期|公开时间|发文日期|生成日期|成文日期|更新时间|日期|时间"
    r"|发布机构|公开机构|发布单位|发文机关|制发机关|公开主体|信息来源|文章来源|来源"
    r"|发布者|作者|索引号|文号|发文字号|主题分类|体裁分类|组配分类|有效性"
    r"|名称|标题|关键词|主题词|公开方式|公开范围|公开时限|信息分类|内容概述|内容分类)\s*[:：]"
)
_INDEX_LABELS = {
    "索引号", "信息索引", "信息索引号", "发布机构", "公开机构", "发布单位", "发文机关", "制发机关", "公开主体", "责任部门",
    "公开日期", "发布日期", "发文日期", "生成日期", "成文日期", "公开时间", "发布时间",
    "文号", "发文字号", "名称", "信息名称", "标题", "主题分类", "体裁分类", "信息分类", "公开方式", "公开范围", "有效性",
    "主题词", "关键词", "组配分类", "公开时限", "公开责任部门", "公开属性", "效力状态", "内容概述", "生效日期", "废止日期",
    "分类", "备注",
}  # fmt: skip
_ORG_LABELS = (
    "发布机构",
    "公开机构",
    "发布单位",
    "发文机关",
    "制发机关",
    "公开主体",
    "责任部门",
    "公开责任部门",
    "信息来源",
    "文章来源",
    "来源",
)
_DAY_LABELS = (
    "发布日期",
    "发布时间",
    "公开日期",
    "公开时间",
    "成文日期",
    "生成日期",
    "发文日期",
    "更新时间",
    "日期",
    "时间",
)
_TITLE_LABELS = ("名称", "信息名称", "标题")
_META_TITLE = ("articletitle", "title", "dc.title", "og:title")
_META_DAY = (
    "pubdate",
    "publishdate",
    "publish_date",
    "article:published_time",
    "dc.date",
    "firstpublishedtime",
    "makedate",
    "createdate",
)
_META_ORG = ("contentsource", "source", "author", "publisher", "dc.publisher")
_DAY = re.compile(r"(?:19|20)\d\d\s*[-年/.]\s*\d{1,2}\s*[-月/.]\s*\d{1,2}\s*日?")
# what templates call the place of the day alone: <em id="publish_time">2023-01-17 10:22</em>
_DAY_PLACE = re.compile(r"(?:^|[-_\s])(?:pub(?:lish)?(?:ed)?|release)[-_]?(?:time|date)(?:$|[-_\s])", re.IGNORECASE)
_DAY_ALONE = re.compile(rf"{_DAY.pattern}(?:\s*\d{{1,2}}:\d\d(?::\d\d)?)?")
# class and id words of the page's furniture
_FURNITURE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navi|menu|breadcrumb|crumbs?|footer|foot|bottom"
    r"|copyright|share|sidebar|aside|toolbar|search|login|weizhi|dqwz|position|pos|location"
    r"|banner|topbar|pager|pagination|related|qrcode|ewm)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.IGNORECASE)


def _squeezed(text: str) -> str:
    return _BLANKS.sub("", clean(text))


def _placed_day(root: Element) -> str | None:
    """The day in an element that is named as its place, where there is only one such day."""
    days = set()
    for element in root.iter("em", "span", "div", "p", "time", "i", "td", "li"):
        if _DAY_PLACE.search(f"{element.get('id') or ''} {element.get('class') or ''}"):
            text = clean("".join(element.itertext())).strip()
            if _DAY_ALONE.fullmatch(text):
                days.add(text)
    return days.pop() if len(days) == 1 else None


def meta(root: Element) -> dict[str, str]:
    """title, org and published as the page's head names them."""
    out: dict[str, str] = {}
    named: dict[str, str] = {}
    for element in root.iter("meta"):
        key = (element.get("name") or element.get("property") or "").strip().lower()
        value = clean(element.get("content") or "").strip()
        if key and value:
            named.setdefault(key, value)
    titles = [named[key] for key in _META_TITLE if key in named]
    titles += [clean("".join(e.itertext())).strip() for e in root.iter("title")]
    titles = [t for t in titles if t]
    if titles:
        out["title"] = next((t for t in titles if _TITLE.search(t)), titles[0])
    for key in _META_DAY:
        found = _DAY.search(named.get(key, ""))
        if found:
            out["published"] = found.group().strip()
            break
    placed = None if "published" in out else _placed_day(root)
    if placed:
        out["published"] = placed
    for key in _META_ORG:
        if _BODY.match(named.get(key, "")):
            out["org"] = named[key]
            break
    return out


def item_number(item: Element) -> str:
    """The number a browser prints before a list item, "" for bullets."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol":
        return ""
    style = _LIST_STYLE.search(item.get("style") or "") or _LIST_STYLE.search(parent.get("style") or "")
    kind = style.group(1).lower() if style else (parent.get("type") or "decimal")
    if kind in ("none", "disc", "circle", "square", "inherit"):
        return ""
    start = parent.get("start") or "1"
    number = int(start) if start.lstrip("-").isdigit() and len(start) < 6 else 1
    for other in parent:
        if other is item:
            break
        number += other.tag == "li"
    if "cjk" in kind or "chinese" in kind:
        return chinese(number) + "、"
    return f"{number}."


def _texts(element: Element, skip: Callable[[Element], bool]) -> Iterator[Element]:
    """Elements that hold text of their own, outside links and what is not shown."""
    stack = [element]
    while stack:
        item = stack.pop()
        if not isinstance(item.tag, str) or item.tag == "a" or skip(item):
            continue
        yield item
        stack.extend(reversed(item))


_LINES = frozenset(
    "p div li td th h1 h2 h3 h4 h5 h6 span strong b font section center dt dd caption u em blockquote".split()
)


def _own_text(element: Element) -> str | None:
    """The element's text where it is short enough to be a heading or a label."""
    parts: list[str] = []
    length = 0
    for text in element.itertext():
        length += len(text)
        if length > 160:
            return None
        parts.append(text)
    return _squeezed("".join(parts))


def anchors(body: Element, skip: Callable[[Element], bool]) -> list[Element]:
    """The elements that print headings and labels of a report."""
    found: list[Element] = []
    seen: set[Element] = set()
    for element in _texts(body, skip):
        if element.tag in _LINES:
            text = _own_text(element)
            if text and _ANCHOR.match(text):
                if element.getparent() not in seen:
                    found.append(element)
                seen.add(element)
        for child in element:  # 「<br>一、总体情况<br>」: headings as bare text between line ends
            if child.tag == "br" and child.tail and _ANCHOR.match(_squeezed(child.tail[:80])):
                found.append(element)
                break
    return found


def _common(anchors: list[Element], top: Element) -> Element:
    """The smallest element that holds every heading and label at least once: a menu may repeat one of them, and a page
    may hold the report twice (for phones)."""
    labels = {id(a): _NUMBER.sub("", _squeezed("".join(a.itertext())[:160])) for a in anchors}
    sure = {
        labels[id(a)] for a in anchors if _NUMBER.match(_squeezed("".join(a.itertext())[:160])) or _in_table(a, top)
    }
    needed = sure or set(labels.values())
    held: dict[Element, set[str]] = {}
    depth: dict[Element, int] = {}
    for anchor in anchors:
        chain = [anchor]
        while chain[-1] is not top and (parent := chain[-1].getparent()) is not None:
            chain.append(parent)
        for level, element in enumerate(reversed(chain)):
            held.setdefault(element, set()).add(labels[id(anchor)])
            depth[element] = level
    whole = [element for element, texts in held.items() if needed <= texts]
    return max(whole, key=lambda element: depth[element], default=top)


def _in_table(element: Element, top: Element) -> bool:
    while element is not top and (parent := element.getparent()) is not None:
        if element.tag in ("td", "th"):
            return True
        element = parent
    return False


def _out_of_tables(root: Element, anchors: list[Element], top: Element) -> Element:
    """The common part of a report's own table is not the report: climb until paragraphs can stand beside the table."""
    while root is not top:
        parent = root.getparent()
        if parent is None:
            return root
        if root.tag in ("table", "tbody", "thead", "tfoot", "tr", "colgroup"):
            root = parent
        elif root.tag in ("td", "th") and root in anchors:
            root = parent
        elif root.tag not in ("td", "th") and any(a is root for a in anchors):
            root = parent
        else:
            return root
    return root


def _furniture(element: Element) -> bool:
    """A menu, a footer, a search box: by its tag, its class, or because it is nothing but links."""
    tag = element.tag
    if tag in ("nav", "footer", "aside"):
        return True
    words = f"{element.get('class') or ''} {element.get('id') or ''}"
    if words.strip() and _FURNITURE.search(words) and not _holds_report(element):
        return True
    if tag in ("ul", "ol", "div", "td", "table", "dl"):
        links = sum(len(_squeezed("".join(a.itertext()))) for a in element.iter("a"))
        if links > 8:
            text = len(_squeezed("".join(element.itertext())))
            return links * 10 > text * 8 and sum(1 for _ in element.iter("a")) >= 3
    return False


def _holds_report(element: Element) -> bool:
    text = _squeezed("".join(element.itertext()))
    return len(text) > 1500 or bool(re.search(r"年度报告|工作报告|总体情况|统计期限", text))


def parts(body: Element, skip: Callable[[Element], bool], anchored: list[Element]) -> list[tuple[Element, bool]]:
    """(element, whole) in reading order: the report's element whole, of the others only lines that belong to a report.
    ``anchored``: what ``anchors`` found in ``body``."""
    root = _out_of_tables(_common(anchored, body), anchored, body) if anchored else body
    _prune(root)
    before: list[tuple[Element, bool]] = []
    after: list[tuple[Element, bool]] = []
    item = root
    while item is not body:
        parent = item.getparent()
        if parent is None:
            break
        found = list(_siblings(item, parent, skip))
        before = [(e, False) for e, first in found if first] + before
        after += [(e, False) for e, first in found if not first]
        item = parent
    return [*before, (root, True), *after]


def _siblings(item: Element, parent: Element, skip: Callable[[Element], bool]) -> Iterator[tuple[Element, bool]]:
    """Neighbours of the report's element that are no furniture; True for those before it."""
    first = True
    for other in parent:
        if other is item:
            first = False
        elif isinstance(other.tag, str) and not skip(other) and not _furniture(other):
            _prune(other)
            yield other, first


def _prune(root: Element) -> None:
    """Hides furniture in ``root``; the text behind it stays. (Taking it out would make lxml write that text anew, which
    it refuses where a page holds control characters.)"""
    for element in list(root.iter("nav", "footer", "aside", "ul", "div", "table", "dl", "ol")):
        if element is root or element.getparent() is None:
            continue
        if _furniture(element) and not (element.tag in ("div", "table") and _holds_report(element)):
            element.set("hidden", "")


def kept(blocks: Iterable[Block]) -> list[Block]:
    """Lines outside the report's element that belong to it: title, opening, signature, date, and what names body and date."""
    out: list[Block] = []
    for block in _flat(blocks):
        if isinstance(block, Grid):
            if _pairs(block):
                out.append(block)
            continue
        text = _squeezed(block.text)
        if _CHROME.search(text) and not _INFO.search(text) or len(text) > 2000:
            continue
        title = _TITLE.search(text) and len(text) < 80 and ">" not in text and "›" not in text
        prose = len(text) > 60 and "。" in text
        if title or prose or _DATE.match(text) or _BODY.match(text) or (_INFO.search(text) and len(text) < 160):
            out.append(block)
    return out


def _flat(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks with layout tables taken apart, data about the page kept as tables."""
    for block in blocks:
        if isinstance(block, Grid) and not _pairs(block):
            for cell in block.cells:
                yield from _flat(cell.blocks)
        else:
            yield block


def _pairs(grid: Grid) -> dict[str, str]:
    """「索引号 | 331… | 发布机构 | 某某局」 as a mapping; {} where the table is not the page's index."""
    cells = [(cell, _BLANKS.sub(" ", clean(plain(cell.blocks))).strip()) for cell in grid.cells]
    out: dict[str, str] = {}
    if len(cells) > 60:
        return out
    for index, (_, text) in enumerate(cells):
        label = _squeezed(text).rstrip(":：").strip("【】[]")
        if label in _INDEX_LABELS:
            out[label] = cells[index + 1][1] if index + 1 < len(cells) else ""
        else:
            found = _INFO.match(_squeezed(text))
            if found:
                out[found.group(1)] = _squeezed(text)[found.end() :]
    return (
        out if len(out) >= 2 and any(k in out for k in (*_ORG_LABELS, *_DAY_LABELS, "索引号", "文号", "名称")) else {}
    )


def _note(found: dict[str, str], meta: dict[str, str]) -> None:
    """Puts what the page's own table or info line says into ``meta``; the head of the page is not overruled."""
    for key, labels in (("org", _ORG_LABELS), ("published", _DAY_LABELS), ("title", _TITLE_LABELS)):
        for label in labels:
            value = found.get(label, "").strip()
            if key == "published":
                day = _DAY.search(value)
                value = day.group().strip() if day else ""
            if key == "org" and not (len(value) >= 4 and _BODY.match(_squeezed(value))):
                value = ""  # 信息来源：办公室
            if value and key not in meta:
                meta[key] = value
                break


def _info(text: str) -> dict[str, str]:
    """「发布时间：2024-01-25 16:20　信息来源：办公室　浏览次数：1037」 as a mapping."""
    found = list(_INFO.finditer(text))
    out: dict[str, str] = {}
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        value = text[match.end() : end]
        value = re.split(r"\s{2,}|　|(?:浏览|点击|阅读|访问)|字[体号]|[【\[|]", value.strip())[0]
        out.setdefault(match.group(1), value.strip(" 　|"))
    return out


def without_page_data(blocks: tuple[Block, ...], meta: dict[str, str]) -> tuple[Block, ...]:
    """The report's blocks without the page's index table, info lines and counters; what they tell goes into ``meta``."""
    out: list[Block] = []
    started = False
    for block in blocks:
        if isinstance(block, Grid):
            found = {} if started else _pairs(block)
            if found:
                _note(found, meta)
                continue
            out.append(_inside(block, meta))
            continue
        text = _squeezed(block.text)
        started = started or bool(_ANCHOR.match(text))
        about = _info(clean(block.text)) if len(text) < 200 and not started else {}
        if about and (_CHROME.search(text) or _INFO.match(text.lstrip("【[(（")) or len(about) > 1):
            _note(about, meta)
            continue
        if len(text) < 120 and _CHROME.search(text) and "。" not in text:
            continue
        out.append(block)
    return tuple(out)


def _inside(grid: Grid, meta: dict[str, str]) -> Grid:
    """The same for layout tables: the index table often stands in one of their cells."""
    if not any(isinstance(b, Grid) for cell in grid.cells for b in cell.blocks):
        return grid
    return Grid(tuple(replace(cell, blocks=without_page_data(cell.blocks, meta)) for cell in grid.cells))
