"""Every code a reader, a check or the command line reports, with its Chinese sentence: the one table of them.

A sentence names the place, what is there, and what would be right. ``problem`` makes a Problem of an input's own
mistake, ``sentence`` the text of a finding. A code that is not here is a mistake of ours and raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from knowledge.model import Problem, Severity, Span


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` with {names} to fill in; ``defaults`` what stands there when the caller knows nothing better.

    ``severity`` is set for the codes of a report's findings (../shared/RULES.md), None for other problems.
    """

    text: str
    severity: Severity | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)


# What `wenbao check` reports. Order and severity follow the rules page.
_FINDINGS: dict[str, Sentence] = {
    "row_sum": Sentence("{section}“{row}”一行：六列相加为 {expected}，总计印为 {found}", "error"),
    "column_sum": Sentence("{section}“{column}”一列：各项办理结果相加为 {expected}，“{row}”印为 {found}", "error"),
    "balance": Sentence(
        "{section}“{column}”一列：第一项加第二项为 {expected}，第三项总计加第四项为 {found}，两者应当相等", "error"
    ),
    "review_sum": Sentence("{section}“{block}”：各种结果相加为 {expected}，总计印为 {found}", "error"),
    "carry_over": Sentence(
        "{section}“{row}”“{column}”一列印为 {found}，上一年（{year}年）报告结转下年度的是 {expected}，两者应当相等",
        "error",
    ),
    "document_balance": Sentence(
        "{section}“{row}”的{measure}印为 {found}，按上一年（{year}年）报告推算应为 {expected}（{formula}）", "warning"
    ),
    "prose_mismatch": Sentence("{section}文字“{quote}”写的是 {found}，表格“{row}”“{column}”印为 {expected}", "error"),
    "channel_sum": Sentence(
        "{section}“{row}”印为 {found}，同一条信息只计一次，不应多于各渠道合计 {expected}{note}", "warning"
    ),
    "part_of_whole": Sentence("{section}“{row}”印为 {found}，{rule} {expected}", "error"),
    "bad_number": Sentence("{section}“{row}”“{column}”印为“{found}”，应当是{expected}", "error"),
    "unit_suspect": Sentence("{section}“{row}”“{column}”印为“{found}”，{reason}，请核对单位是元还是万元", "warning"),
    "year_mismatch": Sentence("{place}写的是{found}年，这份报告是{expected}年的", "warning"),
    "form_structure": Sentence("{what}", "warning"),
    "missing_table": Sentence("“{heading}”下没有读到表格，应当有《{table}》表", "error"),
    "not_authorised": Sentence("{section}“规章”“{column}”印为 {found}，{org}没有制定规章的权限，一般应为 0", "hint"),
    "late": Sentence("报告日期是{found}，应当不晚于{expected}", "hint"),
    "pending_lost": Sentence(
        "{section}“{block}”总计印为 {found}，上一年（{year}年）报告尚未审结的就有 {expected} 件", "hint"
    ),
    "thin_section": Sentence("{what}", "hint"),
    "copied_text": Sentence("“{heading}”一节与{other}有 {found}% 相同", "hint"),
    "blank_cell": Sentence("{section}“{row}”“{column}”一格是空的，应当填数字，没有就填 0", "warning"),
    "unreadable_cell": Sentence("{section}“{row}”“{column}”一格印的是“{found}”，应当是数字", "warning"),
}

# What keeps a file out of the store, or is said beside a report that is in it.
_PROBLEMS: dict[str, Sentence] = {
    # the file
    "empty_file": Sentence("文件是空的，没有可读的内容"),
    "unknown_format": Sentence(
        "认不出{name}是什么格式；能读的是{formats}",
        defaults={"name": "这个文件", "formats": " txt、md、html、docx、doc、rtf、odt、pdf、xlsx、xls、zip"},
    ),
    "ambiguous_format": Sentence(
        "{name}同时像{formats}，分不清按哪种格式读", defaults={"name": "这个文件", "formats": "两种格式"}
    ),
    "unreadable_encoding": Sentence("文字编码认不出来，不是 UTF-8、UTF-16 或 GB18030"),
    "broken_text": Sentence("{name}里有残缺的字符（半个 UTF-16 代理），无法原样保存", defaults={"name": "文件"}),
    "damaged_file": Sentence("{name}已损坏，按{format}格式打不开", defaults={"name": "文件", "format": "它自己的"}),
    "truncated": Sentence("{name}不完整，可能没有下载完", defaults={"name": "文件"}),
    "encrypted": Sentence("{name}有密码保护，请去掉密码后再送", defaults={"name": "文件"}),
    "executable": Sentence("{name}是程序，不是报告", defaults={"name": "文件"}),
    "image": Sentence("{name}是图片，没有文字可读；请送文字版", defaults={"name": "文件"}),
    "scan_without_text": Sentence("PDF 里只有扫描的图片，没有文字层；请送文字版"),
    "converter_missing": Sentence(
        "读 {format} 文件要用 LibreOffice，这台机器上没有装", defaults={"format": "doc、rtf"}
    ),
    "too_large": Sentence("文件有 {found}，最多能收 {limit}", defaults={"found": "太多内容", "limit": "20 MB"}),
    "limit_time": Sentence("读了 {limit} 还没读完，已停止", defaults={"limit": "30 秒"}),
    "limit_memory": Sentence("读这个文件要用的内存超过 {limit}，已停止", defaults={"limit": "1 GiB"}),
    "limit_unpacked": Sentence("解压后超过 {limit}，已停止", defaults={"limit": "200 MB"}),
    "limit_pages": Sentence("超过 {limit} 页，已停止", defaults={"limit": "2000"}),
    "limit_output": Sentence("读出的内容超过 {limit}，已停止", defaults={"limit": "上限"}),
    "limit_files": Sentence("压缩包里超过 {limit} 个文件，已停止", defaults={"limit": "上限"}),
    "limit_cells": Sentence("表格的格子超过 {limit} 个，已停止", defaults={"limit": "上限"}),
    "too_deep": Sentence("文件里一层套一层，超过能读的层数，没有读"),
    "entities": Sentence("文件自带实体或文档类型声明，可能有害，没有读"),
    "worker_died": Sentence("读这个文件的进程中途退出了，文件没有入库"),
    "nested_archive": Sentence("压缩包里还有压缩包，没有打开"),
    "unsafe_name": Sentence("压缩包里的文件名“{name}”不安全，没有读", defaults={"name": "?"}),
    # the report
    "not_a_report": Sentence("读到了文字，但不是政府信息公开工作年度报告"),
    "several_reports": Sentence("一个文件里有 {count} 份报告，请分开送", defaults={"count": "几"}),
    "no_org": Sentence("找不到编制单位：标题、落款和正文里都没有"),
    "no_year": Sentence("找不到报告年份：标题、统计期限和正文里都没有"),
    "org_mismatch": Sentence(
        "{place}写的是“{found}”，标题写的是“{expected}”，请核对是哪个单位",
        defaults={"place": "落款", "found": "另一个单位", "expected": "一个单位"},
    ),
    "date_mismatch": Sentence(
        "落款日期是{expected}，网页上写的是{found}", defaults={"expected": "一天", "found": "另一天"}
    ),
    "row_short": Sentence(
        "“{row}”一行有 {found} 个数字，应当有 {expected} 个，分不清是哪几列，没有读",
        defaults={"row": "?", "found": "不够的", "expected": "更多"},
    ),
    "run_together": Sentence("表格的数字连在一起没有分隔，分不出每一格，没有读"),
    "columns_unclear": Sentence("《{table}》的列分不清，没有读", defaults={"table": "表格"}),
    "twice": Sentence("《{table}》出现了两次，内容不同，用的是第一次", defaults={"table": "表格"}),
    # the command line and the store
    "no_such_file": Sentence("没有这个文件：{name}", defaults={"name": "?"}),
    "unreadable_file": Sentence("打不开这个文件：{name}", defaults={"name": "?"}),
    "no_such_report": Sentence("库里没有这份报告：{name}", defaults={"name": "?"}),
    "ambiguous_report": Sentence("“{name}”可能是这几份：{choices}", defaults={"name": "?", "choices": "?"}),
    "bad_config": Sentence("配置文件里的“{key}”不对：{reason}", defaults={"key": "?", "reason": "认不得"}),
    "bad_database": Sentence("数据库打不开：{reason}", defaults={"reason": "地址不对"}),
    "usage": Sentence("用法不对：{reason}", defaults={"reason": "见 wenbao --help"}),
    "interrupted": Sentence("已中断，做完的都已保存"),
    "no_token": Sentence("没有令牌：请先设环境变量 WENBAO_TELEGRAM_TOKEN"),
    "bad_token": Sentence("Telegram 不认得这个令牌：请核对环境变量 WENBAO_TELEGRAM_TOKEN"),
    "taken_elsewhere": Sentence("另一个程序正用同一个令牌收消息：一个令牌同时只能有一个 wenbao run"),
    "bad_batch_line": Sentence("第 {line} 行读不懂：{reason}", defaults={"line": "?", "reason": "不是问题"}),
    "internal": Sentence("程序自己出了错，已记入日志"),
}

CODES: Mapping[str, Sentence] = MappingProxyType({**_FINDINGS, **_PROBLEMS})
FINDINGS: Mapping[str, Sentence] = MappingProxyType(_FINDINGS)


def severity(code: str) -> Severity:
    """error · warning · hint of a finding's code. A problem's code has none and raises."""
    found = FINDINGS[code].severity
    assert found is not None
    return found


def sentence(code: str, **values: object) -> str:
    """The Chinese sentence of a code with its values filled in."""
    template = CODES[code]
    return template.text.format(**{**template.defaults, **values})


# Two codes are findings as well as problems; as a problem of a whole file they are said with these words.
_AS_PROBLEM: dict[str, dict[str, str]] = {
    "missing_table": {"heading": "表格", "table": "表格"},
    "year_mismatch": {"place": "另一处", "found": "另一", "expected": "标题上那"},
}


def problem(code: str, where: Span | None = None, **values: object) -> Problem:
    """A Problem with its sentence. ``where`` is its place in the source_text, None for the whole file."""
    return Problem(code, sentence(code, **{**_AS_PROBLEM.get(code, {}), **values}), where)
