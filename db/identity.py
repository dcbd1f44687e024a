"""Which body a report belongs to: the one rule that keeps two 城关镇人民政府 apart and one 阳明街道办事处 together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.text import fold, squeeze

# what may stand before a body's name without making it another body: 余姚市人民政府|阳明街道办事处
_PLACE_IN_FRONT = re.compile(r"(?:省|市|区|县|旗|州|盟|自治区|特区|镇|乡|街道|人民政府|新区|开发区)$")

# a name that says whose: 阳明街道办事处, 北仑区政务服务管理办公室; not 市场监督管理局, 住房和城乡建设局, 城市管理局
_SAYS_WHOSE = re.compile(r"^.{1,}?(?:省|(?<!城)市(?!场)|(?<![社地城])区|县|旗|州(?!务)|盟|镇|(?<!城)乡|街道)")


def folded_name(printed: str) -> str:
    """A name as it is compared: folded, without blanks."""
    return fold(squeeze(printed)).text


def full_name(org: str, signature: str | None) -> str:
    """The longest official name a report gives its body.

    The signature often names the place that the title leaves out (余姚市人民政府阳明街道办事处 beside
    阳明街道办事处); it counts where it is the title's name with a place in front of it.
    """
    own = squeeze(org)
    signed = squeeze(signature or "")
    return signed if signed != own and _extends(folded_name(signed), folded_name(own)) else own


def same_body(full: str, known: Iterable[tuple[int, str]]) -> int | None:
    """The id of the known body (id, full name) that ``full`` is another printing of; None if it is a new one.

    The same name, or one is the other with a place in front. Where a bare name fits several (城关镇人民政府 beside
    those of two counties), or says nothing of its own (市场监督管理局), it is none of them: a second entry makes the
    assistant ask back, a wrong one would give a wrong figure.
    """
    own = folded_name(full)
    others = [(key, folded_name(name)) for key, name in known]
    same = [key for key, name in others if name == own]
    if same:
        return same[0]
    near = [key for key, name in others if _same_with_place(name, own) or _same_with_place(own, name)]
    return near[0] if len(near) == 1 else None


def _same_with_place(longer: str, shorter: str) -> bool:
    return _extends(longer, shorter) and bool(_SAYS_WHOSE.search(shorter))


def _extends(longer: str, shorter: str) -> bool:
    return bool(shorter) and longer.endswith(shorter) and bool(_PLACE_IN_FRONT.search(longer[: -len(shorter)]))
