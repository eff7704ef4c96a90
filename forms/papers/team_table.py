"""队伍情况表: annex 1 of the quarterly report as a paper of its own."""

from forms.papers.paper import Paper, PaperData
from forms.pdf.document import ReportDocument
from forms.report.pdf import team_annex


def fill(doc: ReportDocument, data: PaperData, title: str) -> None:
    """Put in the report's team table."""
    team_annex(doc, data.report, title)


PAPER = Paper("team-table", "队伍情况表", fill)
