"""A folder that cannot be listed for a moment is no empty folder: nothing is deleted, left out or no law for that."""

import datetime as dt
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import resources
from db.errors import DiskTrouble, UserError
from db.rules.checks import CHECKS
from db.rules.local_packs import add_pack, local_clauses
from db.storage import vault
from db.storage.store import Store
from db.tasks import backup, renewing
from db.tasks.attachments import attach
from desktop.services.rollup import files_in
from forms.errors import FileTrouble
from forms.reading.bundles import receive

AT = dt.datetime(2026, 9, 21)


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A closed ledger with a file and a local pack."""
    monkeypatch.setenv("BOAI_DATA", str(tmp_path / "data"))
    path = tmp_path / "办公室" / "ledger.boai-db"
    with Store.create(path)[0] as store:
        proof = tmp_path / "凭证.txt"
        proof.write_text("发票", encoding="utf-8")
        attach(store, proof, on=AT.date())
        pack = tmp_path / "AB26.toml"
        text = resources.path("rules/s24.toml").read_text(encoding="utf-8")
        pack.write_text(text.replace("S24", "AB26"), encoding="utf-8")
        add_pack(store, pack, dict(CHECKS))
    return path


@contextmanager
def held(monkeypatch: pytest.MonkeyPatch, folder: Path) -> Iterator[None]:
    """Let somebody hold a folder: no way of listing it answers."""
    with monkeypatch.context() as holding:
        for name in ("listdir", "scandir"):
            real = getattr(os, name)

            def listing(place: object = ".", real: object = real) -> object:
                if not isinstance(place, int) and Path(os.fsdecode(place)) == folder:  # type: ignore[call-overload]
                    raise PermissionError(13, "held", str(folder))
                return real(place)  # type: ignore[operator]

            holding.setattr(os, name, listing)
        yield


@pytest.mark.parametrize("part", ["", "附件", "附件/??"])
def test_backups_keep_what_they_need(ledger: Path, tmp_path: Path, part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "备份"
    folder.mkdir()
    with Store.open(ledger) as store:
        assert store.secret is not None
        made = [backup.back_up(store, backup.next_automatic(folder, AT), AT, shared=True) for _ in range(3)]
        for file in folder.rglob("*"):
            os.utime(file, (time.time() - 10**6,) * 2)
        (place,) = folder.glob(part.replace("附件", backup.LIBRARY)) if part else [folder]
        with held(monkeypatch, place):
            assert backup.thin(folder, 1, store.secret) == ([] if not part else [m.path for m in made[:2]])
    assert not backup.examine(made[-1].path).lacking()


def test_the_law_stays_the_law(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(ledger) as store:
        assert len(local_clauses(store, dict(CHECKS))) > 0
        with held(monkeypatch, ledger.with_name(ledger.name + ".rules")), pytest.raises(DiskTrouble):
            local_clauses(store, dict(CHECKS))


@pytest.mark.parametrize("beside", [".files", ".rules"])
def test_a_new_code_leaves_nothing_behind(ledger: Path, beside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = vault.unlock(ledger)
    with held(monkeypatch, ledger.with_name(ledger.name + beside)), pytest.raises(DiskTrouble):
        renewing.renew(ledger, secret, AT)
    with Store.open(ledger) as store:
        assert store.secret == secret


def test_no_file_of_a_folder_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "材料" / "培训").mkdir(parents=True)
    (tmp_path / "材料" / "a.csv").write_text("姓名,性别\n张雪梅,女\n", encoding="utf-8")
    (tmp_path / "材料" / "培训" / "b.csv").write_text("姓名,性别\n李文,女\n", encoding="utf-8")
    with held(monkeypatch, tmp_path / "材料" / "培训"), pytest.raises(FileTrouble, match="培训"):
        receive([tmp_path / "材料"])


def test_no_package_of_a_folder_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "收到" / "甲市").mkdir(parents=True)
    (tmp_path / "收到" / "甲市" / "a.boai").write_bytes(b"x")
    (tmp_path / "收到" / "b.boai").write_bytes(b"x")
    assert len(files_in([tmp_path / "收到"])) == 2
    with held(monkeypatch, tmp_path / "收到" / "甲市"), pytest.raises(UserError, match="甲市"):
        files_in([tmp_path / "收到"])
