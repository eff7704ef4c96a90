"""Choice, checking and cutting of fonts; system fonts are imitated by files made here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any

import pylopdf_fonts_zh_cn
import pytest
from fontTools.pens.boundsPen import BoundsPen
from fontTools.ttLib import TTCollection, TTFont, newTable

from forms.pdf import cutting, font_files, fonts
from forms.pdf.fonts import FontSet, FontText, MissingGlyphs

NAME = "李𬭚"


def make(chars: str, families: dict[int, str], *, licence: int = 0, weight: int = 400) -> TTFont:
    """A small TrueType face with *chars* and family names by Windows language."""
    path = pylopdf_fonts_zh_cn.serif_path()
    found = font_files.Found(str(path), 0, False, path.stat().st_mtime_ns)
    cut = fonts._cut(found, "".join(sorted(set(chars + " 一的"))))
    assert cut is not None
    font = TTFont(BytesIO(cut.data))
    font["name"].names = []
    for language, family in families.items():
        font["name"].setName(family, 1, 3, 1, language)
        font["name"].setName(family, 4, 3, 1, language)
    font["OS/2"].fsType = licence
    font["OS/2"].usWeightClass = weight
    return font


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder that stands for the fonts of the computer."""
    monkeypatch.setattr(font_files, "_folders", lambda: [tmp_path])
    font_files._scan.cache_clear()
    yield tmp_path
    font_files._scan.cache_clear()


def build(text: str, role: Any = "body", **options: Any) -> FontSet:
    return FontSet.build([FontText(role, "正文", text)], **options)


def test_bundled_fonts_have_rare_names() -> None:
    chars = "㛃䶮喆堃翀犇〇𫖯𬱖𬭚𠅤"
    for role in ("body", "heading1", "table", "title"):
        glyphs = build(chars, role, system=False).glyphs(role)
        assert all(glyphs[char].width == 1.0 for char in chars)


def test_bundled_result_is_the_same_twice() -> None:
    first = build("县红十字会" + NAME, system=False)
    fonts._cut.cache_clear()
    second = build("县红十字会" + NAME, system=False)
    assert [cut.data for _, cut in first._faces] == [cut.data for _, cut in second._faces]


def test_a_face_is_read_once_for_all_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another document with other characters of the face reads no file; outlines are the face's own, within 1/1000 em."""
    first = build("县红十字会", system=False)

    def closed(found: font_files.Found) -> Any:
        raise AssertionError(found)

    monkeypatch.setattr(fonts, "_open", closed)
    second = build("县级志愿队", system=False)
    assert first.glyphs("body")["县"].width == second.glyphs("body")["县"].width == 1.0
    with TTFont(pylopdf_fonts_zh_cn.serif_path()) as whole:
        for char in "县级志愿队":
            own, cut = BoundsPen(None), BoundsPen(None)
            whole.getGlyphSet()[whole.getBestCmap()[ord(char)]].draw(own)
            made = next(TTFont(BytesIO(c.data)) for _, c in second._faces if char in c.widths)
            made.getGlyphSet()[made.getBestCmap()[ord(char)]].draw(cut)
            assert all(abs(a - b) <= 2 for a, b in zip(own.bounds, cut.bounds, strict=True)), char


def test_notes_name_the_substitutes() -> None:
    told = FontSet.build([FontText("title", "标题", "报告"), FontText("body", "正文", "文")], system=False)
    assert any(note.startswith("正文应用仿宋体") for note in told.notes)
    assert any(note.startswith("标题应用小标宋体") for note in told.notes)
    assert told.stroke("title") > 0 == told.stroke("body")


def test_missing_glyphs_are_named_with_their_place() -> None:
    texts = [FontText("body", "队伍「城关队」的名称", "城关\ue123"), FontText("table", "附件1第3行“姓名”", "\ue123☑")]
    with pytest.raises(MissingGlyphs) as caught:
        FontSet.build(texts, system=False)
    assert [(m.code, m.where, m.places) for m in caught.value.items] == [
        ("U+E123", "队伍「城关队」的名称", 2),
        ("U+2611", "附件1第3行“姓名”", 1),
    ]
    assert "U+E123" in str(caught.value)
    assert "队伍「城关队」的名称" in str(caught.value)


def test_control_characters_and_half_pairs_are_missing() -> None:
    with pytest.raises(MissingGlyphs, match=r"U\+0007.*U\+D800"):
        build("a\x07\ud800", system=False)


def test_long_lists_of_missing_glyphs_are_cut_short() -> None:
    with pytest.raises(MissingGlyphs, match="另有5个字未列出"):
        build("".join(chr(0xE100 + n) for n in range(15)), system=False)


def test_face_is_found_by_its_chinese_family_name(folder: Path) -> None:
    make("县红十字会0123456789—", {0x804: "仿宋"}).save(folder / "whatever.ttf")
    made = build("县红十字会")
    assert not any("正文" in note for note in made.notes)
    assert len({g.font for g in made.glyphs("body").values()}) == 1
    assert made._faces[0][0].face.name == b"EmbeddedFace"  # no PostScript name of its own


def test_face_in_a_collection_and_missing_characters_from_another(folder: Path) -> None:
    collection = TTCollection()
    collection.fonts = [make("县", {0x409: "Other"}), make("县红0123456789—", {0x409: "FangSong"})]
    collection.save(str(folder / "both.ttc"))
    glyphs = build("县红" + NAME).glyphs("body")
    assert glyphs["县"].font == glyphs["红"].font
    assert glyphs["𬭚"].font != glyphs["县"].font
    assert "仿宋没有“李𬭚”2个字，这些字已用思源宋体（Noto Serif SC）补上。" in build("县红" + NAME).notes


@pytest.mark.parametrize("licence", [0x0002, 0x0100, 0x0200])
def test_face_that_may_not_be_embedded_is_not_used(folder: Path, licence: int) -> None:
    make("县", {0x409: "FangSong"}, licence=licence).save(folder / "a.ttf")
    assert any("正文应用仿宋体" in note for note in build("县").notes)


def test_damaged_files_are_passed_over(folder: Path) -> None:
    (folder / "empty.ttf").write_bytes(b"")
    (folder / "noise.ttc").write_bytes(b"ttcf" + bytes(range(200)))
    out = BytesIO()
    make("县", {0x409: "FangSong"}).save(out)
    (folder / "short.ttf").write_bytes(out.getvalue()[: len(out.getvalue()) // 2])
    assert "县" in build("县").glyphs("body")


def test_empty_glyph_counts_as_missing(folder: Path) -> None:
    font = make("县红0123456789—", {0x409: "FangSong"})
    name = font.getBestCmap()[ord("县")]
    font["glyf"][name] = type(font["glyf"][name])()
    font["glyf"][name].numberOfContours = 0
    font.save(folder / "a.ttf")
    glyphs = build("县红").glyphs("body")
    assert glyphs["县"].font != glyphs["红"].font


def test_weight_and_preference(folder: Path) -> None:
    make("县", {0x409: "Noto Serif CJK SC"}).save(folder / "regular.ttf")
    make("县", {0x409: "Noto Serif CJK SC"}, weight=700).save(folder / "bold.ttf")
    make("县", {0x409: "My Own"}).save(folder / "own.ttf")
    assert [Path(f.path).name for f in font_files.find_faces(["noto serif cjk sc"], 700)] == ["bold.ttf"]
    assert build("县", "title").stroke("title") == 0
    assert not any("正文应用" in note for note in build("县", prefer={"body": "My Own"}).notes)


def test_users_own_characters(folder: Path) -> None:
    font = make("县", {0x409: "EUDC"})
    for table in font["cmap"].tables:
        table.cmap[0xE123] = table.cmap[ord("县")]
    font.save(folder / "EUDC.TTE")
    assert build("县\ue123").glyphs("body")["\ue123"].width == 1.0
    with pytest.raises(MissingGlyphs):
        build("县\ue123", system=False)


def test_to_unicode_map_writes_pairs_and_short_blocks() -> None:
    text = fonts._to_unicode("Face", [0, ord("县"), ord("𬭚"), *range(0x4E00, 0x4E00 + 150)])
    assert "<01> <53BF>" in text
    assert "<02> <D872DF5A>" in text
    assert "100 beginbfchar" in text
    assert "52 beginbfchar" in text


def test_face_reportlab_cannot_read_gives_way_to_the_next(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make("县0123456789—", {0x409: "FangSong"}).save(folder / "a.ttf")
    load = fonts.ttfonts.TTFont

    def refuse_first(name: str, data: BytesIO, **options: Any) -> Any:
        font = load(name, data, **options)
        if font.face.name == b"FangSong":
            raise ValueError("unreadable")
        return font

    monkeypatch.setattr(fonts.ttfonts, "TTFont", refuse_first)
    assert any("正文应用仿宋体" in note for note in build("县").notes)


def test_face_that_cannot_be_cut_gives_way_to_the_next(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make("县0123456789—", {0x409: "FangSong"}).save(folder / "a.ttf")

    def refuse(font: Any, chars: str) -> Any:
        raise KeyError("loca")

    monkeypatch.setattr(cutting, "subset", refuse)
    assert any("正文应用仿宋体" in note for note in build("县").notes)


def test_variable_face_is_not_used(folder: Path) -> None:
    font = make("县", {0x409: "FangSong"})
    font["fvar"] = newTable("fvar")
    font["fvar"].axes, font["fvar"].instances = [], []
    font.save(folder / "a.ttf")
    assert any("正文应用仿宋体" in note for note in build("县").notes)


def test_damaged_installation_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = font_files.Found(str(tmp_path / "gone.otf"), 0, False, 0)
    monkeypatch.setattr(fonts, "_bundled", lambda kind: [gone])
    with pytest.raises(FileNotFoundError, match="重新安装"):
        build("县", system=False)


def test_windows_folders_and_registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "elsewhere" / "own.ttf"
    own.parent.mkdir()
    make("县", {0x804: "仿宋"}).save(own)
    values: list[Any] = [("仿宋 (TrueType)", str(own), 1), ("broken", 7, 4), ("gone", "gone.ttf", 1)]

    class Key:
        def __enter__(self) -> Key:
            return self

        def __exit__(self, *details: object) -> None:
            return None

    def open_key(hive: str, path: str) -> Key:
        if hive == "user":
            raise OSError("no such key")
        return Key()

    registry = ModuleType("winreg")
    registry.__dict__.update(
        HKEY_LOCAL_MACHINE="machine",
        HKEY_CURRENT_USER="user",
        OpenKey=open_key,
        QueryInfoKey=lambda key: (0, len(values), 0),
        EnumValue=lambda key, n: values[n],
    )
    monkeypatch.setitem(sys.modules, "winreg", registry)
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("WINDIR", str(tmp_path / "Windows"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert font_files._folders() == [
        tmp_path / "Windows" / "Fonts",
        tmp_path / "Local" / "Microsoft" / "Windows" / "Fonts",
    ]
    font_files._scan.cache_clear()
    try:
        assert [found.path for found in font_files.find_faces(["仿宋"])] == [str(own)]
    finally:
        font_files._scan.cache_clear()


def test_names_for_old_macintosh_systems(folder: Path) -> None:
    font = make("县", {0x409: "Other"})
    font["name"].setName("FangSong", 1, 1, 0, 0)
    font["name"].setName("unrelated", 13, 3, 1, 0x409)
    font.save(folder / "a.ttf")
    assert len(font_files.find_faces(["fangsong"])) == 1
