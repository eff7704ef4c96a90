"""The command line as programs and people use it: output, exit codes, and one Chinese sentence for every wrong input."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from db.records.entities import BY_LABEL
from db.storage.store import Store
from desktop.__main__ import main
from desktop.services.receiving import HandIn
from tests.journeys.test_importing import PEOPLE, TEAM_ROWS, A, B, book
from tests.offices.builders import random_office
from tests.offices.workbook import write_workbook
from tests.test_architecture import ROOT

Capture = pytest.CaptureFixture[str]


def run(capsys: Capture, *words: object) -> tuple[int, str, str]:
    """Run the command in this process; return (exit code, stdout, stderr)."""
    capsys.readouterr()
    code = main([str(w) for w in words])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out, err


@pytest.fixture
def office(tmp_path: Path, capsys: Capture) -> Path:
    """A ledger with a random office in it."""
    path = tmp_path / "台账.boai-db"
    write_workbook(random_office(5), tmp_path / "office.xlsx")
    assert run(capsys, "init", "--db", path, "--name", "某县红十字会", "--level", "县级", "--code", "990123")[0] == 0
    assert run(capsys, "import", tmp_path / "office.xlsx", "--db", path)[0] == 0
    return path


def test_init_prints_the_recovery_code_once(tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "台账.boai-db"
    code, out, err = run(capsys, "init", "--db", path, "--name", "某县红十字会", "--level", "县级")
    assert code == 0
    found = re.search(r"(?:[0-9A-Z]{5}-){7}[0-9A-Z]{5}", out)
    assert found
    assert "没有设密码" in err
    Store.open(path, recovery_code=found[0]).close()
    code, out, err = run(capsys, "init", "--db", path, "--name", "某县红十字会", "--level", "县级")
    assert (code, out) == (3, "")
    assert "没有覆盖" in err
    monkeypatch.setenv("BOAI_PASSWORD", "白鹿原上 1987")
    other = tmp_path / "有密码.boai-db"
    assert run(capsys, "init", "--db", other, "--name", "某县红十字会", "--level", "县级")[0] == 0
    assert run(capsys, "figures", "2026Q3", "--db", other)[0] == 0
    monkeypatch.delenv("BOAI_PASSWORD")
    code, _, err = run(capsys, "figures", "2026Q3", "--db", other)
    assert code == 3
    assert "密码" in err
    (tmp_path / "pw.txt").write_text("白鹿原上 1987\n", encoding="utf-8")
    assert run(capsys, "figures", "2026Q3", "--db", other, "--password-file", tmp_path / "pw.txt")[0] == 0


def test_the_default_place_is_the_data_folder(capsys: Capture) -> None:
    assert run(capsys, "init", "--name", "某县红十字会", "--level", "县级")[0] == 0
    assert (Path(os.environ["BOAI_DATA"]) / "ledger.boai-db").exists()
    assert run(capsys, "figures", "2026Q3")[0] == 0


def test_import_tells_programs_what_became_of_every_row(tmp_path: Path, ledger: Path, capsys: Capture) -> None:
    path = book(
        tmp_path / "a.xlsx",
        {"志愿服务队伍": TEAM_ROWS, "志愿者": [*PEOPLE, ("王五", "110101199003072915", None, "2021.5", None)]},
    )
    code, out, _ = run(capsys, "import", path, "--db", ledger, "--json", "--errors", tmp_path / "bad.xlsx")
    assert code == 1
    told = json.loads(out)
    people = told["sheets"][1]
    assert {k: people[k] for k in ("sheet", "kind", "rows", "added", "updated", "unchanged", "refused")} == {
        "sheet": "志愿者", "kind": "volunteer", "rows": 3, "added": 2, "updated": 0, "unchanged": 0, "refused": 1,
    }  # fmt: skip
    assert isinstance(told["operation"], int)
    problem = people["problems"][0]
    assert set(problem) == {"row", "column", "severity", "value", "reason"}
    assert (problem["row"], problem["severity"]) == (4, "error")
    assert "110101199003072915" not in out
    assert openpyxl.load_workbook(tmp_path / "bad.xlsx")["志愿者"].max_row == 2
    code, out, _ = run(capsys, "import", path, "--db", ledger, "--json", "--dry-run")
    assert (code, json.loads(out)["operation"]) == (1, None)
    code, out, err = run(capsys, "import", path, "--db", ledger, "--strict")
    assert code == 2
    assert "一行也没有导入" in err


def test_import_speaks_to_people(tmp_path: Path, ledger: Path, capsys: Capture) -> None:
    path = book(tmp_path / "a.xlsx", {"志愿者": PEOPLE})
    code, out, _ = run(capsys, "import", path, "--db", ledger)
    assert code == 0
    assert "读取 2 行 = 新增 2 + 更新 0 + 未变 0 + 未导入 0" in out
    code, out, _ = run(capsys, "import", path, "--db", ledger)
    assert code == 0
    assert "没有变化" in out
    code, out, _ = run(capsys, "undo", "--db", ledger)
    assert (code, out) == (0, "已撤销：导入：a.xlsx\n")
    code, _, err = run(capsys, "undo", "--db", ledger)
    assert code == 2
    assert "没有可以撤销" in err


def test_check_and_figures(office: Path, capsys: Capture) -> None:
    code, out, _ = run(capsys, "check", "--db", office, "--as-of", "2026-09-30", "--json")
    told = json.loads(out)
    assert set(told) == {"office", "level", "as_of", "rules", "summary", "results"}
    assert told["level"] in ("county", "city", "province")
    hard = [
        r for r in told["results"] if (r["strength"], r["firmness"], r["status"]) == ("mandatory", "hard", "not_met")
    ]
    assert code == (1 if hard else 0)
    assert sum(told["summary"].values()) == sum(r["listed"] for r in told["results"]) < len(told["results"])
    for r in told["results"]:
        assert {
            "clause",
            "source",
            "article",
            "strength",
            "firmness",
            "mode",
            "status",
            "k",
            "n",
            "facts",
            "parameters",
            "message",
            "items",
        } <= set(r)
        for item in r["items"]:
            assert set(item) == {"record", "id", "title", "status"}
    code, out, _ = run(capsys, "check", "--db", office, "--as-of", "2026年9月30日", "--clause", "Z34-2.2-2", "--json")
    assert [r["clause"] for r in json.loads(out)["results"]] == ["Z34-2.2-2"]
    assert "《关于进一步加强" in run(capsys, "check", "--db", office, "--as-of", "2026-09-30")[1]
    code, out, _ = run(capsys, "figures", "2026Q3", "--db", office, "--json")
    told = json.loads(out)
    assert set(told) == {"period", "quarter", "as_of", "office", "shared", "teams"}
    assert set(told["shared"]) == {"income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen"}
    assert all({"team", "own_level", "persons_end"} <= set(t) for t in told["teams"])
    assert "季末在队人数" in run(capsys, "figures", "2026q3", "--db", office)[1]
    half = json.loads(run(capsys, "figures", "2026H1", "--db", office, "--json")[1])
    assert (half["period"], half["as_of"], "quarter" in half) == ("2026H1", "2026-06-30", False)
    part = json.loads(run(capsys, "figures", "2026", "--as-of", "2026-09-30", "--db", office, "--json")[1])
    assert part["office"]["members_end"] == told["office"]["members_end"]
    assert run(capsys, "figures", "2026", "--as-of", "2025-09-30", "--db", office)[0] == 2


def test_report_and_export(office: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "报告"
    assert run(capsys, "report", "2026Q3", "--db", office, "--out", out)[0] == 0
    assert sorted(p.suffix for p in out.iterdir()) == [".docx", ".pdf", ".xlsx"]
    assert all(p.stem.endswith("志愿服务工作情况的报告") for p in out.iterdir())
    assert run(capsys, "report", "2026Q3", "--db", office, "--out", tmp_path / "x", "--xlsx")[0] == 0
    assert [p.suffix for p in (tmp_path / "x").iterdir()] == [".xlsx"]
    book_path = tmp_path / "out.xlsx"
    assert run(capsys, "export", "志愿者", "team", "--db", office, "--out", book_path)[0] == 0
    assert openpyxl.load_workbook(book_path).sheetnames == ["志愿服务队伍", "志愿者"]
    code, _, err = run(capsys, "export", "志愿者", "--db", office, "--out", tmp_path / "full.xlsx", "--unmasked")
    assert code == 2
    assert "原因" in err
    assert not (tmp_path / "full.xlsx").exists()
    args = ("--unmasked", "--reason", "核对保单")
    assert run(capsys, "export", "志愿者", "--db", office, "--out", tmp_path / "full.xlsx", *args)[0] == 0
    with Store.open(office) as store:
        rows = store.query("SELECT kind, title, detail FROM operation ORDER BY id DESC LIMIT 1")
    assert rows == [{"kind": "event", "title": "导出完整号码", "detail": "志愿者；原因：核对保单"}]
    assert run(capsys, "export", "全部", "--db", office, "--out", tmp_path / "all.xlsx")[0] == 0
    assert len(openpyxl.load_workbook(tmp_path / "all.xlsx").sheetnames) == len(BY_LABEL)


def test_template(tmp_path: Path, capsys: Capture) -> None:
    assert run(capsys, "template", "--out", tmp_path / "t.xlsx")[0] == 0
    assert openpyxl.load_workbook(tmp_path / "t.xlsx").sheetnames == [*BY_LABEL, "填写说明"]
    assert run(capsys, "template", "志愿者", "team", "--out", tmp_path / "u.xlsx")[0] == 0
    assert openpyxl.load_workbook(tmp_path / "u.xlsx").sheetnames == ["志愿服务队伍", "志愿者", "填写说明"]


def wrong_files(folder: Path) -> dict[str, Path]:
    """Make a file of every wrong kind."""
    made = {name: folder / name for name in (
        "missing.xlsx", "empty.xlsx", "text.xlsx", "damaged.xlsx", "word.xlsx", "encrypted.xlsx", "page.xls", "old.xls", "picture.csv",
        "prose.csv", "strange.xlsx", "headless.xlsx", "twice.xlsx",
    )}  # fmt: skip
    (folder / "空的").mkdir()
    made["a folder without a file"] = folder / "空的"
    made["empty.xlsx"].write_bytes(b"")
    made["text.xlsx"].write_text("hello", encoding="utf-8")
    good = book(folder / "good.xlsx", {"志愿者": PEOPLE}).read_bytes()
    made["damaged.xlsx"].write_bytes(good[: len(good) // 2])
    with zipfile.ZipFile(made["word.xlsx"], "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    made["encrypted.xlsx"].write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    made["page.xls"].write_text("<html><table></table></html>", encoding="utf-8")
    made["old.xls"].write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(2000))
    made["picture.csv"].write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    made["prose.csv"].write_text("这不是表格\n只是几句话", encoding="utf-8")
    book(made["strange.xlsx"], {"随便": [("甲", "乙"), (1, 2)]})
    book(made["headless.xlsx"], {"志愿者": [("张三", A, "2021-05-01")]})
    with zipfile.ZipFile(made["twice.xlsx"], "w") as archive, zipfile.ZipFile(folder / "good.xlsx") as source:
        for info in source.infolist():
            if info.filename == "xl/worksheets/sheet1.xml":
                text = source.read(info).replace(b"<?xml", b"<?xml", 1)
                text = b'<!DOCTYPE x [<!ENTITY a "b">]>' + text
                archive.writestr(info.filename, text)
            else:
                archive.writestr(info.filename, source.read(info))
    return made


def test_every_wrong_file_gets_one_sentence_and_changes_nothing(tmp_path: Path, ledger: Path, capsys: Capture) -> None:
    folder = tmp_path / "wrong"
    folder.mkdir()
    for name, path in wrong_files(folder).items():
        code, out, err = run(capsys, "import", path, "--db", ledger)
        assert (code, out) == (2, ""), name
        assert err.count("\n") == 1, (name, err)
        assert re.search(r"[\u4e00-\u9fff]{5}", err), (name, err)
        assert str(folder) not in err
    # A wrong file beside a good one: nothing of either goes in.
    assert run(capsys, "import", folder / "good.xlsx", folder / "empty.xlsx", "--db", ledger)[0] == 2
    with Store.open(ledger) as store:
        assert store.undoable() is None


WRONG_USE = {
    "no such command": (["frobnicate"], 2),
    "no such option": (["figures", "2026Q3", "--frob"], 2),
    "nothing to import": (["import"], 2),
    "a wrong level": (["init", "--name", "甲", "--level", "乡级"], 2),
    "no name": (["init", "--level", "县级"], 2),
    "a blank name": (["init", "--name", " ", "--level", "县级"], 2),
    "a wrong quarter": (["figures", "2026Q5"], 2),
    "a quarter in words": (["figures", "三季度"], 2),
    "a wrong day": (["check", "--as-of", "2026-02-30"], 2),
    "a month for a day": (["check", "--as-of", "2026-02"], 2),
    "no day": (["check"], 2),
    "no such clause": (["check", "--as-of", "2026-09-30", "--clause", "Z99-1"], 2),
    "no such sheet": (["template", "没有的表", "--out", "x.xlsx"], 2),
    "no such record": (["export", "没有的表", "--out", "x.xlsx"], 2),
    "a rule for a sheet that makes no sense": (["import", "good.xlsx", "--sheet", "花名册"], 2),
    "a sheet that is not there": (["import", "good.xlsx", "--sheet", "花名册=志愿者"], 2),
    "a record that is not there": (["import", "good.xlsx", "--sheet", "志愿者=没有"], 2),
    "a wrong choice": (["import", "good.xlsx", "--on-existing", "删除"], 2),
    "no map": (["import", "good.xlsx", "--map", "none.json"], 2),
    "a broken map": (["import", "good.xlsx", "--map", "broken.json"], 2),
    "a map that is a list": (["import", "good.xlsx", "--map", "list.json"], 2),
    "no password file": (["figures", "2026Q3", "--password-file", "none.txt"], 2),
    "a file that cannot be written": (["template", "--out", "good.xlsx/x.xlsx"], 2),
    "no ledger": (["figures", "2026Q3", "--db", "none.boai-db"], 3),
    "an empty ledger": (["figures", "2026Q3", "--db", "empty.boai-db"], 3),
    "a foreign ledger": (["check", "--as-of", "2026-09-30", "--db", "good.xlsx"], 3),
    "a folder for a ledger": (["figures", "2026Q3", "--db", "."], 3),
    "an existing ledger": (["init", "--name", "甲", "--level", "县级", "--db", "empty.boai-db"], 3),
}


@pytest.mark.parametrize("name", WRONG_USE)
def test_wrong_use_gets_one_sentence(
    name: str, tmp_path: Path, ledger: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, expected = WRONG_USE[name]
    monkeypatch.chdir(tmp_path)
    book(tmp_path / "good.xlsx", {"志愿者": PEOPLE})
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "list.json").write_text("[1]", encoding="utf-8")
    (tmp_path / "empty.boai-db").write_bytes(b"")
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    if "--db" not in words:
        words = (
            [*words, "--db", str(ledger)]
            if name not in ("no such command", "a blank name", "no name", "a wrong level")
            else words
        )
    code, out, err = run(capsys, *words)
    assert (code, out) == (expected, "")
    assert err.count("\n") == 1
    assert re.search(r"[\u4e00-\u9fff]{2}", err)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


def test_check_without_an_office_says_what_to_fill_in(ledger: Path, capsys: Capture) -> None:
    code, _, err = run(capsys, "check", "--as-of", "2026-09-30", "--db", ledger)
    assert code == 2
    assert "层级" in err


def test_it_speaks_utf8_on_every_console(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0", "BOAI_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "init", "--name", "某县红十字会𬭚", "--level", "县级"],
        cwd=ROOT, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 0
    assert "恢复码" in done.stdout.decode("utf-8")
    assert "钥匙" in done.stderr.decode("utf-8")


def test_without_a_person_it_never_waits_for_a_password(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "有密码.boai-db"
    monkeypatch.setenv("BOAI_PASSWORD", "白鹿原上 1987")
    assert run(capsys, "init", "--db", path, "--name", "某县红十字会", "--level", "县级")[0] == 0
    monkeypatch.delenv("BOAI_PASSWORD")
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "figures", "2026Q3", "--db", str(path)],
        cwd=ROOT, capture_output=True, check=False, stdin=subprocess.DEVNULL, timeout=60,
    )  # fmt: skip
    assert done.returncode == 3
    assert "请输入密码" in done.stderr.decode("utf-8")


def test_personal_numbers_never_reach_the_console(tmp_path: Path, ledger: Path, capsys: Capture) -> None:
    rows = [
        PEOPLE[0],
        ("张三", A, B, "2021-05-01", None),
        (A, B, "19900000001", A, None),
        ("李四19900000001", B[:-1] + "a", "x" + A, "坏", None),
    ]
    path = book(tmp_path / "a.xlsx", {"志愿者": rows})
    for extra in ((), ("--json",)):
        _, out, err = run(capsys, "import", path, "--db", ledger, "--dry-run", *extra)
        for secret in (A, B, A[:17], B[:17], "19900000001"):
            assert secret not in out + err


def test_the_demo_does_the_whole_job(tmp_path: Path, capsys: Capture) -> None:
    code, out, _ = run(capsys, "demo", "--out", tmp_path / "示例")
    assert code == 0
    assert "未导入 0 行" in out
    names = sorted(p.suffix for p in (tmp_path / "示例").iterdir() if p.is_file())
    assert names == [".boai-db", ".keys", ".mark", ".pdf", ".xlsx"]
    code, _, err = run(capsys, "demo", "--out", tmp_path / "示例")
    assert code == 2
    assert "没有覆盖" in err


def test_rows_handed_back_are_logged_and_a_trial_masks_them(tmp_path: Path, capsys: Capture) -> None:
    ledger, bad = tmp_path / "台账.boai-db", tmp_path / "错误.xlsx"
    assert run(capsys, "init", "--db", ledger, "--name", "某县红十字会", "--level", "县级")[0] == 0
    path = tmp_path / "花名册.xlsx"
    wrong = A[:-1] + ("1" if A[-1] != "1" else "2")  # a last character that cannot be
    sheet = openpyxl.Workbook()
    sheet.active.title = "志愿者"
    for line in (
        ["姓名", "证件号码", "手机号码", "登记日期", "备注"],
        ["王一", wrong, "13900000017", "2026-01-05", ""],
    ):
        sheet.active.append(line)
    sheet.save(path)

    def handed_back(*more: str) -> str:
        assert run(capsys, "import", path, "--db", ledger, "--errors", bad, *more)[0] == 1
        return str([row for row in openpyxl.load_workbook(bad).worksheets[0].iter_rows(values_only=True)])

    def noted() -> list[tuple[str, str]]:
        with Store.open(ledger) as store:
            found = store.query("SELECT title, detail FROM operation WHERE kind = 'event'")
        return [(str(r["title"]), str(r["detail"])) for r in found if r["title"] == "写出未导入的行"]

    trial = handed_back("--dry-run")
    assert wrong not in trial
    assert "13900000017" not in trial
    assert noted() == []
    bad.unlink()
    assert wrong in handed_back()
    assert noted() == [("写出未导入的行", "1 行，号码完整；原因：退回未导入的行")]
    assert bad.stat().st_mode & 0o077 == 0 or os.name == "nt"


def test_what_is_started_from_here_is_not_told_the_password(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOAI_PASSWORD", "白鹿原上 1987")
    seen: list[str | None] = []

    def look(*_: object) -> HandIn:
        seen.append(os.environ.get("BOAI_PASSWORD"))
        return HandIn([], False, [])

    monkeypatch.setattr("desktop.cli.intake.hand_in", look)
    ledger = tmp_path / "台账.boai-db"
    assert run(capsys, "init", "--db", ledger, "--name", "某县红十字会", "--level", "县级")[0] == 0
    run(capsys, "import", tmp_path / "没有.xlsx", "--db", ledger)
    assert seen == [None]
    assert os.environ["BOAI_PASSWORD"] == "白鹿原上 1987"


@pytest.mark.skipif(sys.platform == "win32", reason="core files are a matter of POSIX")
def test_no_core_is_written(tmp_path: Path) -> None:
    code = (
        "import resource, sys; from desktop.__main__ import main; main(['figures', '2026Q3']);"
        "sys.exit(resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"BOAI_DATA": str(tmp_path)}, check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0


def test_certificates_and_the_lists_of_a_year(office: Path, tmp_path: Path, capsys: Capture) -> None:
    with Store.open(office) as store:
        person = store.query(
            "SELECT volunteer_id AS id FROM service_record WHERE has_proof = 'yes' ORDER BY served_on LIMIT 1"
        )
    who, out = person[0]["id"], tmp_path / "证明"
    code, said, err = run(capsys, "certificate", "--person", who, "--head", "张主任", "--out", out, "--db", office)
    assert code == 0, err
    assert "已出具并登记：编号 2" in said
    assert len(list(out.glob("*.pdf"))) == 1
    assert run(capsys, "certificate", "--person", "没有这个人", "--out", out, "--db", office)[0] == 2
    code, said, err = run(capsys, "certificate", "--person", who, "--from", "2030-01-01", "--out", out, "--db", office)
    assert code == 2
    assert "没有出具" in err
    code, said, _ = run(capsys, "lists", "2026", "星级", "到期", "--out", tmp_path / "名单", "--db", office)
    assert code == 0
    assert sorted(p.suffix for p in (tmp_path / "名单").iterdir()) == [".pdf", ".pdf", ".xlsx", ".xlsx"]
    code, said, err = run(capsys, "lists", "2026", "别的", "--out", tmp_path / "名单", "--db", office)
    assert code == 2
    assert "个人时长" in err


def test_a_report_up_to_a_day_is_a_draft_and_says_so(office: Path, tmp_path: Path, capsys: Capture) -> None:
    out = tmp_path / "报告"
    code, _, err = run(
        capsys, "report", "2026Q1", "--as-of", "2026-02-15", "--xlsx", "--docx", "--out", out, "--db", office
    )
    assert code == 0, err
    (word,) = out.glob("*.docx")
    said = re.sub(r"<[^>]+>", "", zipfile.ZipFile(word).read("word/document.xml").decode())
    assert "2026年2月15日" in said
    assert "截至2026年3月31日" not in said
    assert "草稿" in err
    whole = tmp_path / "全季"
    assert run(capsys, "report", "2026Q1", "--docx", "--out", whole, "--db", office)[0] == 0
    assert next(whole.glob("*.docx")).read_bytes() != word.read_bytes()
    for day in ("2025-12-31", "2026-04-01", "2099-01-01", "昨天"):
        code, _, err = run(capsys, "report", "2026Q1", "--as-of", day, "--out", tmp_path / "没有", "--db", office)
        assert code == 2
        assert "截止日期" in err
    assert not (tmp_path / "没有").exists()
