"""What a reader's process hands back, as JSON: no pickle, so that a process taken over by a file can only tell lies,
not run anything here.

A report has some 250 figures of 15 values each: what is to be done with each field is put together once for a class.
"""

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from knowledge.model import Problem, Report

Result = Report | Problem
# A JSON value as a value of the model; ValueError, TypeError or ArithmeticError where it is none
_Make = Callable[[Any], Any]


def dumps(results: Sequence[Result]) -> bytes:
    """The results as bytes."""
    return json.dumps(
        [[type(one).__name__, one] for one in results], ensure_ascii=False, separators=(",", ":"), default=_plain
    ).encode("utf-8", "surrogatepass")


def loads(data: bytes) -> list[Result]:
    """The results again; ValueError for anything that is not exactly of the model."""
    out: list[Result] = []
    try:
        for name, value in json.loads(data.decode("utf-8", "surrogatepass")):
            kind: Any = {"Report": Report, "Problem": Problem}[name]
            out.append(_maker(kind)(value))
    except (TypeError, KeyError, IndexError, ArithmeticError, RecursionError) as error:
        raise ValueError("not a result") from error
    return out


def _plain(value: Any) -> Any:
    """What JSON does not know by itself."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return _values(value.__class__)(value)
    raise TypeError(f"not of the model: {type(value)}")


@cache
def _values(kind: type) -> Callable[[Any], tuple[Any, ...]]:
    """All fields of a data class as a tuple; every class of the model has two or more."""
    return attrgetter(*(one.name for one in fields(kind)))


@cache
def _maker(kind: Any) -> _Make:
    """Values of the annotated type: plain values, unions with None, tuples and data classes."""
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return _one_from(typing.get_args(kind))
    if origin in (typing.Union, types.UnionType):
        return _first_that_fits(typing.get_args(kind))
    if origin is tuple:
        return _many(typing.get_args(kind)[0])
    if is_dataclass(kind) and isinstance(kind, type):
        return _instances(kind)
    if kind is Decimal:
        return lambda value: Decimal(_exactly(str)(value))
    if kind is date:
        return lambda value: date.fromisoformat(value)
    return _exactly(kind)


def _exactly(kind: type) -> _Make:
    def make(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"not a {kind}")
        return value

    return make


def _one_from(allowed: tuple[Any, ...]) -> _Make:
    def make(value: Any) -> Any:
        if value not in allowed:
            raise ValueError(f"not one of {allowed}")
        return value

    return make


def _first_that_fits(kinds: tuple[Any, ...]) -> _Make:
    makers = [_maker(one) for one in kinds if one is not types.NoneType]
    optional = types.NoneType in kinds
    if optional and len(makers) == 1:
        (only,) = makers
        return lambda value: None if value is None else only(value)

    def make(value: Any) -> Any:
        if value is None and optional:
            return None
        for one in makers:
            try:
                return one(value)
            except (ValueError, TypeError, ArithmeticError):
                continue
        raise ValueError("no type fits")

    return make


def _many(inner: Any) -> _Make:
    one = _maker(inner)

    def make(value: Any) -> Any:
        if not isinstance(value, list):
            raise ValueError("not a list")
        return tuple([one(part) for part in value])

    return make


def _instances(kind: type) -> _Make:
    hints = typing.get_type_hints(kind)
    makers = [_maker(hints[one.name]) for one in fields(kind)]

    def make(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(makers):
            raise ValueError(f"not a {kind}")
        return kind(*[one(part) for one, part in zip(makers, value, strict=True)])

    return make
