"""Our PDFs are PDF/A-2u, and the check that says so sees what is not."""

import io
import re

import pytest
from PIL import Image, ImageCms

from forms.pdf.colour_profile import srgb_profile
from tests.forms.pdf.archival_check import faults
from tests.forms.pdf.test_document import rendered

# What is done to a file of ours, of the same length, and the clause that is broken by it.
BROKEN = (
    (rb"%PDF-1\.7", b"%PDF-2.0", "6.1.2"),
    (rb"\n%....", b"\n%abcd", "6.1.2"),
    (rb"\n%%EOF\n", b"\n%%EOF\n\n\n", "6.1.3"),
    (rb"/ID \n", b"/IE \n", "6.1.3"),
    (rb"xref\n0 ", b"xref\r0 ", "6.1.4"),
    (rb"\nendstream", b"\0endstream", "6.1.7.1"),

    (rb" 0 obj\n", b" 0 obj ", "6.1.9"),
    (rb"/GTS_PDFA1", b"/GTS_PDFX1", "6.2.3"),
    (rb"/DestOutputProfile (\d+) 0 R", None, "6.2.3"),
    (rb"/OutputIntents", b"/OutputIntentz", "6.2.3"),
    (rb"/Metadata (\d)", rb"/Metadatb \1", "6.6.2.1"),
    (rb"<pdfaid:part>2", b"<pdfaid:part>1", "6.6.4"),
    (rb"conformance>U", b"conformance>B", "6.6.4"),
    (rb"dc:(creator)(.*)/dc:creator>", rb"dc:sreator\2/dc:sreator>", "6.6.2.3.1"),
    (rb"\+08'00'\)", b"+09'00')", "6.6.3"),
    (rb"id=\"W5M0", b"bytes=\"M", "6.6.2.1"),
    (rb"/ToUnicode", b"/ToUnicodf", "6.2.11.7.2"),
    (rb"/FontFile2", b"/FontFile3", "6.2.11.4.1"),
    (rb"/Subtype /TrueType", b"/Subtype /TrueTypf", "6.2.11.2"),
    (rb"/Flags 4", b"/Flags 0", "6.2.11.6"),
    (rb"/Lang \(zh-CN\)", b"/Lang (en-US)", "6.7.4"),
    (rb"/PageMode /UseNone", b"/OpenAction /Foooo", "6.5.1"),
    (rb"/Rotate 0", b"/Annots 0", "6.3"),
)  # fmt: skip


def test_a_report_with_a_table_is_one() -> None:
    assert faults(rendered()) == []


@pytest.mark.parametrize(("what", "instead", "clause"), BROKEN, ids=[f"{c}-{n}" for n, (_, _, c) in enumerate(BROKEN)])
def test_what_is_broken_is_seen(what: bytes, instead: bytes | None, clause: str) -> None:
    content = rendered()
    assert re.search(what, content, re.DOTALL), what
    if instead is None:  # the profile is another object: the metadata
        number = re.search(rb"/Metadata (\d+)", content)
        assert number
        instead = b"/DestOutputProfile " + number[1] + b" 0 R"
    found = faults(re.sub(what, instead, content, count=1, flags=re.DOTALL))
    assert any(fault.startswith(f"{clause}:") for fault in found)


def test_the_profile_is_srgb() -> None:
    """Little CMS reads it and turns every colour into the same one of its own sRGB, but for a step of rounding."""
    own = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    turn = ImageCms.buildTransform(
        own, ImageCms.createProfile("sRGB"), "RGB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    colours = bytes((i * k) % 256 for i in range(4096) for k in (1, 7, 31))
    image = Image.frombytes("RGB", (64, 64), colours)
    turned = ImageCms.applyTransform(image, turn)
    assert turned is not None
    assert max(abs(a - b) for a, b in zip(colours, turned.tobytes(), strict=True)) <= 1
