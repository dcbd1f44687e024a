"""config.toml: every key has a default, a wrong one is named in one sentence, the environment wins."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from bot.settings import ConfigError, Settings, load

ROOT = Path(__file__).resolve().parent.parent


def written(folder: Path, text: str) -> str:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_without_a_file_everything_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None, {}) == Settings()


def test_the_shipped_file_says_the_defaults() -> None:
    assert load(str(ROOT / "config.toml"), {}) == Settings()


def test_the_shipped_file_has_every_key_each_with_a_comment() -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    keys = {(section, key) for section, table in tomllib.loads(text).items() for key in table}
    known = {(s.name, f.name) for s in fields(Settings) for f in fields(getattr(Settings(), s.name)) if f.name != "token"}
    assert keys == known
    for line in text.splitlines():
        if re.match(r"\w+ =", line):
            assert " # " in line, f"no comment: {line}"


def test_the_file_of_the_working_directory_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text('[database]\nurl = "sqlite:///mine.db"\n')
    assert load(None, {}).database.url == "sqlite:///mine.db"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_from_a_windows_editor_is_read(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes("# 设置\r\n[admins]\r\ntelegram_ids = [1, 2]\r\n".encode(encoding))
    assert load(str(file), {}).admins.telegram_ids == (1, 2)


ENVIRONMENT = [
    ({"WENBAO_DATABASE_URL": "sqlite:///x.db"}, lambda s: s.database.url == "sqlite:///x.db"),
    ({"WENBAO_LIMITS_PER_USER_PER_MINUTE": "5"}, lambda s: s.limits.per_user_per_minute == 5),
    ({"WENBAO_ADMINS_TELEGRAM_IDS": "12, 34"}, lambda s: s.admins.telegram_ids == (12, 34)),
    ({"WENBAO_ADMINS_TELEGRAM_IDS": "[12，34]"}, lambda s: s.admins.telegram_ids == (12, 34)),
    ({"WENBAO_ADMINS_TELEGRAM_IDS": ""}, lambda s: s.admins.telegram_ids == ()),
    ({"WENBAO_TELEGRAM_MODE": "webhook"}, lambda s: s.telegram.mode == "webhook"),
    ({"WENBAO_TELEGRAM_TOKEN": " 1:abc\n"}, lambda s: s.telegram.token == "1:abc"),
    ({"WENBAO_TELEGRAM_TOKEN": ""}, lambda s: s.telegram.token is None),
    ({"WENBAO_HOME": "/somewhere", "PATH": "x"}, lambda s: s == Settings()),
]


@pytest.mark.parametrize(("environment", "holds"), ENVIRONMENT, ids=[str(e) for e, _ in ENVIRONMENT])
def test_the_environment_wins(tmp_path: Path, environment: dict[str, str], holds: object) -> None:
    file = written(tmp_path, "")
    assert callable(holds) and holds(load(file, environment))


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[database]\nurl = "sqlite:///file.db"\n')
    assert load(file, {"WENBAO_DATABASE_URL": "sqlite:///here.db"}).database.url == "sqlite:///here.db"


def test_the_token_is_not_shown() -> None:
    assert "abcxyz" not in repr(load(None, {"WENBAO_TELEGRAM_TOKEN": "1:abcxyz"}))


WRONG = [
    ("[database]\nuri = 'x'", {}, "database.uri"),
    ("[databse]\nurl = 'x'", {}, "databse"),
    ("url = 'x'", {}, "url"),
    ("[database]\nurl = 7", {}, "database.url"),
    ("[telegram]\nadapter = 'discord'", {}, "telegram.adapter"),
    ("[telegram]\nmode = 'pull'", {}, "telegram.mode"),
    ("[telegram]\ntoken = '1:abc'", {}, "WENBAO_TELEGRAM_TOKEN"),
    ("[telegram]\napi_base = 'api.telegram.org'", {}, "telegram.api_base"),
    ("[telegram]\nwebhook_url = 'bot.example.cn/telegram'", {}, "telegram.webhook_url"),
    ("[telegram]\nwebhook_listen = '8080'", {}, "telegram.webhook_listen"),
    ("[telegram]\nwebhook_secret = '口令'", {}, "telegram.webhook_secret"),
    ("", {"WENBAO_TELEGRAM_API_BASE": "localhost:8081"}, "WENBAO_TELEGRAM_API_BASE"),
    ("[admins]\ntelegram_ids = 5", {}, "admins.telegram_ids"),
    ("[admins]\ntelegram_ids = ['5']", {}, "admins.telegram_ids"),
    ("[admins]\ntelegram_ids = [true]", {}, "admins.telegram_ids"),
    ("[limits]\nper_user_per_minute = '20'", {}, "limits.per_user_per_minute"),
    ("[limits]\nper_user_per_minute = 0", {}, "limits.per_user_per_minute"),
    ("[limits]\nseconds = true", {}, "limits.seconds"),
    ("[limits]\nseconds = 1.5", {}, "limits.seconds"),
    ("[limits\n", {}, "settings.toml"),
    ("admins = 5", {}, "admins"),
    ("", {"WENBAO_LIMITS_SECONDS": "soon"}, "WENBAO_LIMITS_SECONDS"),
    ("", {"WENBAO_ADMINS_TELEGRAM_IDS": "me"}, "WENBAO_ADMINS_TELEGRAM_IDS"),
    ("", {"WENBAO_DATABASE_URI": "x"}, "WENBAO_DATABASE_URI"),
    ("", {"WENBAO_TELEGRAM_ADAPTER": "x"}, "WENBAO_TELEGRAM_ADAPTER"),
]


@pytest.mark.parametrize(("text", "environment", "named"), WRONG, ids=[f"{t!r} {e or ''}" for t, e, _ in WRONG])
def test_a_wrong_setting_is_named_in_one_sentence(
    tmp_path: Path, text: str, environment: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        load(written(tmp_path, text), environment)
    assert named in str(refused.value) and "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="没有这个文件"):
        load(str(tmp_path / "none.toml"), {})


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes("# 设置".encode("gb18030"))
    with pytest.raises(ConfigError, match="UTF-8"):
        load(str(file), {})
