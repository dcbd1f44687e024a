"""Which body a report belongs to: the one rule that keeps two 城关镇人民政府 apart and one 阳明街道办事处 together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import names
from knowledge.places import contradict
from knowledge.text import fold, squeeze

# province, city, county; None where not known
Place = tuple[str | None, str | None, str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """A body in the store: its id, full name and place."""

    id: int
    full_name: str
    place: Place


def folded_name(printed: str) -> str:
    """A name as it is compared: folded, without blanks."""
    return fold(squeeze(printed)).text


def full_name(org: str, signature: str | None) -> str:
    """The longest official name a report gives its body.

    The signature often names the place that the title leaves out (余姚市人民政府阳明街道办事处 beside
    阳明街道办事处); it counts where it means the same body.
    """
    own, signed = squeeze(org), squeeze(signature or "")
    return signed if len(signed) > len(own) and _alike(folded_name(own), folded_name(signed)) else own


def names_to_look_up(full: str) -> list[str]:
    """Every name that a stored body must share with ``full`` to be the same: it, its short forms, its endings."""
    own = folded_name(full)
    endings = [own[start:] for start in range(1, len(own) - 1)]
    return list(dict.fromkeys([own, *map(folded_name, names.short_names(own, ())), *endings]))


def same_body(full: str, place: Place, known: Sequence[Known]) -> int | None:
    """The id of the known body that ``full`` (at ``place``) is another printing of; None if it is a new one.

    The same name, another form of it (街道/街道办事处), or one with its place in front; never two whose places
    contradict. Where that fits several (城关镇人民政府 beside those of two counties), or the bare name says nothing of
    its own (市场监督管理局), it is a new one: a second entry makes the assistant ask back, a wrong one would give a
    wrong figure.
    """
    own = folded_name(full)
    near = [one for one in known if not contradict(one.place, place)]
    same = [one for one in near if folded_name(one.full_name) == own]
    near = same or [one for one in near if _alike(own, folded_name(one.full_name)) and _says_whose(own, one, place)]
    here = [one for one in near if any(place) and one.place == place]
    found = here if len(here) == 1 else near
    return found[0].id if len(found) == 1 else None


def _alike(one: str, other: str) -> bool:
    """A government and its office report each on its own, whatever else they share."""
    return names.split(one).kind == names.split(other).kind and names.same_body(one, other)


def _says_whose(own: str, other: Known, place: Place) -> bool:
    """Whether the shorter of two alike names is more than the name of an office that every county has."""
    bare = [name for name in (names.split(own), names.split(folded_name(other.full_name))) if not name.places]
    if not bare or bare[0].kind in ("street", "town", "branch"):
        return True
    return (any(place) and place == other.place) or (bare[0].kind == "zone" and bool(bare[0].core))
