"""报送包: what is in one, what never is, and that nothing changed, foreign, newer or malicious is taken for one."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from db.errors import UserError
from db.records.entities import BY_NAME
from db.storage.store import Store
from db.tasks.editions import canonical, edition_of, files_of
from desktop.services import signed_files
from desktop.services.nameless import Names
from desktop.services.packages import OFFICE, disagreeing, is_sound, package_bytes, read_package, write_package
from desktop.services.reporting import save_text
from desktop.services.signed_files import key_of, sign
from tests.offices.levels import COUNTIES, NAMES, PEOPLE, Q3, corrected, county, handed_up, id_number
from tests.qa import packages as mutated

Said = dict[str, Any]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with handed_up(county(tmp_path_factory.mktemp("county"), *COUNTIES[0])) as made:
        yield made


@pytest.fixture
def package(store: Store, tmp_path: Path) -> Path:
    path = tmp_path / "甲.boai"
    path.write_bytes(package_bytes(store, Q3)[0])
    return path


def test_a_package_says_what_was_frozen(store: Store, package: Path) -> None:
    found, edition = read_package(package, keep=True), edition_of(store, Q3)
    assert (found.said["office"], found.said["code"], found.said["period"]) == (*COUNTIES[0], "2026Q3")
    assert found.said["figures"] == edition.manifest["figures"]
    assert found.said["edition_sha256"] == edition.sha256
    assert found.said["log"]["number"] == edition.log
    assert len(found.said["log"]["seal"]) >= 32
    assert found.said["collected"]["teams_domain_emergency_rescue"] == 1
    kept = dict(files_of(store, edition))
    assert all(found.files[name] == kept[name] for name in found.files if name.endswith(".pdf"))
    assert {Path(name).suffix for name in found.files} == {".pdf", ".xlsx"}
    assert re.fullmatch(r"([0-9A-F]{4}-){7}[0-9A-F]{4}", found.mark)


def test_the_same_package_again_is_the_same_bytes(store: Store) -> None:
    assert package_bytes(store, Q3)[0] == package_bytes(store, Q3)[0]


def test_a_package_and_its_slip_are_never_written_over(store: Store, tmp_path: Path) -> None:
    first = write_package(store, Q3, tmp_path)
    assert first.path.name == "安澜县红十字会2026年第三季度报送包.boai"
    assert first.slip is not None
    words = "".join(page.extract_text() for page in pypdf.PdfReader(first.slip).pages)
    assert first.key in words
    assert first.edition.sha256[:8] in words
    assert write_package(store, Q3, tmp_path).path == first.path
    first.path.write_bytes(b"other")
    again = write_package(store, Q3, tmp_path)
    assert first.path.read_bytes() == b"other"
    assert again.path.stem == first.path.stem + "_2"


def texts(content: bytes, name: str) -> str:
    """Everything that can be read in a part: of a workbook its own parts, of a PDF the words."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as inner:
            return "".join(inner.read(part).decode() for part in inner.namelist())
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    return content.decode()


def test_no_number_phone_or_name_of_a_volunteer_is_in_a_package(tmp_path: Path) -> None:
    """Unpacked to the last part, also where somebody wrote one into a summary, the report's text and the reason."""
    with handed_up(county(tmp_path / "a", *COUNTIES[1]), light=True) as store:
        with store.operation("写"):
            team = store.rows(BY_NAME["team"])[0]
            store.save(BY_NAME["team"], {"id": team["id"], "name": f"{team['name']} 13900001275"})
            save_text(store, Q3, "own.plan", f"下一步请{NAMES[1]}同志牵头，电话13900001275。")
        reason = f"补登{NAMES[0]}的捐赠，证件{id_number(20)}"
        corrected(store, reason, light=False)
        content, edition, _, left_out = package_bytes(store, Q3)
        everything = "".join(texts(c, n) for n, c in files_of(store, edition) if n.endswith(".xlsx"))
        assert NAMES[3] in everything  # the frozen files have it
        seen = ""
        with zipfile.ZipFile(io.BytesIO(content)) as zipped:
            for name in zipped.namelist():
                seen += texts(zipped.read(name), name)
    assert sorted(name[-8:] for name in left_out) == sorted(["更正说明.pdf", edition.files[0][-8:]])
    for personal in (*NAMES, *(id_number(20 + n) for n in range(4)), *(f"1390000{n}275" for n in range(4))):
        assert personal not in seen
    assert "欧***" in seen
    assert PEOPLE["prepare"] in seen


def test_a_name_within_a_teams_own_name_stays_and_latin_names_are_words(tmp_path: Path) -> None:
    names = Names.__new__(Names)
    names._take(["安澜", "李明", "Li Na", "李"], ["安澜县红十字会"])
    assert names.hidden("安澜县李明和Li Na、Linux、Li Nabe") == "安澜县李*和L****、Linux、Li Nabe"
    assert not names.found_in(["安澜县"])


def test_mutated_packages_are_never_accepted() -> None:
    """A sample; the whole is ``python -m tests.qa.packages --n 0``."""
    found = mutated.trial(36, 3)
    assert {k: v for k, v in found.items() if not k.startswith("good")} == {}
    assert sum(found.values()) >= 36


def _resigned(store: Store, package: Path, change: Callable[[Said], None]) -> bytes:
    """A package whose content was changed and signed again, as somebody with a key of their own can."""
    found = read_package(package, keep=True)
    said = json.loads(found.text)
    change(said)
    return sign({k: v for k, v in said.items() if k not in ("form", "files")}, list(found.files.items()), key_of(store))


def test_newer_and_foreign_files_are_refused_in_words(store: Store, package: Path, tmp_path: Path,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    newer = tmp_path / "新.boai"
    with monkeypatch.context() as later:
        later.setattr(signed_files, "FORM", 2)
        newer.write_bytes(package_bytes(store, Q3)[0])
    with pytest.raises(UserError, match="更新版本"):
        read_package(newer)
    other = tmp_path / "照片.boai"
    for content in (b"", b"PK", b"\x89PNG" * 500, package.read_bytes()[:-30]):
        other.write_bytes(content)
        with pytest.raises(UserError, match="不完整"):
            read_package(other)
    with pytest.raises(UserError, match="没有收"):
        read_package(tmp_path / "没有这个文件.boai")


CHANGES: dict[str, Callable[[Said], object]] = {
    "no figures": lambda s: s.pop("figures"), "text for a number": lambda s: s["figures"]["office"].update(persons_end="4"),
    "half a person": lambda s: s["figures"]["office"].update(persons_end=1.5),
    "a truth for a number": lambda s: s["figures"]["office"].update(persons_end=True),
    "out of range": lambda s: s["figures"]["office"].update(income_fen=10**16),
    "one key more": lambda s: s.update(more=1), "another period's form": lambda s: s.update(period="2026q3"),
    "no such day": lambda s: s.update(submitted_on="2026-02-30"), "no such verdict": lambda s: s["clauses"][0].update(status="won"),
    "a team without uid": lambda s: s["figures"]["teams"][0].pop("uid"), "edition 0": lambda s: s.update(edition=0),
    "a list for a name": lambda s: s.update(office=["x"]), "no office": lambda s: s.update(office=""),
    "another kind": lambda s: s.update(kind="letter"), "deep": lambda s: s.update(steps={"a": {"b": {}}}),
    "totals that are not the teams'": lambda s: s["figures"]["office"].update(income_fen=1),
    "more people than members": lambda s: s["figures"]["office"].update(persons_end=99),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_signed_content_of_another_shape_is_refused(store: Store, package: Path, name: str) -> None:
    package.write_bytes(_resigned(store, package, lambda said: CHANGES[name](said) and None))
    with pytest.raises(UserError, match="没有收"):
        read_package(package)


def test_what_is_resigned_unchanged_is_accepted(store: Store, package: Path) -> None:
    package.write_bytes(_resigned(store, package, lambda said: None))
    assert is_sound(read_package(package).said)


def test_a_zip_that_lies_of_its_size_or_holds_too_much_is_refused(store: Store, package: Path) -> None:
    key = Ed25519PrivateKey.generate()
    for files in ([(f"{n}.pdf", b"x") for n in range(13)], [("a.exe", b"x")], [("../a.pdf", b"x")], [("a/b.pdf", b"x")],
                  [("a\u202efdp.pdf", b"x")]):  # fmt: skip
        package.write_bytes(sign({"kind": "package"}, files, key))
        with pytest.raises(UserError, match="没有收"):
            read_package(package)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("package.json", b" " * (17 << 20))
        bomb.writestr("signature.json", b"{}")
    package.write_bytes(out.getvalue())
    with pytest.raises(UserError, match="过大"):
        read_package(package)


def test_the_sums_are_looked_at() -> None:
    teams = [
        {"members_end": 2, "persons_end": 2, "income_fen": 5},
        {"members_end": 1, "persons_end": 1, "income_fen": 0},
    ]
    good = {
        "office": {"members_end": 3, "persons_end": 2, "income_fen": 12},
        "shared": {"income_fen": 7},
        "teams": teams,
    }
    assert disagreeing(good) == []
    assert disagreeing(good | {"office": {"members_end": 4, "persons_end": 1, "income_fen": 13}}) == [
        "members_end", "income_fen", "persons_end",
    ]  # fmt: skip


def test_what_is_handed_on_of_an_office_is_what_its_package_says(package: Path) -> None:
    assert {*read_package(package).said} >= OFFICE
    assert canonical({"b": 1, "a": None}) == b'{"a":null,"b":1}'
