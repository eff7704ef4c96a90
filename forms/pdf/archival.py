"""What makes a PDF of ours one for the archives: PDF/A-2, conformance level U (ISO 19005-2).

Fonts are embedded with their maps to Unicode anyhow, and nothing is transparent, encrypted, scripted or attached. What is
left: a header of PDF 1.7, metadata in XMP that say the same as the properties, sRGB as output intent, an identifier of the
file by its content, and a line end before every ``endstream`` (ReportLab writes none; importing this module replaces
``reportlab.pdfbase.pdfdoc.PDFStream.format``).
"""

from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase import pdfdoc

from forms.pdf.colour_profile import srgb_profile

VERSION = (1, 7)
_END = b"endstream\n"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{creator}</xmp:CreatorTool><xmp:CreateDate>{stamp}</xmp:CreateDate><xmp:ModifyDate>{stamp}</xmp:ModifyDate>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""

_as_reportlab_has_it = pdfdoc.PDFStream.format


def _stream(self: Any, document: Any) -> bytes:
    """Write a stream with a line end before ``endstream`` (6.1.7.1); its Length does not count it."""
    made: bytes = _as_reportlab_has_it(self, document)
    return made[: -len(_END)] + b"\n" + _END


pdfdoc.PDFStream.format = _stream


def archive(canvas: Any, day: date | None) -> None:
    """Make a canvas, whose properties are set, one of PDF/A-2u; *day* is what `stamp` made its date."""
    doc = canvas._doc
    info, catalog = doc.info, doc.Catalog
    at = f"{day.isoformat()}T00:00:00+08:00" if day else "2000-01-01T00:00:00+00:00"
    words = {name: escape(str(getattr(info, name))) for name in ("title", "author", "subject", "creator", "producer")}
    packet = _XMP.format(stamp=at, **words).encode()
    catalog.Metadata = pdfdoc.PDFStream(_named(Type="Metadata", Subtype="XML"), packet)
    profile = pdfdoc.PDFStream(pdfdoc.PDFDictionary({"N": 3}), srgb_profile(), [pdfdoc.PDFZCompress])
    intent = _named(Type="OutputIntent", S="GTS_PDFA1")
    intent["OutputConditionIdentifier"] = pdfdoc.PDFString("sRGB IEC61966-2.1")
    intent["Info"] = pdfdoc.PDFString("sRGB IEC61966-2.1")
    intent["DestOutputProfile"] = doc.Reference(profile)
    catalog.OutputIntents = pdfdoc.PDFArray([intent])
    catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]


def _named(**names: str) -> Any:
    return pdfdoc.PDFDictionary({key: pdfdoc.PDFName(name) for key, name in names.items()})


def stamp(canvas: Any, day: date) -> None:
    """Make *day* (midnight in China) the file's creation date; ReportLab offers only an environment variable."""
    made = canvas._doc._timeStamp
    made.YMDhms, made.dhh, made.dmm = (day.year, day.month, day.day, 0, 0, 0), 8, 0
