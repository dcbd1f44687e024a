"""What a row with a single text in it says: a line of the report, or a label of the form that stands alone."""

from __future__ import annotations

import re

# Rows of the form that also stand alone in their row: never a heading.
_ROW = re.compile(
    r"新收|结转|转结|办理结果|^总计|^第二十条|^其中|^(?:（[一二三四五六七八九十]）|\([一二三四五六七八九十]\)|\d+[.、．])"
)
# 一、主动公开政府信息情况 · 2021年政府信息公开工作年度报告 · 填报单位：… · a sentence
_LINE = re.compile(
    r"^(?:第[一二三四五六七八九十]部分|[一二三四五六七八九十]{1,3}、).*(?:情况|事项|概述|概况|问题|措施|统计|公开|诉讼|说明|表)|年度?报告|年报|公开情况|申请情况|诉讼情况|统计表"
    r"|^(?:填报|填表|编制|制表|单位|日期|公布|报送|审核|联系|附[表件注]|备注|说明|注)[^\n]{0,12}[:：]|。$|^.{30,}。|[年/-]\d{1,2}[月/-]\d{1,2}日?$"
)
# No label of the form ends like a sentence: （一）主动公开。全年…12条；
_SENTENCE = re.compile(r".{12,}[。；;]$")
_FIGURE = re.compile(r"[-+\d.,，%—–/／-]+")


def is_sentence(text: str) -> bool:
    """``text`` without white space."""
    return _SENTENCE.search(text) is not None


def is_line(text: str, between: bool) -> bool:
    """Whether ``text``, alone in its row and without white space, is a line of the report. ``between``: rows of a table
    stand above it, so that words of no kind belong to them."""
    if _FIGURE.fullmatch(text):
        return False
    if is_sentence(text) or _LINE.search(text) and not _ROW.search(text):
        return True
    if _ROW.search(text) and not text.endswith("。"):
        return False
    return not between
