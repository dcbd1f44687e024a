"""How the database is opened, read and written: one connection per thread for reading, one transaction per change.

Reads run outside transactions on a connection that each thread keeps, through statements that were turned into SQL
once (``Prepared``): a point read costs some 15 µs that way, 280 µs when its statement is built each time.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection as Connection  # handed out by write(); others name its type from here
from sqlalchemy import Engine, Table, create_engine, event, insert
from sqlalchemy.engine import URL, Dialect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool, StaticPool
from sqlalchemy.sql.expression import Executable

from knowledge.problems import sentence

Row = tuple[Any, ...]

# Seconds to wait for another process that is writing; one report takes some 20 ms
BUSY_SECONDS = 10


class StoreError(Exception):
    """The store cannot be used; the message is the code's sentence (knowledge.problems)."""

    def __init__(self, reason: str, code: str = "bad_database") -> None:
        super().__init__(sentence(code, reason=reason, name=reason))
        self.code = code


class Prepared:
    """A statement built once at module level; turned into the driver's SQL at its first use.

    Values of its ``bindparam``s are given by name. Lists (IN) are not among them: give JSON and read ``json_each``.
    Rows come as the driver gives them, so select plain columns (numbers and text) only.
    """

    __slots__ = ("_ready", "statement")

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._ready: dict[str, tuple[str, tuple[str, ...] | None, dict[str, Any]]] = {}

    def sql(self, engine: Engine, values: dict[str, Any]) -> tuple[str, Any]:
        """The driver's SQL and its parameters, as ``--explain`` shows them."""
        ready = self._ready.get(engine.dialect.name)
        if ready is None:
            compiled: Any = self.statement.compile(engine)  # type: ignore[attr-defined]
            order = tuple(compiled.positiontup) if compiled.positional else None
            fixed = {name: value for name, value in compiled.params.items() if value is not None}
            ready = self._ready[engine.dialect.name] = (str(compiled), order, fixed)
        text, order, fixed = ready
        merged = {**fixed, **values} if fixed else values
        return text, merged if order is None else tuple([merged[name] for name in order])


class Database:
    """An open database. Threads may share it; ``close`` ends every connection it gave out."""

    def __init__(self, url: str) -> None:
        self.url = _url(url)
        self.engine = _engine(self.url)
        self._local = threading.local()
        self._open: list[Connection] = []
        self._lock = threading.Lock()
        self._writing = threading.RLock()

    def _connection(self) -> Connection:
        connection: Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self.engine.connect()
            driver: Any = connection.connection.driver_connection
            self._local.connection, self._local.driver = connection, driver
            with self._lock:
                self._open.append(connection)
        return connection

    def rows(self, query: Prepared, **values: Any) -> list[Row]:
        """All rows of a prepared query."""
        try:
            driver = self._local.driver
        except AttributeError:
            self._connection()
            driver = self._local.driver
        text, parameters = query.sql(self.engine, values)
        cursor = driver.cursor()
        try:
            cursor.execute(text, parameters)
            rows: list[Row] = cursor.fetchall()
            return rows
        except self.engine.dialect.loaded_dbapi.Error as error:
            raise StoreError(_sentence(error)) from error
        finally:
            cursor.close()

    def row(self, query: Prepared, **values: Any) -> Row | None:
        """The first row, or None."""
        rows = self.rows(query, **values)
        return rows[0] if rows else None

    def execute(self, statement: Executable, values: dict[str, Any] | None = None) -> list[Row]:
        """All rows of a statement built for the occasion; its SQL is cached by SQLAlchemy where it can be."""
        with refusing():
            result = self._connection().execute(statement, values or {})
            return [tuple(row) for row in result.all()] if result.returns_rows else []

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that excludes other writers from its start; all of it is stored, or nothing."""
        with self._writing, refusing(), self.engine.connect() as connection:
            connection = connection.execution_options(wenbao_write=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Ends every connection; the database is not used afterwards."""
        with self._lock:
            for connection in self._open:
                connection.close()
            self._open.clear()
        self._local = threading.local()
        self.engine.dispose()


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Many rows with the same columns, past SQLAlchemy's own handling of each: a report has some 250 figures."""
    if not rows:
        return
    sql, order = _insert(connection.engine.dialect, table, tuple(rows[0]))
    if order is None:
        connection.execute(insert(table), rows)
        return
    connection.exec_driver_sql(sql, [tuple([row[name] for name in order]) for row in rows])


@lru_cache(maxsize=256)
def _insert(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...] | None]:
    """The driver's statement and the order of its values; None where they go by name."""
    compiled: Any = insert(table).compile(dialect=dialect, column_keys=list(columns))
    return str(compiled), tuple(compiled.positiontup) if compiled.positional else None


@contextmanager
def refusing() -> Iterator[None]:
    """Turns what the driver reports into a StoreError with a sentence."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(_sentence(error.orig or error)) from error


def _sentence(error: BaseException) -> str:
    said = str(error)
    if "locked" in said or "busy" in said:
        return f"另一个程序正在写入，等了 {BUSY_SECONDS} 秒还没空出来，请稍后再试"
    if "not a database" in said or "malformed" in said:
        return "文件不是 SQLite 数据库，或已损坏"
    if "unable to open" in said:
        return "所在的文件夹不存在，或没有读写权限"
    if "readonly" in said:
        return "文件是只读的，不能写入"
    if "full" in said:
        return "磁盘已满，没有写入"
    return said


def _url(text: str) -> URL:
    try:
        return make_url(text)
    except ArgumentError as error:
        raise StoreError(f"地址“{text}”写法不对，应像 sqlite:///wenbao.db") from error


def _engine(url: URL) -> Engine:
    sqlite = url.get_backend_name() == "sqlite"
    memory = sqlite and url.database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool if memory else NullPool}
    if sqlite:
        options["connect_args"] = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    try:
        engine = create_engine(url, **options)
    except (NoSuchModuleError, ModuleNotFoundError, ArgumentError) as error:
        raise StoreError(f"地址里的“{url.drivername}”认不得，或缺少它的驱动程序") from error
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where write() says so, not where the driver guesses
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA journal_mode = WAL")
        # with WAL this survives any killed process; a power cut may lose the last report, never damage the store
        cursor.execute("PRAGMA synchronous = NORMAL")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("wenbao_write"):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
