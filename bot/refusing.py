"""Refusals in words: what was not understood, what is missing, what can be asked instead."""

from __future__ import annotations

from bot.answer import Answer
from db.select import ReportRow, Selector
from db.store import Store
from knowledge.query import Refusal
from knowledge.wording import listing, numbered, years

_TALK = {
    "greeting": "您好！我读过库里的政府信息公开年报，可以直接问我里面的数。",
    "thanks": "不客气。",
    "bye": "再见，有需要随时问。",
    "who_are_you": "我是问报，专门回答政府信息公开工作年度报告里的数字，每个数都附原文。",
}


def refuse(store: Store, selector: Selector, question: str, refusal: Refusal) -> Answer:
    """The answer to something that is not answered with a figure."""
    answer = Answer(question, refusal.status, reason=refusal.reason)
    if refusal.reason.startswith("store_"):
        _store(answer, selector, refusal)
        return answer
    if refusal.status == "clarify" and refusal.choices:
        answer.choices = list(refusal.choices)
        words = "、".join(f"“{w}”" for w in refusal.words)
        answer.lines = [f"没有完全看懂{words}，您是不是想问：", *numbered(answer.choices)]
        return answer
    if refusal.reason == "no_metric" and refusal.words:
        when = years(refusal.years) if len(refusal.years) == 1 else ""
        head = refusal.words[0] + when
        answer.choices = [f"{head}收到几件申请", f"{head}行政处罚多少件", f"{head}存在什么问题"]
        answer.lines = [_sentence(refusal, selector), "可以这样问：", *numbered(answer.choices)]
        return answer
    examples = suggestions(selector)
    answer.lines = [_sentence(refusal, selector)]
    if examples and refusal.reason not in ("thanks", "bye"):
        answer.lines.extend(["可以这样问：", *(f"· {e}" for e in examples)])
    return answer


def _sentence(refusal: Refusal, selector: Selector) -> str:
    words = "、".join(f"“{_short(w)}”" for w in refusal.words[:4])
    if refusal.reason in _TALK:
        return _TALK[refusal.reason]
    if refusal.reason == "unknown_body":
        bodies = some_bodies(selector)
        return f"库里没有{words}的报告。{bodies}" if bodies else f"库里没有{words}的报告。"
    if refusal.reason == "no_such_figure":
        return f"年报里没有把{words}合在一起统计的数，所以答不了。"
    if refusal.reason == "no_metric":
        return f"您想问{'、'.join(refusal.words)}的什么数？" if refusal.words else "您想问什么数？"
    if refusal.reason == "latest_of_many":
        have = years(selector.years())
        return f"{words}从哪一年算起？各单位的报告年份不同，请说出年份，例如“2022年”。库里有{have}的报告。"
    if refusal.reason == "no_back":
        return "这是我们聊的第一个问题，前面没有了。"
    if refusal.reason == "sum_of_what":
        return "要把哪几个数加起来？请说“甲和乙一共多少”。"
    if refusal.reason == "compare_with_what":
        return "您要比的是哪几家（或哪几项）？请说“甲和乙谁多”，或“所有单位里谁最多”。"
    if refusal.reason == "no_body":
        return "您问的是哪个单位、哪一年的报告？"
    if refusal.status == "not_understood":
        return f"这个问题里的{words}我没看懂，怕答错，就不答了。" if words else "这个问题我没看懂，怕答错，就不答了。"
    return "这个不归我管，我只回答政府信息公开工作年度报告里的内容。"


def some_bodies(selector: Selector, most: int = 8) -> str:
    """有的是：甲、乙等30个单位。"""
    names, (_, bodies) = selector.some_bodies(most), selector.count()
    more = f"等{bodies}个单位" if bodies > len(names) else ""
    return f"有的是：{'、'.join(names)}{more}。" if names else ""


def _short(word: str) -> str:
    return word if len(word) <= 20 else word[:20] + "…"


def _store(answer: Answer, selector: Selector, refusal: Refusal) -> None:
    what = refusal.reason
    reports = selector.reports(years=refusal.years or None, places=refusal.places)
    if not reports and refusal.places and selector.years():
        where = listing([place.rpartition("/")[2] for place in refusal.places])
        answer.status, answer.lines = "no_data", [f"库里没有{where}的单位的报告。"]
        return
    if not reports:
        answer.status = "no_data"
        answer.lines = [
            f"库里没有{years(refusal.years)}的报告，有的是{years(selector.years())}的。"
            if refusal.years and selector.years()
            else "库里还没有报告。先用 wenbao ingest 导入报告文件。"
        ]
        return
    bodies = list(dict.fromkeys(r.label for r in reports))
    if what == "store_years":
        answer.lines = [f"库里有{years([r.year for r in reports])}的报告："]
        for year in sorted({r.year for r in reports}):
            answer.lines.append(f"· {year}年：{listing([r.label for r in reports if r.year == year], 8)}")
        return
    answer.lines = [f"库里{years(refusal.years)}一共有{len(reports)}份年报，{len({r.organisation for r in reports})}个单位："]
    answer.lines.extend(f"· {_with_years(body, reports)}" for body in bodies[:30])
    if len(bodies) > 30:
        answer.lines.append(f"……还有{len(bodies) - 30}个单位")


def _with_years(body: str, reports: list[ReportRow]) -> str:
    return f"{body}：{years([r.year for r in reports if r.label == body])}"


def suggestions(selector: Selector) -> list[str]:
    """Two or three questions that the store does answer, always the same ones for the same store."""
    reports = selector.reports()
    if not reports:
        return []
    first, last = reports[0], reports[-1]
    out = [
        f"{first.label}{first.year}年收到几件申请",
        f"{last.label}{last.year}年行政处罚多少件",
        f"{reports[len(reports) // 2].label}存在什么问题",
    ]
    return list(dict.fromkeys(out))
