"""Commands that look: is the installation sound, is the journal what it was, who may what?"""

from dataclasses import asdict

import click

from wayhome.config.commands.shell import (
    EXIT_FAILED,
    Failure,
    as_json,
    bureau,
    readable_file,
    say,
    say_json,
)
from wayhome.config.folder import Folder


@click.command()
@click.option("--deep", is_flag=True, help="Read every page, journal entry and file too.")
@as_json
def doctor(deep: bool, as_json: bool) -> int:
    """Say what is wrong with this installation, and how to mend it."""
    from wayhome.config.doctor import examine

    findings = examine(Folder.current(), deep=deep)
    ill = [one for one in findings if not one.ok]
    if as_json:
        say_json({"ok": not ill, "findings": [asdict(one) for one in findings]})
    else:
        for one in findings:
            say(f"{'ok  ' if one.ok else 'ILL '} {one.part}: {one.what}")
            if one.remedy:
                say(f"     → {one.remedy}")
    return EXIT_FAILED if ill else 0


@click.group()
def journal() -> None:
    """The journal of every look and every change."""


@journal.command("verify")
@click.option("--witness", metavar="FILE", help="Checkpoints that somebody outside has kept.")
@as_json
def verify_journal(witness: str | None, as_json: bool) -> int:
    """Find any change, gap or reordering in the journal, and name the first bad entry."""
    kept_outside = readable_file(witness) if witness else None
    with bureau():
        from wayhome.bureau.journal.verification import verify

        finding = verify(kept_outside)
    if as_json:
        say_json(finding.as_dict())
    elif finding.ok:
        waiting = f", {finding.waiting} wait for their place" if finding.waiting else ""
        say(f"{finding.entries} entries, {finding.checkpoints} checkpoints: sound{waiting}.")
    else:
        raise Failure(
            f"The journal is not what it was, from entry {finding.first_bad}: {finding.what}"
        )
    return 0 if finding.ok else EXIT_FAILED


@click.command()
@as_json
def access(as_json: bool) -> None:
    """Print who is served at which address."""
    with bureau():
        from wayhome.config.access import table

        rows = table()
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say(f"{row['method']:<5} {row['url'] or row['pattern']:<60} {', '.join(row['allow'])}")
