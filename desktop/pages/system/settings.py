"""设置: reminders, look, backup and password; beside them the office's own records as lists."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QMessageBox,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from db.errors import UserError
from db.records.entities import DISASTER_PRONE, OFFICE, RESPONSIBILITY
from db.records.fields import Entity
from db.records.internal_entities import HOUR_THRESHOLD, LOWER_OFFICE, OFFICE_PARAMETER, STAFF
from db.records.kinds import Value
from db.storage.keys import Secret
from db.storage.store import Store
from db.tasks import backup as backups
from db.tasks import operators
from db.tasks.backup_file import SUFFIX
from db.tasks.quarter_steps import staff
from desktop.pages.system.backup_list import BackupList
from desktop.pages.system.new_password import NewPassword
from desktop.pages.system.notices import Notices
from desktop.pages.system.office_form import OfficeForm
from desktop.pages.system.operator_passwords import OperatorPasswords
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage
from desktop.services import access, reminders, settings
from desktop.services.access import LOCK_MINUTES
from desktop.services.backups import (
    backs_up_by_itself,
    backup_folder,
    backup_name,
    backup_words,
    done_since,
    last_backup,
    second_place,
    second_words,
)
from desktop.shell.desk import Desk
from desktop.shell.taking_over import take_over
from desktop.shell.theme import ZOOMS
from desktop.shell.widgets import Elided, SecretLine, button, card, fill, label, room_for_words, row, scrolled

_NARROW = 800  # with less room, one column of cards
BACKUPS = f"博爱台账备份 (*{SUFFIX})"


class General(QWidget):
    """The tab that is no list."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk, self.theme = desk, desk.theme
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area, inner = scrolled("常用设置")
        sides = self.sides = row(spacing=12)
        self.notices = Notices(desk)
        for cards in (
            (self._safety(), self._secret(), self.notices),
            (self._reminding(), self._look(), self._operating()),
        ):
            side = QVBoxLayout()
            side.setSpacing(12)
            fill(side, (*cards, None))
            sides.addLayout(side, 1)
        inner.setSpacing(16)
        inner.addLayout(sides)
        self.backups = BackupList(desk, self.ask_restore)
        inner.addWidget(self.backups, 1)
        outer.addWidget(area)
        self.setFocusProxy(self.now_button)
        desk.backed_up.connect(self.show_backup)
        desk.backed_up.connect(self.backups.load)
        self.show_backup()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside each other, the cards stand under each other."""
        super().resizeEvent(event)
        narrow = self.width() < self.theme.px(_NARROW)
        self.sides.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)

    # Backup

    def _safety(self) -> QWidget:
        frame, inside = card((18, 14, 18, 14), 8)
        inside.addWidget(label("备份", "heading"))
        words = (
            "备份是加密的，含台账和附件，每次都会打开核对。“立即备份到…”做成一个文件；自动备份和第二处的附件放在旁边的“附件库”"
            "文件夹里，要放在一起。请定期复制一份到 U 盘，与电脑分开放。"
        )
        inside.addWidget(label(words, "dim", wrap=True))
        self.backup_words = label("", "strong")
        self.place = Elided("", "hint")
        inside.addWidget(self.backup_words)
        inside.addWidget(self.place)
        self.second = label("", "dim", wrap=True)
        inside.addWidget(self.second)
        self.daily = QCheckBox("每天第一次打开时自动备份，保留最近 10 份")
        self.daily.setChecked(backs_up_by_itself())
        self.daily.toggled.connect(lambda on: settings.keep("backup_daily", on))
        inside.addWidget(self.daily)
        self.now_button = button(self.theme, "立即备份到…", "export", "primary", "", self.back_up)
        folder = button(self.theme, "自动备份的位置", "folder", "", "", self.choose_folder)
        back = button(self.theme, "从备份恢复", "undo", "", "", self.restore)
        inside.addLayout(row(self.now_button, folder, back, None))
        second = button(self.theme, "备份到第二处（U 盘等）", "export", "", "", self.back_up_to_second)
        inside.addLayout(row(second, None))
        inside.addStretch(1)
        return frame

    def show_backup(self) -> None:
        """Show when and where."""
        never = "还没有做过完整的备份"  # what was put aside before an import holds no attachments
        self.backup_words.setText(backup_words(self.desk.now()) if last_backup() else never)
        self.place.say(f"自动备份的位置：{backup_folder()}")
        words = second_words(self.desk.now())
        self.second.setText(words)
        self.second.setVisible(bool(words))

    def back_up_to_second(self) -> None:
        """Ask for the folder, beginning with the last one, then write a backup there."""
        kept = second_place()
        chosen = QFileDialog.getExistingDirectory(
            self, "第二处备份的位置", str(kept.folder if kept else self.desk.folder)
        )
        if chosen:
            self.desk.second_asked.emit(Path(chosen))

    def back_up(self) -> None:
        """Ask where, then write a backup."""
        place = self.desk.folder / backup_name(self.desk.office.get("name", ""), self.desk.now())
        chosen, _ = QFileDialog.getSaveFileName(self, "备份到", str(place), BACKUPS)
        if chosen:
            self.desk.backup_asked.emit(Path(chosen))

    def choose_folder(self) -> None:
        """Choose where automatic backups go."""
        chosen = QFileDialog.getExistingDirectory(self, "自动备份的位置", str(backup_folder()))
        if chosen:
            settings.keep("backup_folder", chosen)
            self.show_backup()

    def restore(self) -> None:
        """Ask which backup, show what it is, and put it in place when the window closes for it."""
        chosen, _ = QFileDialog.getOpenFileName(self, "从备份恢复", str(backup_folder()), BACKUPS)
        if chosen:
            self.ask_restore(Path(chosen))

    def ask_restore(self, path: Path) -> None:
        """A restore replaces what is there, so this is one of the few questions."""
        try:
            found = backups.examine(path)
        except UserError as error:
            self.desk.complain(error)
            return
        later = done_since(self.desk.jobs.store_path, found)
        lost = f"备份之后又做过 {later:,} 次操作，恢复以后都没有了。" if later else ""
        text = (
            f"备份：{found.office}，{found.made_at:%Y-%m-%d %H:%M}。\n恢复以后，台账回到那时的样子。{lost}"
            "现在的台账不会删除，改名保存在原来的文件夹里。恢复时窗口会关一下，随后自动重新打开。"
        )
        box = QMessageBox(QMessageBox.Icon.NoIcon, "从备份恢复", text, parent=self)
        go = box.addButton("恢复", QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton("不恢复", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.exec()
        if box.clickedButton() is go:
            self.desk.restore_asked.emit(path)

    # Reminders, look

    def _reminding(self) -> QWidget:
        frame, inside = card((18, 14, 18, 14), 8)
        inside.addWidget(label("提醒", "heading"))
        self.days = self._number("提前多少天提醒到期", reminders.reminder_days(), 1, 365, "reminder_days")
        self.due = self._number("季度结束后第几天报送截止", reminders.report_days(), 0, 90, "report_days")
        for text, box in (("到期提前提醒", self.days), ("报送截止在季度结束后", self.due)):
            head = label(text)
            head.setBuddy(box)
            inside.addLayout(row(head, box, label("天", "dim"), None))
        words = "保险、证书、协议在到期之前这么多天，出现在工作台和右上角的铃铛里。"
        inside.addWidget(label(words, "hint", wrap=True))
        inside.addStretch(1)
        return frame

    def _number(self, name: str, value: int, least: int, most: int, key: str) -> QSpinBox:
        made = QSpinBox()
        made.setAccessibleName(name)
        made.setRange(least, most)
        made.setValue(value)
        made.lineEdit().setTextMargins(7, 0, 0, 0)  # a style sheet's padding does not reach it
        made.valueChanged.connect(lambda days: self._remind(key, days))
        return made

    def _remind(self, key: str, days: int) -> None:
        reminders.keep(key, days)
        self.desk.reminding_changed.emit()

    def _look(self) -> QWidget:
        frame, inside = card((18, 14, 18, 14), 8)
        inside.addWidget(label("外观", "heading"))
        self.zoom = QComboBox()
        self.zoom.setAccessibleName("字号")
        for zoom in ZOOMS:
            self.zoom.addItem(f"{zoom}%", zoom)
        self.zoom.setCurrentIndex(self.zoom.findData(self.theme.zoom))
        self.zoom.activated.connect(lambda _: self.desk.zoom_to(int(self.zoom.currentData())))
        self.dark = QCheckBox("深色")
        self.dark.setChecked(self.theme.dark)
        self.dark.toggled.connect(self.desk.set_dark)
        self.theme.changed.connect(self._show_look)
        head = label("字号")
        head.setBuddy(self.zoom)
        inside.addLayout(row(head, self.zoom, self.dark, None, spacing=12))
        inside.addWidget(
            label("也可以按住 Ctrl 滚动鼠标滚轮。深色只用在屏幕上，打印出来总是白纸黑字。", "hint", wrap=True)
        )
        inside.addStretch(1)
        return frame

    # Who works

    def _operating(self) -> QWidget:
        frame, inside = card((18, 14, 18, 14), 8)
        inside.addWidget(label("操作人", "heading"))
        self.who = QComboBox()
        self.who.setEditable(True)
        self.who.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.who.setAccessibleName("操作人")
        self.who.setMinimumWidth(self.theme.px(100))
        self.who.setMaximumWidth(self.theme.px(240))
        self.who.setEditText(self.desk.operator)
        line = self.who.lineEdit()
        assert line is not None
        line.editingFinished.connect(self._name)
        self.who.activated.connect(lambda _: self._name())
        self.desk.operator_changed.connect(self._show_operator)
        head = label("现在是谁在用")
        head.setBuddy(self.who)
        line_of = row(head, self.who, None)
        line_of.setStretch(1, 10)
        inside.addLayout(line_of)
        inside.addWidget(label("操作历史里记下这个名字。几个人共用一台电脑时，换人请改一下。", "hint", wrap=True))
        own = button(
            self.theme, "各人的密码", "lock", "", "各人用自己的密码打开，换人时要输入；不需要就不设", self.own_passwords
        )
        own.setEnabled(self.desk.jobs.store_path is not None and not self.desk.read_only)
        inside.addLayout(row(own, None))
        inside.addStretch(1)
        return frame

    def _name(self) -> None:
        if self.who.currentText().strip() != self.desk.operator:
            take_over(self.desk, self.who.currentText(), self._show_operator)

    def _show_operator(self) -> None:
        self.who.setEditText(self.desk.operator)

    def own_passwords(self) -> OperatorPasswords:
        """Let people have passwords of their own."""
        dialog = OperatorPasswords(self.desk)
        dialog.open()
        return dialog

    def show_people(self, names: list[str]) -> None:
        """Offer the people of the staff list."""
        self.who.clear()
        self.who.addItems(names)
        self.who.setEditText(self.desk.operator)

    def _show_look(self) -> None:
        self.zoom.setCurrentIndex(self.zoom.findData(self.theme.zoom))
        self.dark.setChecked(self.theme.dark)

    # Password

    def _secret(self) -> QWidget:
        frame, inside = card((18, 14, 18, 14), 8)
        inside.addWidget(label("密码和恢复码", "heading"))
        words = "改密码不影响恢复码。忘了密码、换了电脑，都要用恢复码打开台账，请与公章一样保管。"
        inside.addWidget(label(words, "dim", wrap=True))
        change = button(self.theme, "设置或更换密码", "lock", "", "", self.change_password)
        renew = button(
            self.theme, "换一个恢复码", "refresh", "", "恢复码被别人看过，或找不到了", lambda: self.renew_code()
        )
        inside.addLayout(row(change, renew, None))
        self.lock_minutes = QSpinBox()
        self.lock_minutes.setAccessibleName("没人操作多少分钟后锁定")
        self.lock_minutes.setRange(0, 240)
        self.lock_minutes.setSpecialValueText("不锁定")
        self.lock_minutes.setValue(settings.number("lock_minutes", LOCK_MINUTES, 0, 240))
        self.lock_minutes.lineEdit().setTextMargins(7, 0, 0, 0)
        self.lock_minutes.valueChanged.connect(lambda n: settings.keep("lock_minutes", n))
        head = label("没人操作多少分钟后锁定")
        head.setBuddy(self.lock_minutes)
        inside.addLayout(row(head, self.lock_minutes, None))
        inside.addWidget(label("设了密码才会锁定；电脑锁屏时也一起锁定。也可以随时按 Ctrl+L 锁定。", "hint", wrap=True))
        inside.addStretch(1)
        return frame

    def renew_code(self) -> None:
        """Ask for another recovery code."""
        if self.desk.jobs.store_path is None or self.desk.read_only:
            self.desk.complain(UserError("这份台账只在内存里，或是只读打开的，不能换恢复码"))
        else:
            self.desk.jobs.read(access.has_password, lambda has: NewCodeDialog(self.desk, has).open())

    def change_password(self) -> "PasswordDialog":
        """Ask for a new password."""
        dialog = PasswordDialog(self.desk)
        dialog.open()
        return dialog


class NewCodeDialog(QDialog):
    """Says what another recovery code means, and asks for the password of a ledger that has one."""

    def __init__(self, desk: Desk, has_password: bool) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.setWindowTitle("换一个恢复码")
        self.setMinimumWidth(desk.theme.px(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        words = (
            "台账会换用新的恢复码重新加密，旧恢复码从此打不开它。现在的台账不会删除，改名留在原来的文件夹里；它和以前的备份"
            "仍用旧恢复码。窗口会关一下，显示新恢复码，随后自动重新打开。"
        )
        column.addWidget(label(words, "dim", wrap=True))
        self.password = SecretLine()
        self.password.setAccessibleName("现在的密码")
        head = label("现在的密码", "dim")
        head.setBuddy(self.password)
        for widget in (head, self.password):
            widget.setVisible(has_password)
            column.addWidget(widget)
        self.has_password = has_password
        self.error = label("", "error", wrap=True)
        column.addWidget(self.error)
        self.go = button(desk.theme, "换恢复码", "refresh", "primary", "", self.save)
        column.addLayout(row(None, button(desk.theme, "取消", "", "", "", self.reject), self.go))

    def showEvent(self, event: QShowEvent) -> None:
        """No word is cut, at any size of the letters."""
        super().showEvent(event)
        room_for_words(self)

    def save(self) -> None:
        """Prove the password, then ask that the window be closed for it."""
        typed = self.password.text()
        if not self.has_password:
            self._proved(None)
            return
        self.go.setEnabled(False)
        self.desk.jobs.read(lambda store: _prove_office(store, typed), self._proved, self._refused)

    def _proved(self, _: object) -> None:
        typed = self.password.text()
        self.password.clear()
        self.accept()
        self.desk.new_code_asked.emit(typed)

    def _refused(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.error.setText(str(error))


def _set_office(store: Store, password: str) -> tuple[Secret | None, bool]:
    """Set the password; return what opens the ledger now, and whether there was one before."""
    had = access.has_password(store)
    operators.set_office_password(store, password)
    return store.secret, had


def _prove_office(store: Store, typed: str) -> None:
    if operators.prove_any(store, typed, False):
        raise UserError("这是您自己的密码，换恢复码要用台账的密码，没有换")


class PasswordDialog(QDialog):
    """Asks for the new password twice."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self.desk = desk
        self.setWindowTitle("设置密码")
        self.setMinimumWidth(desk.theme.px(380))
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(8)
        self.typed = NewPassword()
        self.lines, self.error = self.typed.lines, self.typed.error
        column.addWidget(self.typed)
        self.go = button(desk.theme, "保存密码", "tick", "primary", "", self.save)
        self.go.setDefault(True)
        column.addLayout(row(None, button(desk.theme, "取消", "", "", "", self.reject), self.go))

    def save(self) -> None:
        """Wrap the ledger's key under the new password."""
        if (password := self.typed.taken()) is not None:
            self.go.setEnabled(False)
            self.desk.jobs.read(lambda store: _set_office(store, password), self._saved, self._refused)

    def _saved(self, made: tuple[Secret, bool]) -> None:
        secret, had = made
        self.desk.jobs.know_secret(secret)
        self.desk.say("密码已更换，下次打开台账时使用新密码" if had else "密码已设置，下次打开台账时要输入")
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.go.setEnabled(True)
        self.typed.say(str(error))


class SettingsPage(EntityPage):
    """The settings, and the office's own records."""

    key, title, icon, group = "settings", "设置", "settings", "工具"
    front_hint = "Ctrl+S 备份一次　Ctrl+L 锁定　Ctrl+滚轮 改字号"
    records = (OFFICE, DISASTER_PRONE, RESPONSIBILITY, OFFICE_PARAMETER, HOUR_THRESHOLD, STAFF, LOWER_OFFICE)

    def make_front(self) -> tuple[tuple[str, QWidget], ...]:
        """The settings that are no list."""
        self.general = General(self.desk)
        self.office = OfficeForm(self.desk, lambda: self._show_rows())
        return (("常用", self.general), ("本会情况", self.office))

    def make_pane(self, entity: Entity) -> EntityPane:
        """The list of all that was ever said of the office stands behind its form, until it is asked for."""
        if entity is OFFICE:
            self.tabs.setTabVisible(self.front, False)
        return super().make_pane(entity)

    def _show_rows(self) -> None:
        self.tabs.setTabVisible(self.front, True)
        self.tabs.setCurrentIndex(self.front)

    def count_changed(self, pane: EntityPane, total: int, noun: str) -> None:
        """The list behind the form has another name than the form."""
        super().count_changed(pane, total, noun)
        if pane.entity is OFFICE:
            self.tabs.setTabText(self.front, "历次填写的内容")

    def load(self) -> None:
        """Read the form and the lists."""
        self.office.load()
        super().load()

    def select(self, entity: str, ids: frozenset[int]) -> None:
        """The office's own items are shown in their form."""
        if entity != OFFICE.name:
            super().select(entity, ids)
            return
        self.tabs.setCurrentIndex(1)
        self.office.go(next((n for n, made in self.office.lines.items() if made.said.id in ids), ""))

    def add(self, entity: str, given: Mapping[str, Value]) -> None:
        """An item that is asked for has its place in the form."""
        if entity != OFFICE.name:
            super().add(entity, given)
            return
        self.tabs.setCurrentIndex(1)
        self.office.go(str(given.get("item") or ""))

    def unsaved(self) -> list[str]:
        """Return the lists and the form in which something was typed and not saved."""
        return [*(["本会情况"] if self.office.waiting() else []), *super().unsaved()]

    def tell_counts(self) -> None:
        """The lists count on their tabs."""
        self.tell("备份、密码、提醒、外观，和本会自己的情况")

    def arrive(self) -> None:
        """Show when the last backup was."""
        super().arrive()
        self.general.show_backup()
        self.general.backups.load()
        self.general.notices.load()
        self.jobs.read(staff, self.general.show_people)
