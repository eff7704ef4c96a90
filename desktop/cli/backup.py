"""The commands that keep the ledger safe: backup, restore, verify."""

import argparse
from pathlib import Path

from db.storage import vault
from db.storage.keys import Secret
from db.tasks import backup as backups
from db.tasks.verifying import verify_file
from desktop.cli.clock import now
from desktop.cli.commands import keys_for, ledger_file, new_password, open_ledger, print_json
from desktop.services.backups import backup_name


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

    def unlock(unpacked: Path) -> Secret:
        return vault.unlock(unpacked, *keys_for(options, unpacked))

    aside = backups.restore(options.file, target, now(), unlock)
    print(f"已从备份恢复：{target}")
    if aside is not None:
        print(f"原来的台账没有删除，改名为：{aside}")
    return 0


def unlock(options: argparse.Namespace) -> int:
    """Open by the recovery code and set a new password."""
    password = new_password(options)
    with open_ledger(options, write=True) as store:
        store.set_password(password)
    print("已更换密码。恢复码不变，仍然有效")
    return 0


def verify(options: argparse.Namespace) -> int:
    """Examine the ledger and its attachments, and answer whatever is found: 3 damaged or not to be opened, 1 something
    to see to, 0 whole."""
    found = verify_file(lambda: open_ledger(options))
    grave = any(p.grave for p in found)
    if options.json:
        print_json({"ok": not grave, "problems": [{"kind": p.kind, "what": p.what} for p in found]})
    else:
        for p in found:
            print(p.what)
        if not grave:
            print("完好：数据页、结构、历史、附件都没有问题")
    if grave:
        return 3
    return 1 if any(p.kind != "journal" for p in found) else 0
