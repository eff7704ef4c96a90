"""The open ledger: rows in and out, and operations, the one path on which anything changes."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlite_utils import Database

from db.errors import Conflict, Damaged, Drifted, InUse, Refused, UserError
from db.records.entities import ENTITIES
from db.records.fields import Entity, Row
from db.records.kinds import Ref, Refs, Value
from db.storage import access, closed, history, keys, mark, schema, seal, uids, vault
from db.storage.attachment_files import FileBox
from db.storage.driver_errors import translate
from db.storage.keys import Secret
from db.storage.migrations import MIGRATIONS

# The history that a record shows the last row of.
HISTORY_OF = {entity.latest.of: entity for entity in ENTITIES if entity.latest is not None}
_OUTSIDE = "nothing is written outside an operation"
_BATCH = 1000  # rows written by one call


@dataclass
class Operation:
    """One change as the user knows it: a title, one transaction, one undo step. `id` is None if nothing changed."""

    id: int | None
    title: str
    touched: frozenset[str] = field(default=frozenset())


class Store:
    """One open data file. Belongs to one thread at a time."""

    def __init__(
        self, db: Database, files: FileBox | None = None, actor: str = "", path: Path | None = None,
        secret: Secret | None = None, origin: str = "", opened: vault.Opened | None = None,
    ) -> None:  # fmt: skip
        """Bring the schema up to date and make sure that the audit triggers stand."""
        self.db = db
        self.path, self.secret = path, secret  # None in memory
        self.files = files
        self.opened = opened or vault.Opened(db, None)
        self.actor = actor
        self.origin = origin or uids.new()  # the installation that writes, or this session alone
        self._running: Operation | None = None
        self._mark_key = secret.log_key() if secret else None
        self._watch = mark.Watch(self.marks, self._mark_key) if self._mark_key else None
        # What is known once it was asked for, since nobody else writes: the last seal, and whether a period is archived.
        self._seal: bytes | None = None
        self._archived: bool | None = None
        self._cursor = driver.Cursor(db.conn)  # of every operation: making one costs as much as a small statement
        self.log_key = access.log_key(db, secret) if secret else None  # None in memory: nothing is sealed there
        self.read_only = vault.is_read_only(db) or self.opened.copied
        marks = self._marks()  # read before the log is: another program may be writing
        if not self.read_only or self.opened.copied:
            unsealed = any(m.name == "m005_ids_for_ever" for m in MIGRATIONS.pending(db))
            with db.atomic():  # all of it or nothing: no other start may find a ledger that is half brought up to date
                MIGRATIONS.apply(db)
                history.install_triggers(db)
                if unsealed and self.log_key:
                    seal.seal_all(db, self.log_key)
        if self.opened.copied:
            db.execute("PRAGMA query_only = ON")
        self.put_back = any(self._passed(m) for m in marks)
        if found := schema.drift(db):
            if path is None:
                raise AssertionError("; ".join(found))  # our own migrations and declarations: a bug
            raise Drifted(
                f"台账里表的结构与程序不符，被别的程序改动过：{path.name}。没有再改动它；请从备份恢复，或运行 boai verify 查看"
            )

    @staticmethod
    def create(path: Path, password: str | None = None) -> "tuple[Store, Secret]":
        """Make a new data file; return the open store and the secret whose code is to be shown once."""
        opened, secret = vault.create(path, password)
        store = Store._of(path, secret, opened)
        if password is not None:
            with store.operation("设置密码", "event", detail="第 1 次"):
                access.put(store.db, "slot_generation", "1")
                access.put(store.db, "password", "required")
        return store, secret

    @staticmethod
    def open(
        path: Path, password: str | None = None, recovery_code: str | None = None, *, read_only: bool = False
    ) -> "Store":
        """Open a data file; raises the `DataFileError` that says what is wrong.

        `read_only` leaves every byte of it as it is.
        """
        secret = vault.unlock(path, password, recovery_code)
        store = Store._of(path, secret, vault.open_file(path, secret, read_only))
        store._welcome(path, secret)
        return store

    @staticmethod
    def reopen(path: Path, secret: Secret, *, read_only: bool = False) -> "Store":
        """Open a data file with the secret that an open store had, after it was closed for a restore or a new code."""
        return Store._of(path, secret, vault.open_file(path, secret, read_only))

    def _welcome(self, path: Path, secret: Secret) -> None:
        """The right key was there: the waits after wrong passwords end, and the log learns of them when it is written."""
        folder = vault.data_folder()
        access.was_right(folder, path)
        if secret.by == "operator":
            self.act_as(access.operators(self.db)[secret.who].name)
        if vault.is_read_only(self.db) or self.opened.damaged:
            return
        count, last = access.unlogged(folder, path)
        if count:
            at = dt.datetime.fromtimestamp(last, dt.UTC).isoformat(timespec="seconds")
            self.note(f"打开之前输错密码 {count} 次", f"最后一次 {at}")
            access.was_logged(folder, path)
        if left := access.gone(self.db):
            with self.operation("取消离开的人的密码", "event", detail=f"{len(left)} 个"):
                for who in left:
                    access.put_operator(self.db, who, None)
        if secret.by == "code" and not access.fact(self.db, "code_confirmed"):
            with self.operation("核对恢复码", "event", detail="用恢复码打开"):
                access.put(self.db, "code_confirmed", secret.name())

    @staticmethod
    def _of(path: Path, secret: Secret, opened: vault.Opened) -> "Store":
        # Who only reads leaves nothing behind.
        origin = "" if opened.lock is None else uids.installation(vault.data_folder())
        try:
            box = FileBox(path, secret.file_key())
            return Store(opened.db, box, path=path, secret=secret, origin=origin, opened=opened)
        except BaseException as error:
            vault.shut(opened)
            raise (translate(error) if isinstance(error, driver.DatabaseError) else error) from None

    @staticmethod
    def memory() -> "Store":
        """Return an empty store that lives in memory alone."""
        return Store(vault.open_memory())

    def set_password(self, password: str, *, keep_account: bool = False) -> None:
        """Let the ledger be opened with another password; logged, without the password.

        From then on a password is required, and this account's own slot is gone, unless `keep_account`. Where it fails,
        what opened before opens still. Raises `UserError` for a password too short, `DiskTrouble`.
        """
        path, secret = self.path, self.secret
        if path is None or secret is None:
            raise UserError("这份台账只在内存里，不需要密码")

        def take_up(generation: int) -> None:
            with self.operation("设置密码" if generation == 1 else "更换密码", "event", detail=f"第 {generation} 次"):
                access.put(self.db, "slot_generation", str(generation))
                access.put(self.db, "password", "" if keep_account else "required")

        vault.set_password(path, self.db, secret, password, take_up)
        self.secret = replace(secret, generation=access.generation(self.db))  # opens it again in this session
        if not keep_account:
            keys.forget_account_slots(vault.data_folder(), vault.id_of(self.db))

    def close(self) -> None:
        """Close cleanly; the data file is one file afterwards."""
        if self.files is not None:
            self.files.tidy()
        if self._watch is not None:
            self._watch.let_go()
        vault.shut(self.opened)

    def __enter__(self) -> "Store":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # The high-water mark

    @cached_property
    def marks(self) -> tuple[Path, ...]:
        """Where the marks of this ledger lie; none in memory."""
        if self.path is None:
            return ()
        return mark.places(self.path, vault.data_folder(), vault.id_of(self.db))

    def _marks(self) -> list[mark.Mark]:
        key = self._mark_key
        return [found for place in self.marks if key and (found := mark.read(place, key))]

    def _passed(self, known: mark.Mark) -> bool:
        """Whether the log does not hold what it is known to have held: it was shortened, or an old file put back."""
        row = self.db.execute("SELECT seal FROM operation WHERE id = ?", [known.number]).fetchone()
        return row is None or row[0] != known.seal

    def mark_anew(self) -> None:
        """Take the log as it stands for the last there is: after a restore, or where somebody has said that it is so."""
        row = self.db.execute("SELECT id, seal FROM operation ORDER BY id DESC LIMIT 1").fetchone()
        if self._watch is not None:
            self._watch.let_go()
        for place in self.marks if row and row[1] and self._mark_key else ():
            assert self._mark_key
            mark.replace(place, self._mark_key, mark.Mark(int(row[0]), row[1]))
        self.put_back = False

    # Reading

    def query(self, sql: str, parameters: Sequence[Any] | dict[str, Any] = ()) -> list[dict[str, Any]]:
        """Return all rows of a read as dicts (for the modules of this package alone)."""
        cursor = self.db.execute(sql, parameters)
        names = [c[0] for c in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def rows(self, entity: Entity, limit: int = -1, names: Iterable[str] = ()) -> list[Row]:
        """Return every row of a record (or the first ones), in its declared order, each with its ``id``.

        `names`: only these fields of it, where nothing else is needed of very many rows.
        """
        wanted = ", ".join(dict.fromkeys(("id", *names))) if names else "*"
        return self.query(f"SELECT {wanted} FROM {entity.name} ORDER BY {entity.order_by} LIMIT ?", [limit])

    def row(self, entity: Entity, row_id: int) -> Row | None:
        """Return one row, or None."""
        found = self.query(f"SELECT * FROM {entity.name} WHERE id = ?", [row_id])
        return found[0] if found else None

    def count(self, entity: Entity) -> int:
        """Return how many rows a record has."""
        return int(self.db.execute(f"SELECT count(*) FROM {entity.name}").fetchone()[0])

    def office(self, as_of: dt.date | None = None) -> dict[str, str]:
        """Return what is known of the office itself: item code to text; on a day, or the last that was said."""
        rows = self.db.execute(
            """SELECT item, content FROM office WHERE start_on IS NULL OR start_on <= ?
                ORDER BY ifnull(start_on, '')""",
            [(as_of or dt.date.max).isoformat()],
        ).fetchall()
        return {item: content for item, content in dict(rows).items() if content is not None}

    # Changing

    def act_as(self, actor: str) -> None:
        """Let the history name another person from now on."""
        self.actor = actor

    @contextmanager
    def operation(
        self, title: str, kind: str = "do", target: int | None = None, detail: str = ""
    ) -> Iterator[Operation]:
        """Run one change: everything inside is kept together, or nothing of it.

        On leaving, `touched` names the records that changed; an operation without changes leaves no trace
        (except an ``event``, which is logged for its own sake).
        """
        if self._running is not None:
            raise AssertionError("an operation is running already")
        if self.opened.damaged:
            raise Damaged("台账文件已损坏，现在只能查看，没有保存。请从最近一份好的备份恢复")
        if self.read_only:
            raise InUse("这份台账现在只能查看（它正在别处打开着，或这里不能写入），没有保存。请关闭那边，再重新打开")
        sealed: mark.Mark | None = None
        archived = self._archived
        try:
            with self._transaction():
                at = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
                uid = uids.new()
                ((number, entry),) = self._run(
                    "INSERT INTO operation (uid, origin, kind, target_id, title, detail, actor, at)"
                    f" VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id, {seal.OPERATION}",
                    [uid, self.origin, kind, target, title, detail, self.actor, at],
                )
                running = self._running = Operation(int(number), title)
                self._run("INSERT INTO working (operation_id) VALUES (?)", [number])
                yield running
                changes = self._run(seal.CHANGES, [number])
                running.touched = frozenset(record for record, _ in changes)
                self._run("DELETE FROM working")
                if changes and kind != "event" and (archived is not False or "quarter_step" in running.touched):
                    archived = closed.refuse(self.db, number)
                if not changes and kind != "event":
                    self._run("DELETE FROM operation WHERE id = ?", [number])
                    running.id = None
                elif self.log_key:
                    if self._seal is None:
                        self._seal = seal.last_seal(self.db, self.origin, number)
                    made = seal.sealed(self.log_key, uid, entry, [change for _, change in changes], self._seal)
                    self._run(seal.TO_SEAL, [*made, number])
                    sealed = mark.Mark(number, made[1])
            self._archived = None if kind == "event" and changes else archived
            if sealed is not None:
                self._seal = sealed.seal
                if self._watch is not None and not self.put_back:
                    self._watch.follow(sealed)
        except (Damaged, driver.DatabaseError) as error:
            if isinstance(told := translate(error), Damaged):
                self.opened.damaged = self.opened.damaged or 1  # nothing more is written into a damaged file
            raise told from None
        finally:
            self._running = None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._run("BEGIN")
        try:
            yield
            self._run("COMMIT")
        except BaseException:
            if self.db.conn.in_transaction:  # a full disk may have taken it back already
                self._run("ROLLBACK")
            raise

    def _run(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        """Run a statement of an operation, whose errors are translated at its end; return its rows."""
        return self._cursor.execute(sql, parameters).fetchall()  # type: ignore[no-any-return]

    def save(self, entity: Entity, values: Row) -> int:
        """Insert a row, or update the one whose ``id`` is given; return its id. Inside an operation only."""
        names = [f.name for f in entity.fields if f.name in values]
        if (row_id := values.get("id")) is not None:
            sets = ", ".join(f"{n} = ?" for n in names)
            before = self._shown_of(entity, [int(row_id)])
            self._write(f"UPDATE {entity.name} SET {sets} WHERE id = ?", [[*(values[n] for n in names), row_id]])
            self._keep_history(entity, [int(row_id)], before)
            return int(row_id)
        marks = ", ".join("?" * len(names))
        if self._running is None:
            raise AssertionError(_OUTSIDE)
        # The audit trigger inserts too, so the connection's last row id is not this row's.
        sql = f"INSERT INTO {entity.name} (uid, {', '.join(names)}) VALUES (?, {marks}) RETURNING id"
        try:
            ((new_id,),) = self._run(sql, [uids.new(), *(values[n] for n in names)])
        except driver.IntegrityError as error:
            raise translate(error) from None
        self._keep_history(entity, [new_id])
        return int(new_id)

    def insert_many(self, entity: Entity, rows: Iterable[Row]) -> None:
        """Insert whole rows (every field present, ``id`` too) in one go. Inside an operation only."""
        names = ["id", *(f.name for f in entity.fields)]
        marks = ", ".join("?" * len(names))
        sql = f"INSERT INTO {entity.name} ({', '.join(names)}, uid) VALUES ({marks}, ?)"
        values, rest = itemgetter(*names), iter(rows)
        has_history = entity.latest is not None or entity.name in HISTORY_OF
        while batch := list(islice(rest, _BATCH)):
            self._write(sql, ((*values(row), uid) for row, uid in zip(batch, uids.many(len(batch)), strict=True)))
            if has_history:
                self._keep_history(entity, [int(row["id"] or 0) for row in batch])

    def next_id(self, entity: Entity) -> int:
        """Return an id above every one in use."""
        return int(self.db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {entity.name}").fetchone()[0])

    def delete(self, entity: Entity, row_ids: Sequence[int]) -> None:
        """Delete rows, and what goes with them; raises `Refused` naming what still depends on them.

        Inside an operation only.
        """
        for other in ENTITIES:
            for f in other.refs:
                if isinstance(f.kind, Ref) and f.kind.entity == entity.name:
                    if f.name in other.goes_with or other.latest is not None:
                        self._write(f"DELETE FROM {other.name} WHERE {f.name} = ?", [[i] for i in row_ids])
                        continue
                    kept = self._referring(f"SELECT count(*) FROM {other.name} WHERE {f.name} = ?", row_ids)
                    _refuse_used(entity, other, kept)
            for f in other.many:
                if isinstance(f.kind, Refs) and f.kind.entity == entity.name:
                    among = f"instr(',' || {f.name} || ',', ',' || ? || ',')"
                    kept = self._referring(f"SELECT count(*) FROM {other.name} WHERE {among}", row_ids)
                    _refuse_used(entity, other, kept)
        before = self._shown_of(entity, row_ids)
        self._write(f"DELETE FROM {entity.name} WHERE id = ?", [[i] for i in row_ids])
        if entity.latest is not None:
            self._show_latest(entity, before)

    # A history of which the last row is shown on the record it belongs to

    def _shown_of(self, entity: Entity, row_ids: Sequence[int]) -> set[int]:
        """Return the records that rows of a history belong to."""
        if entity.latest is None:
            return set()
        marks = ", ".join("?" * len(row_ids))
        found = self.db.execute(
            f"SELECT DISTINCT {entity.latest.by} FROM {entity.name} WHERE id IN ({marks})", list(row_ids)
        ).fetchall()
        return {int(owner) for (owner,) in found}

    def _keep_history(self, entity: Entity, row_ids: Sequence[int], before: Iterable[int] = ()) -> None:
        """After rows were written: put what they show into their history, and show its last row."""
        if entity.latest is not None:
            self._show_latest(entity, {*before, *self._shown_of(entity, row_ids)})
            return
        history = HISTORY_OF.get(entity.name)
        if history is None or history.latest is None:
            return
        latest = history.latest
        marks = ", ".join("?" * len(row_ids))
        shown = ", ".join(theirs for _, theirs in latest.shown)
        needed = [theirs for ours, theirs in latest.shown if history[ours].required]
        rows = self.query(f"SELECT id, {shown} FROM {entity.name} WHERE id IN ({marks})", list(row_ids))
        for row in rows:
            if all(row[name] is not None for name in needed):
                values: Row = {latest.by: row["id"]} | {ours: row[theirs] for ours, theirs in latest.shown}
                there = self.query(
                    f"SELECT id FROM {history.name} WHERE {latest.by} = ? AND {latest.day} = ?",
                    [row["id"], values[latest.day]],
                )
                self.save(history, values | ({"id": there[0]["id"]} if there else {}))
        self._show_latest(history, set(row_ids))

    def _show_latest(self, history: Entity, owners: Iterable[int]) -> None:
        assert history.latest is not None
        latest = history.latest
        for owner in owners:
            last = self.query(
                f"SELECT * FROM {history.name} WHERE {latest.by} = ? ORDER BY {latest.day} DESC LIMIT 1", [owner]
            )
            sets = ", ".join(f"{theirs} = ?" for _, theirs in latest.shown)
            values = [last[0][ours] if last else None for ours, _ in latest.shown]
            self._write(f"UPDATE {latest.of} SET {sets} WHERE id = ?", [[*values, owner]])

    def _referring(self, sql: str, row_ids: Sequence[int]) -> int:
        return sum(int(self.db.execute(sql, [row_id]).fetchone()[0]) for row_id in row_ids)

    def _write(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        if self._running is None:
            raise AssertionError(_OUTSIDE)
        try:
            self._cursor.executemany(sql, rows)
        except driver.IntegrityError as error:
            raise translate(error) from None

    # Taking back

    def undoable(self) -> tuple[int, str] | None:
        """Return (id, title) of what Ctrl+Z would take back."""
        return history.undoable(self.db)

    def redoable(self) -> tuple[int, str] | None:
        """Return (id, title) of what Ctrl+Y would do again."""
        return history.redoable(self.db)

    def undo(self, operation_id: int | None = None) -> Operation:
        """Take back an operation (the last that stands, if none is named), as an operation of its own."""
        found = self.undoable()
        if operation_id is None:
            if found is None:
                raise UserError("没有可以撤销的操作")
            operation_id = found[0]
        rows = self.query("SELECT title, kind FROM operation WHERE id = ?", [operation_id])
        if not rows or rows[0]["kind"] != "do" or not history.stands(self.db, operation_id):
            raise Conflict("这次操作已经撤销过，或不能撤销。数据没有变动")
        with self.operation(f"撤销：{rows[0]['title']}", "undo", operation_id) as operation:
            history.take_back(self.db, operation_id)
        return operation

    def redo(self) -> Operation:
        """Do again what was undone last."""
        found = self.redoable()
        if found is None:
            raise UserError("没有可以重做的操作")
        last = self.query(
            "SELECT max(id) AS id FROM operation WHERE kind = 'undo' AND target_id = ?", [found[0]]
        )[0]["id"]  # fmt: skip
        with self.operation(f"重做：{found[1]}", "redo", found[0]) as operation:
            history.take_back(self.db, last)
        return operation

    def note(self, title: str, detail: str = "") -> None:
        """Log something that changes no row but must be remembered, such as an export with whole numbers."""
        with self.operation(title, "event", detail=detail):
            pass


def _refuse_used(entity: Entity, other: Entity, kept: int) -> None:
    """Raise `Refused` where rows of another record name one that is to be deleted."""
    if kept:
        raise Refused(
            f"不能删除：还有 {kept} 条“{other.label}”记录用到所选的“{entity.label}”。没有删除任何内容；请先处理那些记录"
        )
