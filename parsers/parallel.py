"""微博、微信分别公开信息1250条和136条: several names, then several figures, matched by their order.

Where names and figures are not of one number, nobody can tell which is whose: those figures have no name.
"""

from __future__ import annotations

import re

from parsers.changes import UNKNOWN
from parsers.clauses import Clauses
from parsers.words import Named, closed, opened

# what a list of channels has in common at its end: 网站、微信公众号访问量分别为…
_COMMON = re.compile(
    r"的?(?P<common>(?:总|累计)?(?:访问|点击|阅读|浏览|播放|关注|订阅|转发|发布|推送|公开|受理|办结|收到)"
    r"(?:量|数|数量|人数|次数|用户|信息|信息数|信息量|申请|申请数)?|粉丝数?|用户数?|占比|满意率|办结率|答复率"
    r"|公开率)$"
)
_YEAR = re.compile(r"(?:19|20)\d{2}年?度?")
# 申请量最大的三个领域为征地拆迁、规划建设: what the list is a list of
_LISTS = re.compile(r"^.{2,}(?:领域|方面|类别|类型|事项|渠道|方式|项目)(?:为|是|有|包括)(?=.{2})")
# 2021年、2022年分别收到申请12件、8件
_YEARS = re.compile(rf"{_YEAR.pattern}(?:[、和及与]{_YEAR.pattern})+")
# 第一、二、三、四季度
_SERIES = re.compile(r"第?[一二三四1-4\d]{1,2}(?P<what>季度|月份?)")
# “品质某地”和“某地发布”政务微信: names of accounts in front of a list
_ACCOUNTS = re.compile(r"(?:“[^”]*”[、和及与]?)+(?=[^”“]{2,})")


def parallel(said: Clauses) -> dict[int, Named]:
    """The names of the figures behind 分别, by index."""
    out: dict[int, Named] = {}
    for match in re.finditer("分别", said.flat):
        run = _run(said, match.end())
        if len(run) < 2:
            continue
        begin = max([said.boundary(match.start()) + 1, *(f.stop for f in said.figures if f.start < match.start())])
        listed = said.words(begin, match.start())
        if not closed(opened(listed)) and not _YEARS.fullmatch(listed):
            listed = said.before(begin)
        tail = said.words(match.end(), said.figures[run[0]].start)
        items, context, common = _items(listed, len(run))
        what = closed(tail) or common
        for order, index in enumerate(run):
            if not items:
                out[index] = UNKNOWN
                continue
            if _YEAR.fullmatch(items[order]):  # 2021、2022年分别公开信息1230条、1356条
                out[index] = Named((what,), (), f"{listed}分别{tail}", year=items[order].rstrip("年度") + "年")
                continue
            path = (items[order], what) if what else (items[order],)
            out[index] = Named(path, (context,) if context else (), f"{listed}分别{tail}")
    return out


def _run(said: Clauses, start: int) -> list[int]:
    """The figures behind 分别 that stand side by side: 1250条和136条, 12篇、15篇、20篇."""
    run: list[int] = []
    for index, figure in enumerate(said.figures):
        if figure.start < start:
            continue
        gap = said.flat[said.figures[run[-1]].stop if run else start : figure.start]
        if not re.fullmatch(r"[、，和及与]*(?:以及)?", gap) if run else "，" in gap or len(gap) > 16:
            break
        run.append(index)
    return run


def _items(listed: str, count: int) -> tuple[list[str], str, str]:
    """A printed list of ``count`` names: (names, what stands before them, what they have in common behind)."""
    words = listed if _YEAR.match(listed) else opened(listed)
    match = _COMMON.search(words)
    common = ""
    if match and match.start() > 1 and not re.search(r"[、和及与]$", words[: match.start()]):
        words, common = words[: match.start()], match["common"]
    hidden = re.sub(r"“[^”]*”|《[^》]*》", lambda quoted: "■" * len(quoted[0]), words)
    for marks in ("、，", "、，和及与"):
        cuts = [place for place, char in enumerate(hidden) if char in marks]
        parts = [words[a:b] for a, b in zip([0, *(cut + 1 for cut in cuts)], [*cuts, len(words)], strict=True) if a < b]
        if len(parts) == count:
            accounts = _ACCOUNTS.match(parts[0])
            if accounts:
                parts[0] = parts[0][accounts.end() :]
            if all(_YEAR.fullmatch(part) for part in parts):
                return parts, "", common
            if common and any(part.endswith(common) for part in parts):  # 予以公开、部分公开、不予公开: each its own
                parts[-1], common = parts[-1] + common, ""
            series = _SERIES.fullmatch(parts[-1])
            if series:
                parts = [part if part.endswith(series["what"]) else part + series["what"] for part in parts]
            parts[0] = _LISTS.sub("", parts[0])
            names = [closed(re.sub(r"^(?:和|及|与|以及)|(?:数量|数)$", "", part)) for part in parts]
            return names, accounts[0] if accounts else "", common
    return [], "", ""
