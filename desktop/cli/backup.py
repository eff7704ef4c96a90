"""The commands that keep the ledger safe: backup, restore, verify."""

import argparse

from db.tasks import backup as backups
from desktop.cli.clock import now
from desktop.cli.commands import ledger_file, open_ledger, print_json
from desktop.services.backups import backup_name

WORDS = {
    "pages": "校验不符的数据页", "structure": "结构损坏", "references": "引用不一致的表", "missing": "缺失的附件",
    "damaged": "损坏的附件", "extra": "多出的附件文件",
}  # fmt: skip


def backup(options: argparse.Namespace) -> int:
    """Write a backup."""
    at = now()
    with open_ledger(options, write=True) as store:
        place = options.out or backups.usual_folder() / backup_name(store.office().get("name", ""), at)
        made = backups.back_up(store, place, at)
    print(f"已备份并核对：{made.path}")
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a backup's ledger in place; what was there is kept beside it."""
    target = ledger_file(options)
    aside = backups.restore(options.file, target, now())
    print(f"已从备份恢复：{target}")
    if aside is not None:
        print(f"原来的台账没有删除，改名为：{aside}")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Examine the ledger and its attachments; 3 where something is damaged, 1 where only files are left over."""
    with open_ledger(options) as store:
        found = backups.verify(store)
    if options.json:
        print_json(found)
    else:
        wrong = {WORDS[k]: len(v) for k, v in found.items() if v}
        print(
            "完好：数据页、结构、引用、附件都没有问题"
            if not wrong
            else "；".join(f"{k} {n} 处" for k, n in wrong.items())
        )
    if any(v for k, v in found.items() if k != "extra"):
        return 3
    return 1 if found.get("extra") else 0
