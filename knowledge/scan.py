"""Question → tokens: folding, years, numbers, names of bodies, then jieba with our own dictionary for the rest."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from knowledge.lexicon import NEIGHBOUR_YEARS, RELATIVE_YEARS, cut, lexicon
from knowledge.located import located
from knowledge.mentions import NameIndex
from knowledge.numerals import parse
from knowledge.query import NOTHING, Senses, Token
from knowledge.text import fold

LONGEST_QUESTION = 600

# quotes, brackets, middle dots, markup: dropped, they part nothing a reader hears
_MUTE = re.compile(r"[“”\"'‘’「」『』《》〈〉()（）\[\]【】〔〕·`/\\|*#_<>{}^$@&=]")
_STOP = re.compile(r"[，。？！；,?!;:：…\n\r]+|\.(?!\d)")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_DIGIT = {c: str(i) for i, c in enumerate("〇一二三四五六七八九")} | {"零": "0", "○": "0", "o": "0"}
_CN = "[〇零○o一二三四五六七八九]"

# 2019到2024年 · 2019-2021
_RANGE = re.compile(r"(?<!\d)((?:19|20)?\d{2})年?度?(?:到{1,2}|至{1,2}|[-—~–]{1,2})((?:19|20)?\d{2})(?:年度?|(?!\d))")
# 2020年度 · 2020 · 20年 · 二〇二〇年 · 二0二0年 · 二零年
_YEAR = re.compile(
    rf"(?<![\d.])((?:19|20)\d{{2}})(?:年度?)?(?![\d.]|万|亿|件|元|条|篇)|(?<![\d.])([0-4]\d)年度?(?!\d)|(二[〇零○o0](?:{_CN}|\d){{2}})(?:年度?)?|(?<!{_CN})({_CN}{{2}})年度?"
)
# 近三年 · 最近5年 · 过去两年
_LATEST = re.compile(r"(?:最近|近|过去|[前这](?![一1]个?年))([一二两三四五六七八九十]|\d{1,2})个?年(?:度|来|间|里)?")
# 最新一年 · 最新的年报里
_NEWEST = re.compile(r"最新(?:的?一(?:年|期|份)|年度)?的?(?:年报|报告|数据)?(?:里|中|上)?(?:面)?的?(?!是?哪|到|能)")
# 2021到2023年三年 · 两年加起来; not 两年前, 三年级
_YEAR_COUNT = re.compile(r"(?<![第前后近去每])([两二三四五六七八九十]|(?<!\d)\d)个?年(?:间|里|来)?(?![前后内级度份])")
# 再往前一年 · 前一年 · 上一年呢 · 后一年: counted from the year spoken of
_BESIDE = re.compile(r"(?<![比较跟与和同转到入至给])再?往?(?:(前|上)|后|下)[一1]个?年度?(?=的?呢|的?，|的?$)")
# 前三名 · 后3家 · top5 · 前5
_TOP = re.compile(r"(前|后|倒数|最后|top)([一二两三四五六七八九十]|\d{1,2})(?:名|位|家|个单位|个街道|个|的)?(?!年)")
# 第二多 · 排第三的 · 倒数第二 · 第二名
_NTH = re.compile(
    r"(?P<placed>排名?|位列|位居|排在)?(?P<last>倒数)?第(?P<number>[二两三四五六七八九十]|\d{1,2})"
    r"(?:(?P<ended>名|位|(?=呢|的|$|是谁|是哪))|(?P<way>多|高|大|少|低|小)|(?=街道|单位|镇|乡|局))的?"
)
# 五个单位 · 三家 · 5个街道
_GROUP = re.compile(
    r"(?<![第\d])([一二两三四五六七八九十]{1,2}|\d{1,3})(?:份(?:年报|报告)|家(?:单位|机关|街道|部门)?|个(?:单位|街道|部门|机关|镇|乡镇|乡|局))"
)
# 截至2023年底有效的文件: what is in force is counted at the end of the year anyway; 截至…收到 may add up years
_IN_FORCE_AT = re.compile(r"截[至止]到?((?:19|20)\d{2}年)(?:年?[底末]|12月底|12月31日)?，?(?=[^，]*有效)")
# chaiqiao, fuyi, pk: letters are one word
_LETTERS = re.compile(r"[a-z]{2,}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?(?:[万亿])?")
# 超过三百件 · 不到十件 · 二十五 · 两千; 哪一项, 第三名 are none
_COUNT_IN_WORDS = re.compile(
    r"(?<![哪每这那第同任加到在合])(?:[一二两三四五六七八九十百千万零]+(?=[件项条篇次份起宗户名元])|[一二两三四五六七八九][十百千万][一二两三四五六七八九十百千万零]*)"
)
_CHINESE_NUMBER = re.compile(r"[一二两三四五六七八九十百千万零]+")
_SMALL = {c: i for i, c in enumerate("〇一二三四五六七八九十")} | {"两": 2}


_RANGE_SENSE, _LATEST_SENSE, _YEAR_SENSE = (
    Senses([("year", "range")]),
    Senses([("year", "latest")]),
    Senses([("year", "year")]),
)
_YEAR_COUNT_SENSE = Senses([("year", "count")])
_BESIDE_SENSE = Senses([("year", "beside")])
_GROUP_SENSE, _NUMBER_SENSE, _STOP_SENSE = Senses([("op", "group")]), Senses([("number", "")]), Senses([("stop", "")])


def clean(question: str) -> str:
    """The folded question with mute characters dropped and every stop as 「，」; blanks part words and stay."""
    text = fold(question).text
    text = _THOUSANDS.sub("", text)
    text = _STOP.sub("，", text)
    text = _IN_FORCE_AT.sub(r"\1", text)
    text = text.replace("增/减", "增减").replace("、", "和")
    return _MUTE.sub("", text)


def _small_number(text: str) -> int:
    if text.isdigit():
        return int(text)
    if len(text) == 1:
        return _SMALL[text]
    tens, _, ones = text.partition("十")
    if _:
        return (_SMALL[tens] if tens else 1) * 10 + (_SMALL[ones] if ones else 0)
    return int("".join(_DIGIT[c] for c in text.replace("两", "二")))


def _four_digits(text: str) -> int:
    text = "".join(_DIGIT.get(c, c) for c in text)
    return int(text) if len(text) == 4 else 2000 + int(text)


def _numeric(text: str, at: int) -> Token | None:
    """A year, range, 前三名, 五个单位 or number that starts here."""
    if m := _RANGE.match(text, at):
        first, last = _four_digits(m[1]), _four_digits(m[2])
        if 1990 < first < last < 2100 and last - first < 40:
            return Token(m[0], at, m.end(), _RANGE_SENSE, None, tuple(range(first, last + 1)))
    if m := _BESIDE.match(text, at):
        return Token(m[0], at, m.end(), _BESIDE_SENSE, Decimal(-1 if m[1] else 1))
    if m := _LATEST.match(text, at):
        return Token(m[0], at, m.end(), _LATEST_SENSE, Decimal(_small_number(m[1])))
    if m := _NEWEST.match(text, at):
        return Token(m[0], at, m.end(), _LATEST_SENSE, Decimal(1))
    if (m := _NTH.match(text, at)) and (number := _small_number(m["number"])) > 1:
        least = bool(m["last"]) != ((m["way"] or "多") in "少低小")
        ways = [("op", "bottom" if least else "top")] if m["last"] or m["way"] else []
        return Token(m[0], at, m.end(), Senses([("op", "nth"), *ways]), Decimal(number))
    if m := _TOP.match(text, at):
        way = "top" if m[1] in ("前", "top") else "bottom"
        return Token(m[0], at, m.end(), Senses([("op", way)]), Decimal(_small_number(m[2])))
    if m := _YEAR.match(text, at):
        return Token(m[0], at, m.end(), _YEAR_SENSE, None, (_four_digits(next(g for g in m.groups() if g)),))
    if m := _YEAR_COUNT.match(text, at):
        return Token(m[0], at, m.end(), _YEAR_COUNT_SENSE, Decimal(_small_number(m[1])))
    if m := _GROUP.match(text, at):
        return Token(m[0], at, m.end(), _GROUP_SENSE, Decimal(_small_number(m[1])))
    if (m := _COUNT_IN_WORDS.match(text, at)) and (value := parse(m[0])) is not None:
        return Token(m[0], at, m.end(), _NUMBER_SENSE, value)
    if m := _LETTERS.match(text, at):
        return Token(m[0], at, m.end(), lexicon().get(m[0], NOTHING))
    if m := _NUMBER.match(text, at):
        raw = m[0]
        scale = {"万": 10**4, "亿": 10**8}.get(raw[-1], 1)
        return Token(raw, at, m.end(), _NUMBER_SENSE, Decimal(raw.rstrip("万亿")) * scale)
    return None


_STARTS = frozenset("0123456789〇零○一二两三四五六七八九十近最过前后倒这再往上下第排abcdefghijklmnopqrstuvwxyz")


def _words(text: str, offset: int, today: date) -> list[Token]:
    known = lexicon()
    out: list[Token] = []
    at = offset
    for word in cut(text):
        if word.strip():
            senses = known.get(word, NOTHING)
            years = tuple(today.year + RELATIVE_YEARS[word] for kind, _ in senses if kind == "relative_year")
            if word == "，":
                senses = _STOP_SENSE
            near = next((Decimal(today.year + NEIGHBOUR_YEARS[word]) for kind, _ in senses if kind == "neighbour"), None)
            out.append(Token(word, at, at + len(word), senses, near, years))
        at += len(word)
    return out


def _merge_unknown(tokens: list[Token]) -> list[Token]:
    """Neighbouring characters nothing explains become one token, so that the answer can name the word."""
    out: list[Token] = []
    for token in tokens:
        last = out[-1] if out else None
        if last is not None and not token.senses and not last.senses and last.end == token.start:
            out[-1] = Token(last.text + token.text, last.start, token.end)
        else:
            out.append(token)
    return out


# 这件, 那家, 第几名: what may stand before a unit beside 几, 多少 and numbers
_BEFORE_UNITS = frozenset("这那每哪第各有是整半多某该一")


def _units_in_place(tokens: list[Token]) -> list[Token]:
    """A unit is one only behind 几, 多少 or a number; elsewhere it is an unexplained character (部份公开)."""
    out: list[Token] = []
    for token in tokens:
        before = out[-1] if out else None
        lone = len(token.text) == 1 and all(sense == ("filler", "units") for sense in token.senses) and token.senses
        counted = before is not None and (
            before.has("filler", "counts")
            or before.number is not None
            or before.has("op")
            or before.text[-1] in _BEFORE_UNITS
            or before.has("filler", "units")
            or before.text in ("万", "亿", "百", "千")
        )
        adjoining = before is not None and before.end == token.start
        out.append(Token(token.text, token.start, token.end) if lone and adjoining and not counted else token)
    return out


def _numbers_in_words(tokens: list[Token]) -> list[Token]:
    """Chinese numerals that are no word of ours: 超过 | 五 | 件."""
    out: list[Token] = []
    for token in tokens:
        if (
            not token.senses
            and _CHINESE_NUMBER.fullmatch(token.text)
            and len(token.text) <= 3
            and token.text[0] not in "百千万零"
        ):
            value = parse(token.text)
            if value is not None:
                out.append(Token(token.text, token.start, token.end, _NUMBER_SENSE, value))
                continue
        out.append(token)
    return out


def cleaned(question: str) -> str:
    """What ``scan`` reads: the question, or its end when it is too long (the asking comes last), cleaned."""
    return clean(question[-LONGEST_QUESTION:])


def scan(text: str, names: NameIndex, today: date) -> list[Token]:
    """The tokens of a cleaned question. Emoji and other symbols that say nothing are left out."""
    known = lexicon()
    places = dict(names.find(text))
    tokens: list[Token] = []
    at = plain = 0

    def flush(end: int) -> None:
        if end > plain:
            tokens.extend(_words(text[plain:end], plain, today))

    while at < len(text):
        token: Token | None = None
        if at in places:
            word = text[at : places[at]]
            ids = names.ids(word)
            where = (("place", "/".join(chain)) for chain in names.chains(word))
            token = Token(word, at, places[at], Senses((*(("org", str(i)) for i in ids), *where, *known.get(word, ()))))
        elif text[at] in _STARTS and not _lexical(text, at, known):
            token = _numeric(text, at)
        if token is None:
            at += 1
            continue
        flush(at)
        tokens.append(token)
        at = plain = token.end
    flush(len(text))
    merged = _numbers_in_words(
        _merge_unknown(_units_in_place([t for t in tokens if t.senses or _says_something(t.text)]))
    )
    return located(merged, names)


def _lexical(text: str, at: int, known: object) -> bool:
    """Does a word of the lexicon of three characters or more start here (三安全一稳定, 四类过程性信息)?"""
    words = lexicon()
    return (
        any(text[at : at + n] in words for n in range(3, min(9, len(text) - at + 1)))
        and not text[at].isdigit()
        and not _YEAR.match(text, at)
    )


def _says_something(text: str) -> bool:
    return any(c.isalnum() for c in text)
