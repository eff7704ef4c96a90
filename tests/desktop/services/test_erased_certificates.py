"""A certificate was issued, then the person's data erased: what the register keeps is kept, and nothing else is.

Looked for in every byte of the decrypted file, pages that are free included, not only in what a query gives.
"""

import datetime as dt
import json
from pathlib import Path

import pypdf
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from db.errors import Conflict, Refused
from db.quarters import Period
from db.queries.paper_rows import person_named
from db.records.entities import (
    ATTENDANCE,
    FUND_ENTRY,
    MEMBERSHIP,
    OFFICE,
    SERVICE_RECORD,
    TEAM,
    TRAINING,
    VOLUNTEER,
)
from db.records.internal_entities import ATTACHMENT, SERVICE_CERTIFICATE, STAFF
from db.storage import history
from db.storage.store import Store
from db.tasks import service_certificates
from db.tasks.erasing import erase, look
from db.tasks.leaving import leave
from db.tasks.verifying import verify
from desktop.pages.service.certificates import read, state
from desktop.pages.system.history import in_words
from desktop.services import search, year_papers
from desktop.services.reporting import paper_data, quarter_data
from forms.papers import PAPERS
from tests.desktop.conftest import _whole, id_number

TODAY = dt.date(2026, 12, 20)
BEFORE, NAME, PHONE, NUMBER = "欧阳清", "欧阳清澜", "13900001234", id_number(1)
PAGE, RESERVED = 4096, 80


def ledger(folder: Path) -> tuple[Store, str, int]:
    """An office, a person who served, was trained, changed her name, and has left; one who stays."""
    made, secret = Store.create(folder / "台账.boai-db")
    with made.operation("建立"):
        for item, content in (("name", "某县红十字会"), ("level", "县级"), ("contact_phone", "0512-60000000")):
            made.save(OFFICE, {"item": item, "content": content, "start_on": None})
        team = made.save(
            TEAM,
            _whole(TEAM, name="救援队", managing_org="某县红十字会", primary_domain="emergency_rescue",
                   established_on="2019-01-01"),
        )  # fmt: skip
    with made.operation(f"新增志愿者：{BEFORE}"):
        person = made.save(
            VOLUNTEER,
            _whole(VOLUNTEER, name=BEFORE, id_type="resident_id", id_number=NUMBER, phone=PHONE, platform_id="P1",
                   registered_on="2021-01-05"),
        )  # fmt: skip
        made.save(VOLUNTEER, _whole(VOLUNTEER, name="王小二", id_type="pending", registered_on="2021-01-05"))
        for n in (person, person + 1):
            made.save(MEMBERSHIP, _whole(MEMBERSHIP, team_id=team, volunteer_id=n, joined_on="2021-01-05"))
    with made.operation("记服务"):
        made.save(
            SERVICE_RECORD,
            _whole(SERVICE_RECORD, volunteer_id=person, team_id=team, served_on="2026-03-01", service_minutes=480,
                   has_proof="yes", content=f"{BEFORE}值守，电话139 0000-1234 {PHONE}"),
        )  # fmt: skip
        training = made.save(
            TRAINING,
            _whole(
                TRAINING, code="X1", name="救护员班", category="first_aid", start_on="2026-04-01", class_minutes=480
            ),
        )
        made.save(
            ATTENDANCE,
            _whole(ATTENDANCE, training_id=training, volunteer_id=person, result="passed", certificate="救护员证",
                   certificate_number=NUMBER),
        )  # fmt: skip
    with made.operation(f"修改志愿者：{BEFORE}"):
        made.save(VOLUNTEER, {"id": person, "name": NAME})
    return made, secret.code(), person


def depart(store: Store, person: int) -> None:
    """Let her leave."""
    with store.operation(f"办理退出：{NAME}"):
        leave(store, person, dt.date(2026, 6, 1), "left")


def decrypted(store: Store) -> bytes:
    """Return every page of the file as it is under the cipher, so that nothing can hide from a query."""
    assert store.path is not None
    assert store.secret is not None
    path, key = store.path, store.secret.raw_key()
    store.close()
    content = path.read_bytes()
    out = []
    for start in range(0, len(content), PAGE):
        page = content[start : start + PAGE]
        vector, head = page[PAGE - RESERVED : PAGE - RESERVED + 16], 16 if start == 0 else 0
        cipher = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor()
        out.append(cipher.update(page[head : PAGE - RESERVED]) + cipher.finalize())
    found = b"".join(out)
    assert b"CREATE TABLE" in found, "the pages were taken apart rightly"
    return found


def secrets_in(content: bytes) -> list[str]:
    """Return which of the person's words are there (named, not shown)."""
    words = {"name before": BEFORE, "name": NAME, "phone": PHONE, "number": NUMBER}
    return [what for what, word in words.items() if word.encode() in content]


def test_nothing_is_left_of_who_had_no_certificate(tmp_path: Path) -> None:
    store, _, person = ledger(tmp_path)
    depart(store, person)
    assert secrets_in(decrypted(store)) == ["name before", "name", "phone", "number"], "the control"
    store = Store.open(tmp_path / "台账.boai-db")
    erase(store, [person], TODAY, "本人要求")
    assert verify(store) == []
    assert secrets_in(decrypted(store)) == []


def test_what_was_certified_is_kept_in_the_register_alone(tmp_path: Path) -> None:
    store, _, person = ledger(tmp_path)
    year_papers.issue(store, person, None, TODAY, TODAY, tmp_path)
    revoked = year_papers.issue(store, person, None, TODAY, TODAY, tmp_path)
    with store.operation(f"作废志愿服务记录证明：{revoked.number}"):
        service_certificates.revoke(store, revoked.id, TODAY, f"{NAME}的日期写错")
    depart(store, person)
    assert look(store, person, TODAY).kept == ["服务证明 2 份", "培训证书的编号 1 个"]
    erase(store, [person], TODAY, "本人要求")
    assert verify(store) == []
    # The register's two rows and their entries in the log say what was certified; nothing else knows her.
    for table in ("service_certificate", "change"):
        for row in store.query(f"SELECT * FROM {table}"):
            if table == "change" and row["record"] == "service_certificate":
                continue
            if table == "service_certificate":
                content = json.loads(str(row.pop("content")))
                assert content["person"]["name"] == NAME
                assert content["person"]["id_number"] == NUMBER
                assert not secrets_in(str(row).encode())
            else:
                assert not secrets_in(str(row).encode())
    for row in store.query("SELECT title, detail, actor FROM operation"):
        assert not secrets_in(str(row).encode())


def test_the_register_reads_and_prints_as_before(tmp_path: Path) -> None:
    store, _, person = ledger(tmp_path)
    made = year_papers.issue(store, person, None, TODAY, TODAY, tmp_path, reason="签到表已核对")
    before = made.path.read_bytes()
    depart(store, person)
    erase(store, [person], TODAY, "本人要求")
    lines, names = read(store)
    assert [(line["number"], line["name"], state(line)[0]) for line in lines] == [("2026-0001", NAME, "有效")]
    assert list(names.values()) == ["王小二"], "nobody is offered a certificate who is nobody"
    again = year_papers.print_again(store, made.id, tmp_path)
    assert again.read_bytes() == before
    assert NUMBER in "".join(page.extract_text() for page in pypdf.PdfReader(again).pages)
    with pytest.raises(Refused, match="已删除"):
        year_papers.issue(store, person, None, TODAY, TODAY, tmp_path)
    assert store.count(SERVICE_CERTIFICATE) == 1
    with store.operation("作废"):
        service_certificates.revoke(store, made.id, TODAY, "公示有异议")
    assert state(read(store)[0][0])[0] == "已作废"
    assert verify(store) == []


def test_lists_papers_history_and_search_name_nobody(tmp_path: Path) -> None:
    store, _, person = ledger(tmp_path)
    year_papers.issue(store, person, None, TODAY, TODAY, tmp_path)
    depart(store, person)
    erase(store, [person], TODAY, "本人要求")
    report = quarter_data(store, Period.parse("2026"), TODAY)
    for paper in PAPERS:
        if not paper.by_person:
            assert not secrets_in(str(paper_data(store, paper, report).rows).encode()), paper.name
    entries = search.build(store, [(VOLUNTEER, ()), (SERVICE_RECORD, ()), (SERVICE_CERTIFICATE, ())])
    assert not secrets_in("".join(f"{e.title}{e.note}" for e in entries).encode())
    for line in history.trail(store.db):
        assert not secrets_in(str((line, in_words(store, int(line["id"])))).encode())
    assert history.trail(store.db, asked=history.Asked(words=NAME)) == []
    assert person_named(store, str(person)) == person


def test_a_certificate_that_was_taken_back_is_emptied_in_the_log(tmp_path: Path) -> None:
    """It is in no register any more, and nobody was told that it is kept."""
    store, _, person = ledger(tmp_path)
    year_papers.issue(store, person, None, TODAY, TODAY, tmp_path)
    store.undo()
    depart(store, person)
    assert look(store, person, TODAY).kept == ["培训证书的编号 1 个"]
    erase(store, [person], TODAY, "本人要求")
    assert verify(store) == []
    assert service_certificates.next_number(store, 2026) == "2026-0002", "its number is never given again"
    assert secrets_in(decrypted(store)) == []


def test_issuing_cannot_be_undone_after_erasing(tmp_path: Path) -> None:
    """Else the certificate would leave the register, and who it names would stay in the log for ever."""
    store, _, person = ledger(tmp_path)
    depart(store, person)
    year_papers.issue(store, person, None, TODAY, TODAY, tmp_path)
    erase(store, [person], TODAY, "本人要求")
    with pytest.raises(Conflict, match="已经删除的个人信息"):
        store.undo()
    assert store.count(SERVICE_CERTIFICATE) == 1
    assert verify(store) == []


def test_where_the_name_stands_elsewhere_is_said(tmp_path: Path) -> None:
    """In whatever record a person may have typed it, the name before too."""
    store, _, person = ledger(tmp_path)
    with store.operation("别处"):
        store.save(STAFF, _whole(STAFF, name=NAME, role="preparer"))
        store.save(
            FUND_ENTRY,
            _whole(FUND_ENTRY, entry_on="2026-07-10", direction="expense", category="办公", amount_fen=100,
                   summary=f"付{BEFORE}交通费"),
        )  # fmt: skip
        store.save(
            ATTACHMENT,
            _whole(ATTACHMENT, name=f"{NAME}证件.jpg", sha256="0" * 64, size=1, uploaded_on="2026-07-10"),
        )
    depart(store, person)
    found = look(store, person, TODAY).places
    for words in ("经办人员", "收支", "附件"):
        assert any(words in place for place in found), (words, found)
