"""A sentence with its figures, cut into the clauses that can name them.

``flat`` is the sentence with what hides no boundary made opaque: quotations, titles of documents, brackets without a
figure, and the figures themselves (3，412条 holds no comma between clauses).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.measures import Figure
from parsers.words import closed, is_verb, opened

# no clause that names a figure is longer
_LONGEST = 120
_BOUNDARY = "，：；（。！？"
QUOTED = "■"
DROPPED = "□"

# behind a measure word: what cannot open the noun it counts
_NOT_BEHIND = re.compile(
    r"^(?:的|和|及|与|或|以|占|增|较|比(?![赛武])|同|均|都|为|是|已|并|其(?![他它])|由|在(?![线建职])|到|左|上(?![级市门])|下(?![乡级])"
    r"|内(?![部容])|被|予|全部|全都|按|用(?![户地水电])|于|后(?![续台])|前(?![期置])|时|而|则|且|还|也|又|共(?![建享同青])"
    r"|另|等|至|从|将|可|能(?![源效力])|应(?![急用届])|经(?![济营费信])|因(?!公)|未(?!成年)|无(?!人机|障碍)|不(?!实|动产|良)|做"
    r"|使(?!用)|让|向|对(?!外)|通过|分别|进一步|有效|切实|提(?![案示醒])|升|降|减|超(?!市)|达|累计|，)"
)
_OUTCOME = re.compile(r"(?:予以公开|部分公开|不予公开|无法提供|不予处理|同意公开)(?=[，。；、（）]|$)")
_BEHIND_END = re.compile(
    r"[，、；。：！？（）“]|进行了?|均|都|已|全部|予以|并|和(?=[\u4e00-\u9fff]{0,8}\d)|其中|共|累计|涉及"
    r"|(?<!全)覆盖|由于|因|为|是(?!否)"
    r"|获得?|通过|用于|参加|使用|中(?=仅|有|已|共|，)|开展|完成|召开|举行|报名|参与|公开(?=信息|政府)"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年?度?|上一?年度?|去年度?|前年|上年同期|去年同期|明年|下一?年度?|次年")
# 2021年，我局…: a year that opens a sentence holds for all of it
_YEAR_CLAUSE = re.compile(r"(?:一是|二是|三是|（[一二三四五六七八九十]）)?((?:19|20)\d{2}年度?)(?:全年|期间)?，")
_COMPARED = re.compile(r"(?:较|比|与|相比|同比|对比|相较于?|自|从|按照|根据|落实|依据|贯彻)[^，]{0,6}$")


@dataclass(frozen=True, slots=True)
class Clauses:
    """``text`` and ``flat`` are of one length; all offsets count their characters."""

    text: str
    flat: str
    figures: Sequence[Figure]

    def start(self, index: int) -> int:
        """Where the words that can name a figure begin."""
        figure = self.figures[index]
        floor = self.figures[index - 1].stop if index else 0
        at = self.boundary(figure.start, floor, _BOUNDARY + "）")
        if at >= floor or not index:
            return max(at + 1, floor)
        if self.shared(index):
            return figure.start
        claimed = re.match(r"[^、，]+、", self.flat[floor : figure.start])  # 12个行政村、3个社区
        return floor + (claimed.end() if claimed else 0)

    def shared(self, index: int) -> bool:
        """The short noun between two figures belongs to the first, which has no other: 覆盖12个村2.3万人."""
        if not index or self.figures[index - 1].unit == self.figures[index].unit:
            return False
        gap = self.flat[self.figures[index - 1].stop : self.figures[index].start]
        if not re.fullmatch(r"[\u4e00-\u9fff]{1,3}", gap) or _NOT_BEHIND.match(gap):
            return False
        front = closed(opened(self.left(index - 1)))
        return not front or is_verb(front)

    def boundary(self, end: int, floor: int = 0, marks: str = _BOUNDARY) -> int:
        """The last clause mark in [floor, end), -1 without one."""
        return max(self.flat.rfind(mark, floor, end) for mark in marks)

    def words(self, start: int, end: int) -> str:
        """The printed words of a stretch without brackets that hold no figure; those too, when nothing else is left."""
        kept = self._kept(start, end)
        return kept if len(kept) > 1 else self.text[start:end]  # 镇（街道）16处

    def _kept(self, start: int, end: int) -> str:
        return "".join(c for c, f in zip(self.text[start:end], self.flat[start:end], strict=True) if f != DROPPED)

    def left(self, index: int) -> str:
        """The words between the beginning of a figure's clause and the figure."""
        end = self.figures[index].start
        return self.words(max(self.start(index), end - _LONGEST), end)

    def before(self, start: int) -> str:
        """The clause that ends at ``start``, when it holds no figure; else ""."""
        end = start - 1
        if end <= 0 or self.flat[end] not in "，：":
            return ""
        begin = max(self.boundary(end) + 1, end - _LONGEST)
        if any(begin <= figure.start < end for figure in self.figures):
            return ""
        return self.words(begin, end)

    def behind(self, index: int) -> str:
        """The noun behind the measure word: 2位优秀同志. "" where none begins there or the next figure claims it."""
        figure = self.figures[index]
        last = index + 1 == len(self.figures)
        rest = self.flat[figure.stop : len(self.text) if last else self.figures[index + 1].start]
        outcome = _OUTCOME.match(rest)
        if outcome:  # 2件予以公开
            return outcome[0]
        if not last and self.shared(index + 1):
            return rest
        if not re.match(r"[\u4e00-\u9fff“■□]", rest):
            return ""
        if figure.unit in (None, "%") or (figure.unit == "元" and not rest.startswith("资金")) or _NOT_BEHIND.match(rest):
            return ""
        stop = _BEHIND_END.search(rest)
        if stop is None and not last:
            return ""  # 培训3次参训人员120人次
        words = self._kept(figure.stop, figure.stop + (stop.start() if stop else len(rest)))
        words = re.sub(r"(?:的|了|等|中)$", "", words.strip("，。、；： ”"))
        return words if 1 < len(words) <= 20 or words in ("村", "镇", "乡", "县", "区") else ""

    def claimed(self, index: int) -> bool:
        """A noun begins right behind the measure word, and it is not known where it ends."""
        rest = self.flat[self.figures[index].stop :]
        return bool(re.match(r"[\u4e00-\u9fff]", rest)) and not _NOT_BEHIND.match(rest)

    def year(self, index: int) -> str | None:
        """Another year that the figure's own clause names, unless only compared with: 2019年公开120条."""
        words = self.text[self.start(index) : self.figures[index].start]
        found = list(_YEAR.finditer(words))
        if not found:
            opening = _YEAR_CLAUSE.match(self.text)
            return opening[1] if opening else None
        front, rest = words[: found[-1].start()], words[found[-1].end() :]
        if front.endswith("从") and rest in ("的", "的约", "的近"):  # 从上年的3.2万件提高到4.1万件
            return found[-1][0]
        carried = re.match(r"(?:度)?(?:结转|转结|以来|起|继续)", rest) or re.search(r"(?:结转|转|到|至)$", front)
        return None if carried or _COMPARED.search(front) else found[-1][0]


def clauses(text: str, figures: Sequence[Figure]) -> Clauses:
    """``text`` as ``parsers.sentences`` gives it, ``figures`` as ``parsers.measures``."""
    chars = list(text)
    for figure in figures:
        chars[figure.start : figure.stop] = ["0"] * (figure.stop - figure.start)
    counted = {place for figure in figures for place in range(figure.start, figure.stop)}
    for pattern, mark in ((r"“[^”]{1,40}”|《[^》]{1,60}》|#[^#]{1,20}#", QUOTED), (r"（[^（）]{0,60}）", DROPPED)):
        for match in re.finditer(pattern, text):
            if counted.isdisjoint(range(*match.span())):
                chars[match.start() : match.end()] = [mark] * len(match[0])
    return Clauses(text, "".join(chars), figures)


def year_in(words: str) -> str | None:
    """The year that words name, as printed."""
    match = _YEAR.search(words)
    return match[0] if match else None
