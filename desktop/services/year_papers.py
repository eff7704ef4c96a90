"""The year's papers as files: certificates of service out of their register, and lists as PDF and Excel."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from db.errors import UserError
from db.quarters import Period
from db.storage.store import Store
from db.tasks import service_certificates
from desktop.services.reporting import paper_data, paper_pdf, quarter_data
from forms import output
from forms.papers import Paper
from forms.papers.book import paper_book
from forms.pdf.fonts import MissingGlyphs
from forms.report.service_certificate import TITLE, certificate_pdf


@dataclass(frozen=True)
class Issued:
    """A certificate that was entered and written: its id and number, the file, and how many records had no proof."""

    id: int
    number: str
    path: Path
    unproven: int


def issue(
    store: Store, person: int, start: dt.date | None, end: dt.date, today: dt.date, folder: Path, *, head: str = "",
    handler: str = "", reason: str = "",
) -> Issued:  # fmt: skip
    """Enter a certificate into the register and write it; nothing is entered that cannot be set on paper.

    `reason`: records without proof count too, by the head's word. Raises `UserError`.
    """
    content = service_certificates.contents(
        store, person, start, end, today, head=head, handler=handler, reason=reason.strip()
    )
    pdf_of(content | {"number": "—"})  # what cannot be set is refused before a number is spent
    name = str(content["person"]["name"])
    with store.operation(f"出具志愿服务记录证明：{name}（含完整证件号码）"):
        number = service_certificates.issue(store, content)
    kept = service_certificates.kept(store, number)
    return Issued(number, str(kept["number"]), write(kept, folder), int(content["unproven"]))


def write(content: service_certificates.Content, folder: Path) -> Path:
    """Write a certificate of the register into a folder, never over another file."""
    name = output.safe_name(f"{TITLE}_{content['number']}_{content['person']['name']}")
    return output.write_beside(folder / f"{name}.pdf", pdf_of(content))


def print_again(store: Store, certificate: int, folder: Path) -> Path:
    """Write a certificate as it was issued, marked if it was revoked or its records changed; that is logged."""
    content = service_certificates.kept(store, certificate)
    pdf_of(content)
    store.note("再次打印志愿服务记录证明", f"编号 {content['number']}，含完整证件号码")
    return write(content, folder)


def pdf_of(content: service_certificates.Content) -> bytes:
    """Return a certificate as PDF; raise `UserError` naming characters no font has."""
    try:
        return certificate_pdf(content)
    except MissingGlyphs as error:
        raise UserError(str(error)) from None


def write_lists(store: Store, papers: Sequence[Paper], period: Period, folder: Path, today: dt.date) -> list[Path]:
    """Write papers into `folder`, each as PDF and, where it has tables, as Excel. All are made before the first is written."""
    report = quarter_data(store, period, today)
    made: list[tuple[str, bytes]] = []
    for paper in papers:
        data = paper_data(store, paper, report)
        name = output.safe_name(paper.full_title(data))
        made.append((f"{name}.pdf", paper_pdf(paper, data)))
        if (book := paper_book(paper, data)) is not None:
            made.append((f"{name}.xlsx", book))
    return [output.write_beside(folder / name, content) for name, content in made]
