"""Numerals are read as people mean them, and years are found where a text names one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numerals import find, find_years, parse

WHOLE = [
    ("0", "0"), ("7", "7"), ("1605", "1605"), ("1,605", "1605"), ("750,000", "750000"), ("3，676", "3676"),
    ("19.0", "19.0"), ("１２", "12"), ("8.58万", "85800"), ("1.52亿", "152000000"), ("6.1亿", "610000000"),
    ("1.5千万", "15000000"), ("1万亿", "1000000000000"), ("350余万", "3500000"), ("200多万", "2000000"),
    ("５０万+", "500000"), ("50万左右", "500000"), ("约2000", "2000"), ("-3", "-3"), ("二〇二〇", "2020"),
    ("二零二零", "2020"), ("一一〇", "110"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("两", "2"), ("两千三百", "2300"),
    ("一百零五", "105"), ("三百五", "350"), ("一万二", "12000"), ("一万零二", "10002"), ("三百余万", "3000000"),
    ("十余", "10"), ("一亿三千万", "130000000"), ("壹佰贰拾", "120"), ("百分之七十二", "72"), ("百分之七十二点五", "72.5"),
    ("百分之3.5", "3.5"), ("三千", "3000"), ("十万", "100000"), ("零", "0"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), WHOLE)
def test_a_numeral_is_worth(text: str, value: str) -> None:
    assert parse(text) == Decimal(value)


@pytest.mark.parametrize("text", ["半数", "两三", "五六", "万", "数百", "", "件", "三十二十", "1,60", "一十一十", "12件"])
def test_what_is_no_numeral(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "raws"),
    [
        ("共发布信息1605篇，其中发布政务动态1272篇", ["1605", "1272"]),
        ("信息3,676条，办理建议19件", ["3,676", "19"]),
        ("阅读量达到350余万，收看人数达50万人次", ["350余万", "50万"]),
        ("年阅读量在50万+。", ["50万"]),
        ("两次培训、三场讲座、十二家企业", ["两", "三", "十二"]),
        ("两三次、五六小区", []),
        ("见A4纸、G60公路、Field_1", []),
        ("占比百分之三十，增长6.2%", ["百分之三十", "6.2"]),
        ("建议12件，3件未办", ["12", "3"]),
    ],
)
def test_numerals_in_a_sentence(text: str, raws: list[str]) -> None:
    found = find(text)
    assert [n.raw for n in found] == raws
    assert all(text[n.start : n.end] == n.raw for n in found)


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("约2000人", True), ("近30次", True), ("100余条", True), ("50万+", True), ("80万左右", True), ("逾百分之五十", True),
        ("200多万", True), ("最近30次", False), ("2000人", False), ("12余姚", False), ("多措并举3次", False),
    ],
)  # fmt: skip
def test_vague_numerals_are_marked(text: str, vague: bool) -> None:
    assert find(text)[0].approximate is vague


TODAY = date(2021, 6, 1)
YEARS = [
    ("柴桥2020年收到几件", "absolute", [2020]), ("柴桥2020 社会公益组织", "absolute", [2020]), ("20年小河", "absolute", [2020]),
    ("二〇二〇年柴桥", "absolute", [2020]), ("二零二零年度", "absolute", [2020]), ("二O二O年", "absolute", [2020]),
    ("２０２０年", "absolute", [2020]), ("2024 年度", "absolute", [2024]), ("2019-2021", "range", [2019, 2020, 2021]),
    ("2019到2021年", "range", [2019, 2020, 2021]), ("2019年至2020年", "range", [2019, 2020]), ("19到21年", "range", [2019, 2020, 2021]),
    ("2019—2020", "range", [2019, 2020]), ("近三年", "recent", [2019, 2020, 2021]), ("最近2年", "recent", [2020, 2021]),
    ("去年收到几件", "relative", [2020]), ("今年", "relative", [2021]), ("前年", "relative", [2019]), ("上一年度", "relative", [2020]),
    ("明年", "relative", [2022]), ("历年采购金额", "every", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "years"), YEARS)
def test_a_year_is_named(text: str, kind: str, years: list[int]) -> None:
    (mention,) = find_years(text, TODAY)
    assert (mention.kind, list(mention.years)) == (kind, years)
    assert text[mention.start : mention.end] == mention.raw


@pytest.mark.parametrize(
    "text", ["上年结转过来的申请", "结转下年度继续办理", "本年新收", "本年增减多少", "上一年项目数量", "发布2020条", "保存10年以上", "国发12020号"]
)
def test_no_year_is_named(text: str) -> None:
    assert find_years(text, TODAY) == []


def test_without_a_date_a_relative_year_stays_open() -> None:
    (mention,) = find_years("去年")
    assert (mention.years, mention.offset) == ((), -1)


def in_words(number: int) -> str:
    """The Chinese words of a number below 10^12, written here only to check the reader."""
    digits, scales = "零一二三四五六七八九", ("", "十", "百", "千")

    def section(n: int) -> str:
        out, zero = "", False
        for place in (3, 2, 1, 0):
            digit = n // 10**place % 10
            if digit:
                out += ("零" if zero and out else "") + digits[digit] + scales[place]
                zero = False
            else:
                zero = True
        return out

    if number == 0:
        return "零"
    out = ""
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = number // scale % 10**4
        if part:
            out += ("零" if out and part < 1000 else "") + section(part) + word
    return out[1:] if out.startswith("一十") else out


@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_words_come_back_as_their_number(number: int) -> None:
    assert parse(in_words(number)) == number


@given(st.integers(min_value=0, max_value=10**12))
def test_digits_come_back_as_their_number(number: int) -> None:
    assert parse(str(number)) == parse(f"{number:,}") == number


@given(st.decimals(min_value=0, max_value=9999, places=2), st.sampled_from([("万", 10**4), ("亿", 10**8)]))
def test_scales_multiply(number: Decimal, scale: tuple[str, int]) -> None:
    assert parse(f"{number}{scale[0]}") == number * scale[1]


@given(st.text(alphabet="一二三十百千万亿零〇两0123456789.,，%+余多约近年度至-条件去上今", max_size=24))
def test_spans_always_point_at_what_is_printed(text: str) -> None:
    for n in find(text):
        assert text[n.start : n.end] == n.raw and n.end <= n.stop
    for year in find_years(text, TODAY):
        assert text[year.start : year.end] == year.raw
