"""A folder or an archive at once: every file accounted for, names in GBK, escapes, bombs, locked and nested archives."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest

from forms.errors import FileTrouble
from forms.reading import bundles
from forms.reading.bundles import is_bundle, receive
from tests.forms.reading import containers as made
from tests.journeys.workbook_shapes import HEAD, person

ROWS = [HEAD, *[tuple(map(str, person(i))) for i in range(3)]]
CSV = "\n".join(",".join(map(str, r)) for r in ROWS).encode("gb18030")


def archive(files: dict[str, bytes], *, gbk: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    found = out.getvalue()
    if gbk:  # as most packers in China write it: other bytes of the same length, and no flag
        for name in files:
            found = found.replace(name.encode(), name.encode("gbk").ljust(len(name.encode()), b"."))
        found = found.replace(b"PK\x03\x04\x14\x00\x00\x08", b"PK\x03\x04\x14\x00\x00\x00")
        for system in (b"\x00", b"\x03"):  # Windows, or another
            there = b"PK\x01\x02\x14" + system + b"\x14\x00\x00"
            found = found.replace(there + b"\x08", there + b"\x00")
    return found


def handed(folder: Path, content: bytes, name: str = "材料.zip") -> dict[str, str]:
    """Hand in an archive; return for every file why it was not read, or nothing."""
    path = folder / name
    path.write_bytes(content)
    found, bundled = receive([path])
    assert bundled
    assert all(bool(f.tables) != bool(f.trouble) for f in found)
    return {f.name: f.trouble for f in found}


def test_every_file_of_a_folder_is_accounted_for(tmp_path: Path) -> None:
    folder = tmp_path / "材料"
    (folder / "培训").mkdir(parents=True)
    for name, content in {
        "花名册.csv": CSV, "培训/花名册.docx": made.word(ROWS), "培训/副本.csv": CSV, "照片.jpg": b"\xff\xd8\xff",
        "~$花名册.xlsx": b"x", "说明.txt": b"hello", "空.xlsx": b"", "坏.xlsx": b"PK\x03\x04 broken",
        "内.zip": archive({"花名册.csv": CSV}), "台账.boai-db": b"x",
    }.items():  # fmt: skip
        (folder / name).write_bytes(content)
    links = 0
    with contextlib.suppress(OSError):  # Windows lets not everybody make one
        (folder / "链接.csv").symlink_to(folder / "花名册.csv")
        links = int((folder / "链接.csv").is_symlink())
    found, bundled = receive([folder])
    assert bundled
    said = {f.name.removeprefix("材料/"): f for f in found}
    assert len(said) == 10 + links
    assert [n for n, f in said.items() if f.tables] == ["花名册.csv"]
    # The same list as a document is taken once, and the copy of the file, and neither needs anybody's attention.
    assert {n for n, f in said.items() if f.harmless} == {"~$花名册.xlsx", "培训/副本.csv", "培训/花名册.docx"}
    assert all(f.trouble for n, f in said.items() if n != "花名册.csv")
    assert "压缩包里又有压缩包" in said["内.zip"].trouble


def test_an_archive_with_names_in_gbk(tmp_path: Path) -> None:
    (name,) = handed(tmp_path, archive({"名单/花名册.csv": CSV}, gbk=True))
    assert name.startswith("材料.zip/名单/花名册.csv")


def test_an_archive_of_another_name_is_told_by_its_content(tmp_path: Path) -> None:
    assert handed(tmp_path, archive({"a.csv": CSV}), "材料.bin") == {"材料.bin/a.csv": ""}
    (tmp_path / "a.docx").write_bytes(made.word(ROWS))
    assert not is_bundle(tmp_path / "a.docx")


@pytest.mark.parametrize("name", ["../a.csv", "/a.csv", "C:/a.csv", "b/../../a.csv"])
def test_a_name_that_leads_elsewhere_is_not_opened(tmp_path: Path, name: str) -> None:
    said = handed(tmp_path, archive({name: CSV, "b.csv": CSV}))
    assert [("越界" in t or "以外" in t) for t in said.values()] == [True, False]


def test_what_grows_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = handed(tmp_path, archive({"a.csv": b"0" * 8_000_000, "b.csv": CSV}))
    assert ["过大" in t for t in said.values()] == [True, False]
    monkeypatch.setattr(bundles, "_MOST_BYTES", len(CSV) + 5)
    said = handed(tmp_path, archive({"b.csv": CSV, "c.csv": CSV + b"\n1,2"}))
    assert ["过大" in t for t in said.values()] == [False, True]


def test_a_locked_archive_a_broken_one_and_too_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = archive({"a.csv": CSV})
    locked = bytearray(sound)
    locked[sound.index(b"PK\x01\x02") + 8] |= 1
    assert "密码" in handed(tmp_path, bytes(locked))["材料.zip/a.csv"]
    spoiled = bytearray(sound)
    spoiled[50] ^= 255
    assert "损坏" in handed(tmp_path, bytes(spoiled))["材料.zip/a.csv"]
    monkeypatch.setattr(bundles, "MOST_FILES", 1)
    with pytest.raises(FileTrouble, match="文件太多"):
        handed(tmp_path, archive({"a.csv": CSV, "b.csv": CSV}))
