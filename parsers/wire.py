"""What a reader's process hands back, as JSON: no pickle, so that a process taken over by a file can only tell lies,
not run anything here."""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from knowledge.model import Problem, Report

Result = Report | Problem


def dumps(results: Sequence[Result]) -> bytes:
    """The results as bytes."""
    return json.dumps(
        [[type(one).__name__, _plain(one)] for one in results], ensure_ascii=False, separators=(",", ":")
    ).encode("utf-8", "surrogatepass")


def loads(data: bytes) -> list[Result]:
    """The results again; ValueError for anything that is not exactly of the model."""
    out: list[Result] = []
    try:
        for name, value in json.loads(data.decode("utf-8", "surrogatepass")):
            kind: type[Report] | type[Problem] = {"Report": Report, "Problem": Problem}[name]
            out.append(_made(kind, value))
    except (TypeError, KeyError, IndexError, ArithmeticError, RecursionError) as error:
        raise ValueError("not a result") from error
    return out


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if is_dataclass(value):
        return [_plain(getattr(value, name)) for name, _ in _fields(value.__class__)]
    return value


@cache
def _fields(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((one.name, hints[one.name]) for one in fields(kind))


def _made(kind: Any, value: Any) -> Any:
    """``value`` as the annotated type; the model's fields are plain values, unions with None, tuples and data classes."""
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        if value not in typing.get_args(kind):
            raise ValueError(f"not one of {kind}")
        return value
    if origin in (typing.Union, types.UnionType):
        return _one_of(typing.get_args(kind), value)
    if origin is tuple:
        inner = typing.get_args(kind)[0]
        return tuple(_made(inner, one) for one in value)
    if is_dataclass(kind) and isinstance(kind, type):
        given = _fields(kind)
        if not isinstance(value, list) or len(value) != len(given):
            raise ValueError(f"not a {kind}")
        return kind(*(_made(hint, one) for (_, hint), one in zip(given, value, strict=True)))
    if kind is Decimal:
        return Decimal(value)
    if kind is date:
        return date.fromisoformat(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"not a {kind}")
    return value


def _one_of(kinds: tuple[Any, ...], value: Any) -> Any:
    if value is None and type(None) in kinds:
        return None
    last: Exception = ValueError("no type fits")
    for kind in kinds:
        if kind is type(None):
            continue
        try:
            return _made(kind, value)
        except (ValueError, TypeError, ArithmeticError) as error:
            last = error
    raise ValueError("no type fits") from last
