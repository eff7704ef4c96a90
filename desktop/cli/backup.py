"""The commands that keep the ledger safe: backup, restore, unlock, new-code, verify."""

import argparse
import getpass
import sys
from pathlib import Path

from db.errors import UserError
from db.storage import vault
from db.storage.keys import Secret
from db.tasks import backup as backups
from db.tasks import operators, renewing, restoring
from db.tasks.verifying import verify_file
from desktop.cli.clock import now
from desktop.cli.commands import at_terminal, keys_for, ledger_file, new_password, open_ledger, password_in, print_json
from desktop.services.backups import back_up_to_second, backup_name, second_place, second_words


def backup(options: argparse.Namespace) -> int:
    """Write a backup."""
    at = now()
    with open_ledger(options) as store:
        if options.second is not None:
            kept = second_place()
            folder = Path(options.second) if options.second else kept.folder if kept else None
            if folder is None:
                raise UserError("还没有选第二处备份的位置，请写成 --second 文件夹。没有备份")
            assert store.path is not None
            assert store.secret is not None
            made = back_up_to_second(store.path, store.secret, folder, at)
        else:
            place = options.out or backups.usual_folder() / backup_name(store.office().get("name", ""), at)
            made = backups.back_up(store, place, at)
    print(f"已备份并核对：{made.path}")
    if made.missing:
        print(f"注意：有 {len(made.missing)} 个附件早已丢失或损坏，没能备份；运行 boai verify 可查看", file=sys.stderr)
    if options.second is None and (words := second_words(at)):
        print(f"提醒：{words}（boai backup --second 文件夹）", file=sys.stderr)
    return 1 if made.missing else 0


def restore(options: argparse.Namespace) -> int:
    """Put a backup's ledger in place; what was there is kept beside it."""
    target = ledger_file(options)

    def unlock(unpacked: Path) -> Secret:
        return vault.unlock(unpacked, *keys_for(options, unpacked))

    found = backups.examine(options.file)
    told = f"备份：{found.office}，{found.made_at:%Y-%m-%d %H:%M}，志愿者 {found.counts.get('volunteer', 0)} 人"
    print(told, file=sys.stderr)
    if target.exists() and at_terminal() and input("恢复以后台账回到那时的样子，现在的改名保留。继续吗？(y/n) ") != "y":
        raise UserError("没有恢复，没有改动任何数据")
    aside = restoring.restore(
        options.file, target, now(), unlock, another=options.another, without_files=options.without_files
    )
    print(f"已从备份恢复：{target}")
    if aside is not None:
        print(f"原来的台账没有删除，改名为：{aside}")
    return 0


def unlock(options: argparse.Namespace) -> int:
    """Open by the recovery code and set a new password."""
    password = new_password(options)
    with open_ledger(options, write=True) as store:
        operators.set_office_password(store, password)
    print("已更换密码，以后打开都要用它。恢复码不变，仍然有效；以前的备份仍用当时的密码")
    return 0


def operator(options: argparse.Namespace) -> int:
    """List who has a password of their own; give one, or take it away."""
    with open_ledger(options, write=bool(options.name)) as store:
        if not options.name:
            for name in sorted(operators.names(store)):
                print(f"{name}　另设了密码")
            return 0
        if options.remove:
            operators.remove_password(store, options.name)
            print(f"已取消“{options.name}”自己的密码")
            return 0
        operators.set_password(store, options.name, _password_for(options))
    print(f"已设置：以后用这个密码打开，操作人就是“{options.name}”。他离开时从经办人员里删去，这个密码就不能再用")
    return 0


def _password_for(options: argparse.Namespace) -> str:
    """Return an operator's new password, from a file or typed twice: the usual places hold what opens the ledger."""
    if options.new_password_file is not None:
        return password_in(options.new_password_file)
    if not at_terminal():
        raise UserError("请用 --new-password-file 给出这个人的新密码，没有设置")
    given = getpass.getpass(f"“{options.name}”的新密码（至少 8 个字符）：")
    if getpass.getpass("再输入一次：") != given:
        raise UserError("两次输入的密码不一样，没有设置")
    return given


def new_code(options: argparse.Namespace) -> int:
    """Give the ledger another recovery code and print it once; the old one no longer opens it."""
    with open_ledger(options, write=True) as store:  # whoever cannot open it cannot change its code
        path, secret = store.path, store.secret
        by_code = secret is not None and secret.by == "code"
        if operators.opened_by(store):
            raise UserError("换恢复码要用台账的密码（或恢复码）打开，没有换")
    assert path is not None
    assert secret is not None
    password = None
    if vault.examine(path)["has_password"]:
        password = new_password(options) if by_code else keys_for(options, path)[0]
    done = renewing.renew(path, secret, now(), password)
    print(f"新的恢复码（只显示这一次，请抄下或打印，锁在柜中）：{done.secret.code()}")
    if done.without:
        print(f"另设了密码的 {done.without} 人要重新设置密码：boai operator 姓名", file=sys.stderr)
    print(
        f"旧恢复码从此打不开这份台账。换之前的台账改名为：{done.aside.name}；它和以前的备份仍用旧恢复码，"
        "确认不再需要后请删去，并重新备份",
        file=sys.stderr,
    )
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
