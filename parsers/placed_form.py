"""The form's two wide tables set without rules, put together from where their words stand on the page.

Only a form that is whole is read here: every label of its head and of its rows is found, wrapped or not, and no word
is left over. Then each figure belongs to the label its column stands under and its row stands beside. Anything else
is left to the reading by words (``parsers.text_spaces``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge.catalogue import Entry, catalogue, plain_label
from parsers.figures import looks_numeric
from parsers.labels import is_whole_label
from parsers.text_lines import display_width

Cells = list[tuple[int, int, int, int, str]]

_NUMBERED = re.compile(
    r"^\s*([(（][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}(?=[、.．])|\d(?=[.．、]))"
)
# 「理结（三）不予」「年度办2.重复申请」: labels of two columns that touch
_NUMBER_INSIDE = re.compile(r"(?<=[^（(])(?=[（(][一二三四五六七][)）]|[1-9][.．、]\D)")
_STRUCK = re.compile(r"^[-—–－/／]+$")
_HEAD_NOTE = re.compile(r"勾稽关系|勾稽|等于")
# Lines of one label are not farther apart than this many times the type's size.
_LINE = 2.1
# A figure's line is not farther than this from its label's middle or first line.
_BESIDE = 0.85
_NOWHERE = 1e9
# Lines of one cell are not farther apart than this.
_NEXT_LINE = 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A piece of text with the height of its middle; ``y`` grows from page to page by more than a page's height."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    page: int = 0

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


@dataclass(frozen=True, slots=True)
class _Label:
    """A label found on the page: its words from top to bottom."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)

    @property
    def middle(self) -> float:
        return (min(w.x0 for w in self.words) + max(w.x1 for w in self.words)) / 2

    @property
    def heights(self) -> tuple[float, float]:
        return self.words[0].y, self.words[-1].y


class _Words:
    """The words not yet used."""

    def __init__(self, words: Iterable[Word]) -> None:
        self.left = sorted(words, key=lambda w: (w.y, w.x0))

    def take(self, entry: Entry, after: float = 0.0) -> _Label | None:
        """The first label below ``after`` that reads as the entry; its words are used up."""
        for word in self.left:
            if word.y < after or not _fits_number(word.text, entry.number):
                continue
            found = self._chain([word], entry.plain, 1)
            if found is not None:
                used = {id(w) for w in found}
                self.left = [w for w in self.left if id(w) not in used]
                return _Label(tuple(found))
        return None

    def _chain(self, words: list[Word], wanted: Iterable[str], depth: int) -> list[Word] | None:
        read = plain_label("".join(w.text for w in words))
        possible = [text for text in wanted if text.startswith(read)] if read else []
        longer = [text for text in possible if text != read]
        last = words[-1]
        if longer and depth < 7:
            for below in self.left:
                near = 0.3 * last.size < below.y - last.y < _LINE * last.size or below.page == last.page + 1
                if near and min(below.x1, last.x1) > max(below.x0, last.x0) and not _NUMBERED.match(below.text):
                    found = self._chain([*words, below], longer, depth + 1)
                    if found is not None:
                        return found
        return words if read in possible else None


def _fits_number(text: str, number: str) -> bool:
    """A numbered word begins only the label with that number; one without a number may begin any."""
    given = _NUMBERED.match(text)
    return given is None or _digits(given.group(1)) == _digits(number)


def _digits(text: str) -> str:
    return re.sub(r"[^一二三四五六七八九十\d]", "", text)


def cells(words: Sequence[Word]) -> Cells | None:
    """The stretch as a table, None where it is not one whole form table."""
    figures = [word for word in words if _is_figure(word.text)]
    others = [word for word in words if not _is_figure(word.text)]
    if len(figures) < 7:
        return None
    edges = _edges(figures)
    others = _without_heads_again(figures, [part for word in others for part in _split(word, edges)])
    return _applications(figures, others) or _review(figures, others)


def _without_heads_again(figures: Sequence[Word], others: Sequence[Word]) -> list[Word]:
    """The words without the table's head where it is printed again on top of a further page."""
    first = min(word.page for word in [*figures, *others])
    top: dict[int, float] = {}
    for figure in figures:
        top[figure.page] = min(top.get(figure.page, figure.y), figure.y)
    head = {word.text for word in others if word.page == first and word.y < top.get(first, 0.0)}
    return [w for w in others if w.page == first or w.text not in head or w.y > top.get(w.page, 0.0)]


def wraps_figures(words: Sequence[Word]) -> bool:
    """Whether a figure too long for its column goes on in the next line (「11 / 5」): without rules nobody can tell its
    digits from another row's. Such a line stands close under one with more figures and beside no label's beginning."""
    lines: list[list[Word]] = []
    for word in sorted((w for w in words if _is_figure(w.text)), key=lambda w: w.y):
        if lines and abs(lines[-1][0].y - word.y) < 0.4 * word.size:
            lines[-1].append(word)
        else:
            lines.append([word])
    starts = [w for w in words if not _is_figure(w.text) and (_NUMBERED.match(w.text) or is_whole_label(w.text))]
    for above, line in zip(lines, lines[1:], strict=False):
        size, y = line[0].size, line[0].y
        close = y - above[0].y < _NEXT_LINE * size and len(line) < len(above)
        under = all(any(min(a.x1, w.x1) > max(a.x0, w.x0) for a in above) for w in line)
        if close and under and not any(abs(w.y - y) < 0.8 * size for w in starts):
            return True
    return False


def _is_figure(text: str) -> bool:
    return looks_numeric(text) or bool(_STRUCK.match(text))


def _edges(figures: Sequence[Word]) -> list[float]:
    """Where one column of figures ends and the next begins, told from the line with the most figures."""
    lines: dict[int, list[Word]] = {}
    for figure in figures:
        lines.setdefault(round(figure.y), []).append(figure)
    fullest = max(lines.values(), key=len)
    longest = sorted(fullest, key=lambda f: f.x0)
    return [(a.middle + b.middle) / 2 for a, b in zip(longest, longest[1:], strict=False)]


def _split(word: Word, edges: Sequence[float]) -> list[Word]:
    """Heads that fill their columns touch: 「商业企科研机」 is cut where one column of figures ends."""
    total = max(1, display_width(word.text))
    inside = [edge for edge in edges if word.x0 + 1 < edge < word.x1 - 1]
    for match in _NUMBER_INSIDE.finditer(word.text.rstrip()):
        inside.append(word.x0 + display_width(word.text[: match.start()]) / total * (word.x1 - word.x0))
    if not inside or is_whole_label(word.text):
        return [word]
    inside.sort()
    parts = [""] * (len(inside) + 1)
    starts = [word.x0, *inside]
    at = 0
    for char in word.text:
        wide = display_width(char)
        middle = word.x0 + (at + wide / 2) / total * (word.x1 - word.x0)
        parts[sum(1 for edge in inside if edge < middle)] += char
        at += wide
    ends = [*inside, word.x1]
    return [
        replace(word, text=text.strip(), x0=a, x1=b)
        for text, a, b in zip(parts, starts, ends, strict=True)
        if text.strip()
    ]


def _columns(figures: Sequence[Word], labels: Sequence[_Label]) -> dict[int, list[tuple[int, Word]]] | None:
    """Figures by line (its number in order) with their column; None where one stands under no label."""
    middles = [label.middle for label in labels]
    narrow = min(b - a for a, b in zip(middles, middles[1:], strict=False))
    if narrow <= 0:
        return None
    lines: dict[int, list[tuple[int, Word]]] = {}
    heights: list[float] = []
    for figure in sorted(figures, key=lambda f: f.y):
        if not heights or figure.y - heights[-1] > 0.5 * figure.size:
            heights.append(figure.y)
        column = min(range(len(middles)), key=lambda i: abs(middles[i] - figure.middle))
        if abs(middles[column] - figure.middle) > 0.5 * narrow:
            return None
        line = lines.setdefault(len(heights) - 1, [])
        if any(other == column for other, _ in line):
            return None
        line.append((column, figure))
    return lines


def _applications(figures: list[Word], others: list[Word]) -> Cells | None:
    known = catalogue()
    top = min(f.y for f in figures)
    size = max(w.size for w in others)
    pool = _Words(others)
    order = ("individual", "business", "research", "public_interest", "legal_service", "other", "total")
    whole = Entry("", "", "", plain=frozenset({"申请人情况"}))
    above, group = pool.take(whole), pool.take(known.applicants["organisation"])
    heads = [pool.take(known.applicants[key]) for key in order]
    found = [head for head in heads if head is not None]
    if len(found) < 7 or any(a.middle >= b.middle for a, b in zip(found, found[1:], strict=False)):
        return None
    if max(head.heights[1] for head in found) > top:
        return None
    lines = _columns(figures, found)
    rows = _rows(pool, top - 4 * size)
    if lines is None or rows is None:
        return None
    note = [word for word in pool.left if word.y < top]
    corner = all(word.x1 < min(w.x0 for w in found[0].words) for word in note)  # 办理情况, above the rows' labels
    if len(note) < len(pool.left) or not (corner or _HEAD_NOTE.search("".join(w.text for w in note))):
        return None
    leaves = [(entry, label) for entry, label in rows if not _is_group(entry, rows)]
    beside = _beside(lines, [label for _, label in leaves])
    if beside is None:
        return None
    out: Cells = [(0, 0, 3, 3, "".join(w.text for w in note)), (0, 3, 1, 7, above.text if above else "")]
    out += [(1, 3, 2, 1, found[0].text), (1, 4, 1, 5, group.text if group else ""), (1, 9, 2, 1, found[6].text)]
    out += [(2, 3 + column, 1, 1, found[column].text) for column in range(1, 6)]
    return out + _body(rows, leaves, beside)


def _is_group(entry: Entry, rows: Sequence[tuple[Entry, _Label]]) -> bool:
    return any(other.under == entry.key for other, _ in rows)


def _rows(pool: _Words, above: float) -> list[tuple[Entry, _Label]] | None:
    """Every row label of one edition in the order of the form."""
    before = list(pool.left)
    for three in (True, False):
        pool.left = list(before)
        entries = [e for e in catalogue().rows.values() if three or e.under != "application.other"]
        groups = {e.key for e in entries if any(o.under == e.key for o in entries)}
        found: dict[str, _Label] = {}
        after = above
        for entry in [e for e in entries if e.key not in groups] + [e for e in entries if e.key in groups]:
            label = pool.take(entry, above if entry.key in groups else after)
            if label is None:
                break
            found[entry.key] = label
            if entry.key not in groups:
                after = label.heights[0]
        if len(found) == len(entries):
            return [(entry, found[entry.key]) for entry in entries]
    return None


def _beside(
    lines: dict[int, list[tuple[int, Word]]], labels: Sequence[_Label]
) -> dict[int, list[tuple[int, Word]]] | None:
    """Which line of figures stands beside which label; None where one stands beside none, or two beside one."""
    out: dict[int, list[tuple[int, Word]]] = {}
    for line in lines.values():
        y = sum(word.y for _, word in line) / len(line)
        size = line[0][1].size

        page = line[0][1].page

        def far(label: _Label, y: float = y, page: int = page) -> float:
            heights = [word.y for word in label.words if word.page == page]
            return min(abs((heights[0] + heights[-1]) / 2 - y), abs(heights[0] - y)) if heights else _NOWHERE

        nearest = min(range(len(labels)), key=lambda i: far(labels[i]))
        if far(labels[nearest]) > _BESIDE * size or nearest in out:
            return None
        out[nearest] = line
    return out if list(out) == sorted(out) else None


def _body(
    rows: Sequence[tuple[Entry, _Label]],
    leaves: Sequence[tuple[Entry, _Label]],
    beside: dict[int, list[tuple[int, Word]]],
) -> Cells:
    place = {entry.key: index for index, (entry, _) in enumerate(leaves)}
    parents = {entry.key: entry.under for entry, _ in rows}
    out: Cells = []
    for entry, label in rows:
        depth, parent = 0, entry.under
        while parent is not None:
            depth, parent = depth + 1, parents.get(parent)
        if entry.key in place:
            row = 3 + place[entry.key]
            out.append((row, depth, 1, 3 - depth, label.text))
            printed = {column: word.text for column, word in beside.get(place[entry.key], [])}
            out += [(row, 3 + column, 1, 1, printed.get(column, "")) for column in range(7)]
        else:
            under = [i for key, i in place.items() if _is_under(key, entry.key, parents)]
            out.append((3 + min(under), depth, len(under), 1, label.text))
    return out


def _is_under(key: str, group: str, parents: dict[str, str | None]) -> bool:
    parent = parents.get(key)
    return parent is not None and (parent == group or _is_under(parent, group, parents))


def _review(figures: list[Word], others: list[Word]) -> Cells | None:
    known = catalogue()
    pool = _Words(others)
    blocks = [
        pool.take(known.blocks[key]) for key in ("review", "litigation", "litigation.direct", "litigation.after_review")
    ]
    outcomes: list[_Label] = []
    for key in ("upheld", "corrected", "other", "pending", "total"):
        three = [pool.take(known.outcomes[key]) for _ in range(3)]
        outcomes += [label for label in three if label is not None]
    if any(block is None for block in blocks) or len(outcomes) < 15 or pool.left:
        return None
    heads = sorted(outcomes, key=lambda label: label.middle)
    order = [plain_label(label.text) for label in heads]
    wanted = [
        known.outcomes[key].plain for _ in range(3) for key in ("upheld", "corrected", "other", "pending", "total")
    ]
    lines = _columns(figures, heads)
    if lines is None or len(lines) != 1 or any(text not in names for text, names in zip(order, wanted, strict=True)):
        return None
    texts = [block.text for block in blocks if block is not None]
    out: Cells = [(0, 0, 1, 5, texts[0]), (0, 5, 1, 10, texts[1]), (1, 5, 1, 5, texts[2]), (1, 10, 1, 5, texts[3])]
    out += [(1, i, 2, 1, head.text) if i < 5 else (2, i, 1, 1, head.text) for i, head in enumerate(heads)]
    printed = {column: word.text for column, word in lines[0]}
    return out + [(3, column, 1, 1, printed.get(column, "")) for column in range(15)]
