"""Which body a report is of, which year, which edition, when it was signed — and whether the places that say so agree.

The body stands in the title, else in the signature, in 请与…联系 or 由…编制, in the page's own 发布机构, else only in the
file name; 我局 and 本机关 name nobody. The year stands in title, statistics period, first sentence, file name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge import names
from knowledge.model import Edition, Fact, Problem, Span
from knowledge.numerals import find_years, year_number
from knowledge.places import codes
from knowledge.problems import problem
from knowledge.text import squeeze
from parsers.document import Document, Table
from parsers.frame import BEHIND_TITLE, Frame, frame, head_date

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_YEAR = r"(?:(?:19|20)\d{2}|二[〇○零OＯo][〇○零OＯo一二三四五六七八九]{2})"


@dataclass(frozen=True, slots=True)
class Identity:
    """org          the body as the title gives it, else from signature, text, page or file name; None when nothing names it
    short_names  other names people use for it, shortest last; without ``org``
    year         the year reported on; None when nothing tells
    edition      of the form, from the facts' columns
    published    date of the signature, else of the page's head, else None
    title        as printed, white space removed; None without one
    signature    the body as the signature prints it, or None
    problems     not_a_report, no_org, no_year, year_mismatch, org_mismatch, date_mismatch
    """

    org: str | None
    short_names: tuple[str, ...]
    year: int | None
    edition: Edition
    published: date | None
    title: str | None
    signature: str | None
    problems: tuple[Problem, ...] = ()


def identify(document: Document, name: str, facts: Sequence[Fact] = (), given: Frame | None = None) -> Identity:
    """``name`` is the file's name (its path's last part); ``facts`` the form's, for the edition."""
    read = given or frame(document)
    title = squeeze("".join(line.text for line in read.title)).strip("#*") or None
    signature = squeeze(read.signature.text).strip("（）()*") if read.signature else None
    problems: list[Problem] = []
    if not _is_report(document, read, facts):
        problems.append(problem("not_a_report"))
    org, mentions = _org(document, read, title, signature, name)
    if org is None:
        problems.append(problem("no_org"))
    elif signature and title_body(title or "") and not names.same_body(org, signature):
        where = read.signature.span if read.signature else None
        if names.split(signature).kind == names.split(org).kind != "department":
            problems.append(problem("org_mismatch", where, found=signature, expected=org))
    year, year_problems = _year(document, read, title, name)
    problems += year_problems
    published, date_problems = _published(document, read)
    problems += date_problems
    return Identity(
        org,
        names.short_names(org, mentions, _places(document, org)) if org else (),
        year,
        edition(facts),
        published,
        title,
        signature,
        tuple(problems),
    )


# --------------------------------------------------------------------------- edition

_OF_2021 = frozenset({"本年制发件数", "本年废止件数", "现行有效件数", "本年处理决定数量", "本年收费金额"})
_OF_2019 = frozenset(
    {"本年新制作数量", "本年新公开数量", "对外公开总数量", "上一年项目数量", "本年增/减", "处理决定数量", "采购项目数量", "采购总金额"}
)


def edition(facts: Sequence[Fact]) -> Edition:
    """By the columns of the active table, not by the year; mixed forms go by the majority of their items, and the rows
    of （六）其他处理 decide where that table is missing."""
    votes: Counter[Edition] = Counter()
    for item in {(fact.path[:1], re.split(r"[（(]", column)[0]) for fact in facts for column in fact.column[-1:]}:
        if item[1] in _OF_2021:
            votes["2021"] += 1
        elif item[1] in _OF_2019:
            votes["2019"] += 1
    if not votes:
        metrics = {fact.metric for fact in facts if fact.table is not None}
        if metrics & {"application.other.not_corrected", "application.other.fee_unpaid"}:
            return "2021"
        return "2019" if "application.other" in metrics else "other"
    return max(votes, key=lambda kind: (votes[kind], kind))


# --------------------------------------------------------------------------- is it one

_FORM_WORDS = re.compile(r"新收到?政府信息公开申请|第二十条第|结转下年度继续办理|未经复议直接起诉")


def _is_report(document: Document, read: Frame, facts: Sequence[Fact]) -> bool:
    """The title's words, two headings of the official order, or a table of the form."""
    keys = {section.key for section in read.sections if section.key}
    form = any(fact.metric for fact in facts if fact.table is not None) or any(
        _FORM_WORDS.search(squeeze(cell.text)) for b in document.blocks if isinstance(b, Table) for cell in b.cells
    )
    about = bool(re.search(r"信息公开|政务公开", document.text))
    return bool(read.title) or form or (len(keys) >= 2 and about)


# --------------------------------------------------------------------------- body

# 柴桥街道办事处2020年度政府信息公开… : what stands before these words, years taken out, is the body
_SUBJECT = re.compile(r"(?:政府信息公开|政务信息公开|政务公开|信息公开|政府信息依申请|年度报告|年度工作|年报|工作报告)")
_YEARS = re.compile(rf"(?:关于)?[(（]?{_YEAR}\s*年?度?[)）]?(?:的)?")
# 石浦2022年政府信息公开年报: a name without what it is a name of; not 工作总结和
_BARE_NAME = re.compile(r"(?!.*(?:工作|总结|情况|报告|年度|公开|依法|行政|法治|和$))[\u4e00-\u9fff]{2,6}")
_ABSENT = re.compile(r"^(?:我|本|各|该|全)(?:局|镇|乡|区|县|市|街道|办|委|厅|机关|单位|行政机关|院|部门|省)?$")

_ORG = r"[\u4e00-\u9fff（）]{2,30}?"
_MENTIONS = (
    re.compile(
        rf"由(?P<org>{_ORG})(?:(?:按照|根据|依据|依照|按)[^。]{{0,40}}?|负责|组织|依法)?(?:编制|编写|制作|起草)"
    ),
    re.compile(rf"结合(?P<org>{_ORG})(?:的)?{_YEAR}年"),
    re.compile(rf"(?:请|可)(?:直接)?(?:与|同|向)(?P<org>{_ORG})(?:的)?(?:政务公开|办公室)?(?:进行)?(?:联系|咨询|反映|索取)"),
    re.compile(rf"(?:请|可)(?:直接)?(?:联系|致电|咨询)(?P<org>{_ORG})(?:政务公开)?(?=[（(，,。；;、\s]|电话|联系|地址|$)"),
    re.compile(rf"(?:^|[，。,\n])(?P<org>{_ORG}){_YEAR}年度?(?:的)?(?:政府|政务)?信息公开"),
    re.compile(rf"{_YEAR}年度?[，,](?P<org>{_ORG})(?=政府信息公开工作|根据|认真|在|按照|深入|严格|坚持|把|以|高度|紧紧|全面)"),
)
_LABELLED = re.compile(
    rf"(?:发布机构|公开机构|发布单位|发文机关|制发机关|编制单位|编制机关|公开主体|信息来源|来源"
    rf"|主办单位)\s*[:：]\s*(?P<org>{_ORG})(?=[\s　，,；;|]|$|浏览|发布|时间)"
)
_LABEL = re.compile(r"^(?:发布机构|公开机构|发布单位|发文机关|制发机关|编制单位|公开主体)[:：]?$")


def title_body(title: str) -> str | None:
    """The body a title names: 2020年度北仑区政务办政府信息公开工作年度报告 → 北仑区政务办; None when it names none."""
    words = _YEARS.sub("", squeeze(title).translate(_WIDE))
    match = _SUBJECT.search(words)
    if match is None:
        return None
    body = words[: match.start()]
    if body.endswith("人民") and match[0].startswith("政府"):
        body += "政府"  # …人民政府信息公开年度报告
    body = re.sub(r"^(?:关于|《)|(?:年度|的|工作)$|[\s《》“”\"'：:、，,#*_|-]", "", body)
    body = re.sub(r"年度$", "", body)
    return body if _could_be(body) else None


def _could_be(body: str) -> bool:
    plain = squeeze(body)
    return 2 <= len(plain) <= 34 and not _ABSENT.match(plain) and bool(re.fullmatch(r"[\u4e00-\u9fff（）()·]+", plain))


def file_body(name: str) -> str | None:
    """The body a file's name names: 柳湾镇2021年报.txt → 柳湾镇."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = _YEARS.sub("", squeeze(stem).translate(_WIDE))
    match = _SUBJECT.search(stem)
    body = stem[: match.start()] if match and match.start() else stem
    body = re.sub(r"政府信息公开|信息公开|年度|工作|报告|年报|扫描件|终稿|定稿|最终版?|修改稿?|公开版|盖章|正式|副本|[\d\s._（）()\-—+【】\[\]]", "", body)
    return body if _could_be(body) else None


def _org(
    document: Document, read: Frame, title: str | None, signature: str | None, name: str
) -> tuple[str | None, list[str]]:
    """The body, and every other name that the report or its file gives to the same body."""
    titled = title_body(title) if title else None
    opening = list(dict.fromkeys(_mentioned(document, read)))
    paged = list(dict.fromkeys(_paged(document)))
    filed = file_body(name)
    if filed and not names.looks_like_a_body(filed) and filed not in document.text:
        filed = None  # 未命名.txt, 附件.docx
    page_title = title_body(document.meta.get("title", ""))
    if titled and not names.looks_like_a_body(titled):
        order = [signature, *opening, page_title, *paged, filed, titled if _BARE_NAME.fullmatch(titled) else None]
    else:
        order = [titled, signature, *opening, page_title, *paged, filed]
    org = next((body for body in order if body), None)
    if org is None:
        return None, []
    kind = names.split(org).kind
    same = [body for body in order if body and body != org and names.same_body(org, body)]
    same = [body for body in same if names.split(body).kind == kind]  # a government's office is not the government
    return _whole(org, same), [body for body in dict.fromkeys((*same, org)) if body != _whole(org, same)]


def _whole(org: str, same: list[str]) -> str:
    """A title's name is completed where it is only part of one: 桐屿县 → 桐屿县人民政府, 县教育局 → 泽安县教育局."""
    parts = names.split(org)
    if parts.kind == "government" and not org.endswith("政府"):
        full = [body for body in same if names.split(body).kind == "government" and body.endswith("政府")]
        return full[0] if full else org + "人民政府"
    if parts.kind in ("department", "branch") and not parts.places:
        placed = [body for body in same if names.split(body).places]
        core = re.sub("^[省市区县州]", "", org)
        return next((body for body in placed if body.endswith(core)), placed[0] if placed else org)
    return org


def _mentioned(document: Document, read: Frame) -> Iterator[str]:
    """Bodies that the opening names as the report's own: 由…编制, 结合…2020年, 请与…联系, 2020年，…根据."""
    opening = squeeze_lines(line.text for line in read.lines[:12])
    closing = squeeze_lines(line.text for line in read.lines[12:])
    for text in (opening, closing):
        for pattern in _MENTIONS if text is opening else _MENTIONS[2:3]:
            for match in pattern.finditer(text):
                body = re.sub(r"(?:政务公开办公室|信息公开办公室|政务公开科|办公室)$", "", match["org"])
                for candidate in (match["org"], body):
                    if names.looks_like_a_body(candidate):
                        yield candidate
                        break


def squeeze_lines(texts: Iterator[str]) -> str:
    """Lines without their inner blanks, one below another."""
    return "\n".join(squeeze(text) for text in texts)


def _paged(document: Document) -> Iterator[str]:
    """The page's own word: meta 发布机构, a line 来源：…, a cell beside 发布机构."""
    if document.meta.get("org") and names.looks_like_a_body(document.meta["org"]):
        yield squeeze(document.meta["org"])
    for block in document.blocks:
        if isinstance(block, Table):
            for one, other in zip(block.cells, block.cells[1:], strict=False):
                if _LABEL.match(squeeze(one.text)) and names.looks_like_a_body(other.text):
                    yield squeeze(other.text)
    for match in _LABELLED.finditer(document.text):
        if names.looks_like_a_body(match["org"]):
            yield match["org"]


# 杭州市拱墅区人民政府网站 · 向宁波市北仑区人民政府 · 拱墅区区政府政务公开网站
_PLACED = re.compile(
    r"(?:(?<=[，。；：:、（(\s“])|(?<=[向由在对至与按据入是和])|^)"
    r"(?P<city>[\u4e00-\u9fff]{2,4}市)?(?P<place>[\u4e00-\u9fff]{2,3}[区县市])(?:区|县|市)?(?:人民)?政府",
    re.MULTILINE,
)
# 按照区政府, 在区委区政府: no places; a name of the gazetteer always is one (和平区, 上虞区)
_GENERIC_PLACE = re.compile(
    r"^(?:我|本|该|全|各|省|市|区|县|上|当地|经|开发|高新|政|人民|辖|园|社|地|及|对|按|在|由|向|与|从|和|同|被"
    r"|将|据|为|以|把|跟|于|其|某)"
    r"|[委党级照]|城市$|社区$|园区$|地区$"
)


def _places(document: Document, org: str) -> tuple[str, ...]:
    """The places the text says the body is in, for a street or town whose names do not tell."""
    if names.split(org).places or names.split(org).kind not in ("street", "town"):
        return ()
    count: Counter[tuple[str, ...]] = Counter()
    for match in _PLACED.finditer(document.text):
        chain = tuple(p for p in (match["city"], match["place"]) if p and (codes(p) or not _GENERIC_PLACE.search(p)))
        if match["place"] in chain:
            count[chain] += 1
    innermost: Counter[str] = Counter()
    for chain, times in count.items():
        innermost[chain[-1]] += times
    if not innermost:
        return ()
    place = innermost.most_common(1)[0][0]
    return max((chain for chain in count if chain[-1] == place), key=len)


# --------------------------------------------------------------------------- year

# 统计期限自2020年1月1日起至2020年12月31日止 · 2024年1月1日至12月31日
_PERIOD = re.compile(
    rf"(?P<year>{_YEAR})\s*年\s*(?:0?1|一)\s*月\s*(?:0?1|一)\s*[日号][^。；]{{0,12}}?(?:至|到|—|-|~|－"
    rf"|～)[^。；]{{0,8}}?(?:12|十二)\s*月\s*(?:31|三十一)"
)
# 数据统计截止2023年12月31日
_UNTIL = re.compile(rf"截[止至]到?[^。；，]{{0,8}}?(?P<year>{_YEAR})\s*年\s*(?:12|十二)\s*月\s*(?:31|三十一)")


def _year(document: Document, read: Frame, title: str | None, name: str) -> tuple[int | None, list[Problem]]:
    told = _years_told(document, read, title, name)
    if not told:
        return None, [problem("no_year")]
    votes: Counter[int] = Counter()
    for year, weight, _, _ in told:
        votes[year] += weight
    best = max(votes.values())
    year = next(year for year, *_ in told if votes[year] == best)
    problems = [
        problem("year_mismatch", where, place=place, found=other, expected=year)
        for other, weight, place, where in told
        if other != year and weight > 1
    ]
    return year, problems


def _years_told(
    document: Document, read: Frame, title: str | None, name: str
) -> list[tuple[int, int, str, Span | None]]:
    """(year, weight, what says so, where), the most trusted first; weight 1 is a hint that never contradicts."""
    out: list[tuple[int, int, str, Span | None]] = []
    if title:
        named = BEHIND_TITLE.sub("", title.translate(_WIDE))
        years = {y for mention in find_years(named) if mention.kind == "absolute" for y in mention.years}
        if len(years) == 1:
            out.append((years.pop(), 4, "标题", Span(read.title[0].span.start, read.title[-1].span.end)))
    for match in [*_PERIOD.finditer(document.text), *_UNTIL.finditer(document.text)][:1]:
        year = year_number(match["year"])
        if year:
            out.append((year, 3, "统计期限", Span(match.start(), match.end())))
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", name.replace("\\", "/").rsplit("/", 1)[-1])
    filed = {y for mention in find_years(stem) if mention.kind == "absolute" for y in mention.years}
    if len(filed) == 1:
        out.append((filed.pop(), 2 if not out else 1, "文件名", None))
    page = {y for m in find_years(document.meta.get("title", "")) if m.kind == "absolute" for y in m.years}
    if len(page) == 1 and re.search("信息公开|年报", document.meta["title"]):
        out.append((page.pop(), 1, "网页标题", None))
    out += _in_opening(read)
    if read.published:
        out.append((read.published.year - 1, 1, "落款", read.dated))
    return out


def _in_opening(read: Frame) -> list[tuple[int, int, str, Span | None]]:
    """The year the first sentences speak of: 2020年，我街道… — not the year of a document they cite."""
    for line in read.lines[:6]:
        cited = re.sub(r"《[^》]*》|〔[^〕]*〕|[（(][^）)]*[）)]", lambda m: "□" * len(m[0]), line.text)
        for mention in find_years(cited):
            if mention.kind == "absolute" and not mention.bare:
                return [(mention.years[0], 1, "正文", Span(line.span.start + mention.start, line.span.start + mention.end))]
    return []


# --------------------------------------------------------------------------- date


def _published(document: Document, read: Frame) -> tuple[date | None, list[Problem]]:
    """The date below the text, else in the page's head, else in the page's meta."""
    if read.published:
        return read.published, []
    head, _ = head_date(document, read)
    if head or document.published:
        return head or document.published, []
    meta = re.search(r"((?:19|20)\d{2})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})", document.meta.get("published", ""))
    try:
        return (date(*(int(part) for part in meta.groups())), []) if meta else (None, [])
    except ValueError:
        return None, []
