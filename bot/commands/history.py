"""``wenbao history``: the versions of one report, and what each changed."""

from __future__ import annotations

import click

from bot.shell import Shell, options


@click.command(name="history", short_help="列出一份报告的各个版本。")
@click.argument("report", metavar="REPORT")
@options
def command(shell: Shell, report: str) -> None:
    """列出一份报告的各个版本，和每一版改了哪些格。"""
    from bot.contract import change_json, report_json
    from db.ingest import cell_changes

    one = shell.stored(report)
    store = shell.store
    versions = store.versions(one.organisation_id, one.year)
    documents = []
    for before, version in zip([None, *versions], versions, strict=False):
        changes = list(cell_changes(store.facts(before.id), store.facts(version.id))) if before else []
        shown = {
            **report_json(version),
            "version": version.version,
            "current": version.current,
            "at": version.created_at,
        }
        documents.append({**shown, "changes": [change_json(change) for change in changes]})
        if not shell.as_json:
            mark = "（现用）" if version.current else ""
            click.echo(
                f"第 {version.version} 版 {version.key}{mark}\t{version.created_at}\t{version.source_name}"
                + (f"\t改了 {len(changes)} 格" if before else "")
            )
            for change in changes:
                where = " · ".join((*change.path, *change.column)) or change.table
                old, new = ("（无）" if raw is None else raw or "（空）" for raw in (change.old, change.new))
                click.echo(f"  {where}：{old} → {new}")
    if shell.as_json:
        shell.document({"versions": documents})
