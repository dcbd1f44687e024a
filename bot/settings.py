"""config.toml as data classes: every key has its default here, a wrong one is named in one sentence."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from knowledge.problems import sentence

DEFAULT_FILE = "config.toml"
TOKEN = "WENBAO_TELEGRAM_TOKEN"


# how some texts have to look, and what is said of one that does not
_ADDRESS = {"like": r"https?://[^\s/]+.*", "said": "应以 https:// 或 http:// 开头"}
_PORT = {"like": r"\S+:\d{1,5}", "said": "应是地址加端口，如 127.0.0.1:8080"}
_SECRET = {"like": r"[A-Za-z0-9_-]{0,256}", "said": "只能用英文字母、数字、_ 和 -，最多 256 个"}


class ConfigError(Exception):
    """A setting is wrong; the message is one sentence that names it."""

    code = "bad_config"

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(sentence("bad_config", key=key, reason=reason))


@dataclass(frozen=True, slots=True)
class Database:
    """``url``: where the store is, as SQLAlchemy writes it."""

    url: str = "sqlite:///wenbao.db"


@dataclass(frozen=True, slots=True)
class Telegram:
    """How the bot reaches Telegram. ``token`` comes from the environment only; None where it is not set."""

    adapter: str = field(default="ptb", metadata={"among": ("ptb", "aiogram")})
    mode: str = field(default="polling", metadata={"among": ("polling", "webhook")})
    api_base: str = field(default="https://api.telegram.org", metadata=_ADDRESS)
    webhook_listen: str = field(default="127.0.0.1:8080", metadata=_PORT)
    webhook_url: str = field(default="https://bot.example.cn/telegram", metadata=_ADDRESS)
    webhook_secret: str = field(default="", metadata=_SECRET)
    choices_for: str = field(default="asker", metadata={"among": ("asker", "anyone")})
    token: str | None = field(default=None, repr=False, metadata={"hidden": True})


@dataclass(frozen=True, slots=True)
class Admins:
    """Who may change the store, by the platform's own numbers."""

    telegram_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """Questions per person and minute; what reading one file may cost (seconds, MB, pages)."""

    per_user_per_minute: int = 20
    seconds: int = 30
    memory_mb: int = 1024
    input_mb: int = 20
    unpacked_mb: int = 200
    pages: int = 2000


@dataclass(frozen=True, slots=True)
class Settings:
    """All of config.toml, environment applied."""

    database: Database = field(default_factory=Database)
    telegram: Telegram = field(default_factory=Telegram)
    admins: Admins = field(default_factory=Admins)
    limits: Limits = field(default_factory=Limits)


_SECTIONS: dict[str, type] = {"database": Database, "telegram": Telegram, "admins": Admins, "limits": Limits}


def load(file: str | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from ``file`` (default: config.toml of the working directory, if there is one) and the environment."""
    environment = os.environ if environment is None else environment
    written = _written(file)
    for section, table in written.items():
        if section not in _SECTIONS:
            raise ConfigError(section, f"没有这一段；能写的是 {'、'.join(_SECTIONS)}")
        if not isinstance(table, dict):
            raise ConfigError(section, f"应写成一段 [{section}]")
    parts = {
        section: _section(section, kind, written.get(section, {}), environment) for section, kind in _SECTIONS.items()
    }
    return Settings(**parts)


def _written(file: str | None) -> dict[str, Any]:
    path = Path(file or DEFAULT_FILE)
    if file is None and not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise ConfigError(str(path), "没有这个文件") from None
    except OSError as error:
        raise ConfigError(str(path), f"读不了这个文件（{error.strerror}）") from error
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), "文件不是 UTF-8 编码") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"不是合格的 TOML（{error}）") from error


def _section(section: str, kind: type, table: dict[str, Any], environment: Mapping[str, str]) -> Any:
    known = {f.name: f for f in fields(kind) if not f.metadata.get("hidden")}
    for key in table:
        if key == "token" and section == "telegram":
            raise ConfigError(f"{section}.{key}", f"令牌不写在文件里，只从环境变量 {TOKEN} 读")
        if key not in known:
            raise ConfigError(f"{section}.{key}", f"没有这一项；能写的是 {'、'.join(known)}")
    values = {key: _checked(f"{section}.{key}", known[key], value) for key, value in table.items()}
    prefix = f"WENBAO_{section.upper()}_"
    for name, value in environment.items():
        key = name.removeprefix(prefix).lower()
        if not name.startswith(prefix) or name == TOKEN:
            continue
        if key not in known:
            raise ConfigError(name, f"没有这一项；能写的是 {'、'.join(prefix + k.upper() for k in known)}")
        values[key] = _checked(name, known[key], _from_text(name, known[key].default, value))
    if section == "telegram":
        values["token"] = environment.get(TOKEN, "").strip() or None
    return kind(**values)


def _from_text(name: str, default: Any, text: str) -> Any:
    """An environment variable is text: 「20」, 「1, 2」."""
    try:
        if isinstance(default, int):
            return int(text)
        if isinstance(default, tuple):
            return [
                int(part)
                for part in text.replace("[", "").replace("]", "").replace("，", ",").split(",")
                if part.strip()
            ]
    except ValueError:
        raise ConfigError(name, f"应是整数，写的是“{text}”") from None
    return text


def _checked(name: str, known: Any, value: Any) -> Any:
    """The value in its own type, or a ConfigError that names the key."""
    default, among = known.default, known.metadata.get("among")
    if isinstance(default, str):
        if not isinstance(value, str):
            raise ConfigError(name, f"应是文字，写的是 {value!r}")
        if among and value not in among:
            raise ConfigError(name, f"只能是 {' 或 '.join(among)}，写的是“{value}”")
        if "like" in known.metadata and not re.fullmatch(known.metadata["like"], value):
            raise ConfigError(name, f"{known.metadata['said']}，写的是“{value}”")
        return value
    if isinstance(default, tuple):
        if not isinstance(value, list) or any(isinstance(one, bool) or not isinstance(one, int) for one in value):
            raise ConfigError(name, f"应是一列整数，如 [123456789]，写的是 {value!r}")
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise ConfigError(name, f"应是大于 0 的整数，写的是 {value!r}")
    return value
