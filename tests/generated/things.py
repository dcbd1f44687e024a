"""Everything the catalogue can be asked for, each with the ways people say it."""

from __future__ import annotations

from generated import form
from generated.truth import Thing
from knowledge.catalogue import Entry, catalogue

_APPLICANTS = ("individual", "organisation", *form.ORGANISATIONS)


def _words() -> dict[str, set[tuple[str, str]]]:
    """Word → the entries it can mean."""
    known = catalogue()
    owners: dict[str, set[tuple[str, str]]] = {}
    kinds = {
        "row": known.rows,
        "applicant": known.applicants,
        "block": known.blocks,
        "outcome": known.outcomes,
        "item": known.items,
        "measure": known.measures,
        "local": known.local,
    }
    for kind, entries in kinds.items():
        for entry in entries.values():
            for word in (*entry.words, entry.name, entry.label, *entry.also, *entry.loose):
                owners.setdefault(word, set()).add((kind, entry.key))
    return owners


def _own(entry: Entry, owners: dict[str, set[tuple[str, str]]]) -> list[str]:
    """Words that only this entry has; its name first. Words of one character need company."""
    every = dict.fromkeys((entry.name, *entry.words))
    return [w for w in every if len(owners[w]) == 1 and "（" not in w and len(w) > 1]


def things() -> list[Thing]:
    """All of them, with every way of saying that means nothing else."""
    owners = _words()
    return [*_applications(owners), *_reviews(owners), *_actives(owners), *_locals(owners)]


def _applications(owners: dict[str, set[tuple[str, str]]]) -> list[Thing]:
    known = catalogue()
    out = []
    for key, row in known.rows.items():
        if key == "application.outcome":
            continue
        words = _own(row, owners) or [row.name]
        if key == "application.received":
            out.append(
                Thing(
                    (key,),
                    "total",
                    "件",
                    ("收到的申请", "新收申请", "收到的信息公开申请", "依申请公开收到的", "新收到的政府信息公开申请"),
                    "application",
                )
            )
        else:
            said = [w if "申请" in w else f"{w}的申请" for w in words] + [w for w in words if "申请" not in w]
            said += [f"申请中{w}的" for w in words if "申请" not in w and "公开" in w]
            out.append(Thing((key,), "total", "件", tuple(said), "application"))
        for applicant in _APPLICANTS:
            entry = known.applicants[applicant]
            people = _own(entry, owners) if applicant != "other" else ["其他法人"]
            word = words[len(out) % len(words)] if words else row.name
            if key == "application.received":
                said = [s for p in people for s in (f"{p}提出的申请", f"{p}的申请", f"{p}申请")] + [
                    f"新收的{people[0]}申请"
                ]
            else:
                said = [
                    s
                    for i, p in enumerate(people)
                    for s in (f"{p}的申请里{words[i % len(words)]}的", f"{words[i % len(words)]}的{p}申请")
                ]
                said += [f"{people[0]}{word}"]
            out.append(Thing((key,), applicant, "件", tuple(said), "application"))
    return out


def _reviews(owners: dict[str, set[tuple[str, str]]]) -> list[Thing]:
    known = catalogue()
    out = []
    for b, block in known.blocks.items():
        blocks = _own(block, owners) or [block.name]
        for o, outcome in known.outcomes.items():
            if o == "total":
                said = [s for w in blocks for s in (w, f"{w}总计")]
            elif o == "other":
                said = [f"{w}其他结果" for w in blocks] + [f"{w}中其他结果的" for w in blocks[:3]]
            else:
                ends = _own(outcome, owners)
                said = [f"{w}{ends[i % len(ends)]}" for i, w in enumerate(blocks)] + [f"{blocks[0]}{e}的" for e in ends]
            out.append(Thing((f"{b}.{o}",), "", "件", tuple(said), "review"))
    return out


def _actives(owners: dict[str, set[tuple[str, str]]]) -> list[Thing]:
    known = catalogue()
    out = []
    for i, item in known.items.items():
        items = [w for w in _own(item, owners) if not w.endswith(("决定", "项目", "了", "过"))]
        for m in item.measures:
            measure = known.measures[m]
            words = [
                w
                for w in dict.fromkeys((measure.name, *measure.words))
                if len({k for k in owners[w] if k[0] == "measure"}) == 1 and len(owners[w]) == 1 and len(w) > 1
            ]
            said = [
                s
                for n, w in enumerate(words)
                for s in (f"{items[n % len(items)]}{w}", f"{items[(n + 1) % len(items)]}的{w}")
            ]
            if item.default == m:
                said += items
            out.append(Thing((f"{i}.{m}",), "", measure.unit or "件", tuple(said), "active"))
    # 出台 is 制作 in one edition and 制发 in the other
    for i in ("rules", "normative"):
        name = known.items[i].name
        out.append(Thing((f"{i}.made", f"{i}.issued"), "", "件", (f"新出台的{name}", f"出台{name}"), "active"))
    return out


def _locals(owners: dict[str, set[tuple[str, str]]]) -> list[Thing]:
    known = catalogue()
    return [
        Thing((key,), "", entry.unit or "条", tuple(_own(entry, owners)), "local") for key, entry in known.local.items()
    ]
