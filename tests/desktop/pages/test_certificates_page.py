"""服务证明 in the window: issued, printed again, revoked; and nothing is entered where something lacks."""

from pathlib import Path

from db.records.entities import SERVICE_RECORD
from db.records.internal_entities import SERVICE_CERTIFICATE
from desktop.pages.service.certificates import CertificatesPage, IssueDialog, RevokeDialog
from desktop.window.window import MainWindow
from tests.desktop.conftest import Settle
from tests.desktop.journeys.test_tasks_teams import rows


def test_a_certificate_is_issued_printed_again_and_revoked(window: MainWindow, settle: Settle, tmp_path: Path) -> None:
    window.jobs.write(
        "测试",
        lambda store: store.save(
            SERVICE_RECORD,
            {"volunteer_id": 1, "team_id": 1, "activity_id": None, "served_on": "2026-08-01", "service_minutes": 150,
             "content": "值守", "has_proof": "yes", "is_synced": None},
        ),
    )  # fmt: skip
    page = window.show_page("service_certificate")
    settle()
    assert isinstance(page, CertificatesPage)
    assert not page.revoke_button.isEnabled()
    page.new_button.click()
    settle()
    dialog = page.dialog
    assert isinstance(dialog, IssueDialog)
    dialog.issue()
    assert "必填" in dialog.error.text() or "必须" in dialog.error.text()
    dialog.editors["volunteer_id"].set_value(1)
    dialog.all.setChecked(True)
    dialog.issue()
    assert "原因" in dialog.error.text()
    dialog.all.setChecked(False)
    found = dialog.values(required=("volunteer_id", "end_on"))
    assert found is not None
    dialog.issue_to(tmp_path, found)
    settle()
    (line,) = page.model.rows
    assert (line["name"], line["minutes"], line["changed"]) == ("张雪梅", 150, False)
    assert [p.suffix for p in tmp_path.iterdir()] == [".pdf"]
    page.print_again_to(tmp_path / "再")
    settle()
    assert len(list((tmp_path / "再").iterdir())) == 1
    page.revoke()
    settle()
    asked = page.dialog
    assert isinstance(asked, RevokeDialog)
    asked.editors["why_revoked"].set_value("写错了期间")
    asked.revoke()
    settle()
    (row,) = rows(window, settle, SERVICE_CERTIFICATE)
    assert row["revoked_on"] is not None
    assert not page.revoke_button.isEnabled()
    assert page.fact == "登记 1 份，有效 0 份"
