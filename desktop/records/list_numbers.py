"""The numbers of people in a list, its forms and its cells: whole only for a purpose that is logged."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from desktop.records import list_out
from desktop.records.list_toolbar import ListToolbar
from desktop.shell.desk import Desk
from desktop.tables.edit_form import EditForm
from desktop.tables.grid import Grid
from desktop.tables.whole_numbers import CALLING, log_use, show_whole


class ListNumbers(QObject):
    """Answers whoever wants to see the numbers of a list whole: all by its button, one in a form or a cell."""

    def __init__(
        self, desk: Desk, what: str, toolbar: ListToolbar, grid: Grid, set_masked: Callable[[bool], None]
    ) -> None:
        super().__init__(toolbar)
        self.desk, self.what, self.set_masked = desk, what, set_masked
        self.eye, self.grid = toolbar.mask_button, grid
        toolbar.numbers_turned.connect(self.turn)
        cells = grid.editing
        cells.whole_wanted.connect(lambda telephone: self._one(telephone, lambda _: cells.uncover()))

    def turn(self, whole: bool) -> None:
        """Show the numbers of all rows whole once that is logged, or mask them again at once."""
        if not whole:
            self.set_masked(True)
            return
        self.eye.setChecked(False)
        show_whole(self.desk, f"{self.what}名单", self.grid.records.rowCount(), self._shown)

    def _shown(self) -> None:
        self.eye.setChecked(True)
        self.set_masked(False)

    def print_list(self, masked: bool) -> None:
        """Print the rows as they are shown; that whole numbers go to paper is logged first."""

        def work() -> None:
            list_out.print_rows(self.desk, self.grid, self.what)

        if masked:
            work()
        else:
            log_use(self.desk, "打印完整号码", f"{self.what}名单", self.grid.records.rowCount(), work)

    def serve(self, form: EditForm) -> None:
        """Answer a form's wishes too."""
        form.whole_wanted.connect(lambda telephones: self._one(telephones, form.uncover))

    def _one(self, telephone: bool, show: Callable[[bool], None]) -> None:
        """One person's telephone is for a call; anything else asks for its purpose."""
        show_whole(self.desk, self.what, 1, lambda: show(telephone), CALLING if telephone else "")
