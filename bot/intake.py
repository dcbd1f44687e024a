"""Files on their way into the store: read beside each other, stored one after the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from bot.reading import content, parse, printable
from bot.settings import Settings
from db.ingest import IngestResult, keep, name_of, unchanged
from db.store import Store
from knowledge.model import Problem
from knowledge.problems import problem


def results(
    store: Store, settings: Settings, paths: Iterable[str], *, actor: str = "cli", dry_run: bool = False
) -> Iterator[IngestResult]:
    """One result for each report in each file, in order; each is stored before it is told."""
    for path in paths:
        shown = printable(path)
        data = content(path, settings)
        sha256 = "" if isinstance(data, Problem) else hashlib.sha256(data).hexdigest()
        if isinstance(data, Problem):
            yield keep(store, data, shown, sha256, actor=actor, dry_run=dry_run)
            continue
        known = unchanged(store, shown, sha256)
        if known:
            yield from known
            continue
        try:
            found = parse(data, name_of(shown))
        except Exception:  # a mistake of ours in one reader must not stop the folder
            import logging

            logging.getLogger("wenbao").critical("unexpected, reading %s", shown, exc_info=True)
            found = [problem("internal")]
        for one in found:
            yield keep(store, one, shown, sha256, actor=actor, dry_run=dry_run)
