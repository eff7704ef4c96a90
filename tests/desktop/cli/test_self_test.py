"""The test that the packaged program runs: it passes here, and it fails where something is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.__main__ import main
from desktop.cli import self_test
from tests.test_architecture import ROOT


def test_it_passes_and_leaves_nothing_behind(tmp_path: Path) -> None:
    data = tmp_path / "数据"
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "self-test", "--out", str(tmp_path / "自检.json")], cwd=ROOT, check=False,
        env=os.environ | {"BOAI_DATA": str(data), "QT_QPA_PLATFORM": "offscreen"}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads((tmp_path / "自检.json").read_text(encoding="utf-8"))
    assert told["ok"]
    assert [step["step"] for step in told["steps"] if not step["ok"]] == []
    assert len(told["steps"]) == 9
    assert not data.exists()


def test_a_step_that_fails_is_told_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: object) -> str:
        raise ImportError("no reportlab.graphics.barcode.code93")

    for name in ("workbooks", "tables", "judge", "papers", "backup", "page", "window"):
        monkeypatch.setattr(self_test._Run, name, lambda _: "好")
    monkeypatch.setattr(self_test._Run, "papers", broken)
    assert main(["self-test", "--out", str(tmp_path / "自检.json")]) == 1
    told = json.loads((tmp_path / "自检.json").read_text(encoding="utf-8"))
    assert [step["step"] for step in told["steps"] if not step["ok"]] == ["生成报告"]
    assert told["steps"][-1]["ok"]
    assert "ImportError" in capsys.readouterr().out
