"""What tests share: a store of its own for each, one with the samples read in, and the command line as a function."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from db.store import Store

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


@dataclass(frozen=True)
class Ran:
    """What one run of ``wenbao`` left: exit status, both streams, and stdout as JSON."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open(f"sqlite:///{tmp_path}/store.db") as opened:
        yield opened


@pytest.fixture
def shared() -> Path:
    """The folder of real reports and gold beside the repository."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with reports and gold is not here")
    return SHARED


@pytest.fixture
def wenbao(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Runs one command in an empty working directory, as ``wenbao ARGUMENTS…`` would."""
    from bot.cli import main

    working = tmp_path / "here"
    working.mkdir()
    monkeypatch.chdir(working)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.delenv("WENBAO_TELEGRAM_TOKEN", raising=False)

    def run(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ran(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture(scope="session")
def samples_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with everything of samples/, read once."""
    from bot.intake import results
    from bot.reading import files
    from bot.settings import Settings

    file = tmp_path_factory.mktemp("samples") / "samples.db"
    with Store.open(f"sqlite:///{file}") as opened:
        done = list(results(opened, Settings(), files(str(ROOT / "samples"))))
    assert {one.status for one in done} == {"added"}
    return file


@pytest.fixture
def library(samples_read: Path, tmp_path: Path) -> str:
    """The database URL of a fresh copy of the samples' store."""
    copy = tmp_path / "library.db"
    shutil.copyfile(samples_read, copy)
    return f"sqlite:///{copy}"
