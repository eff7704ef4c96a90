"""培训: trainings with those who came, and every attendance."""

from db.records.entities import ATTENDANCE, TRAINING
from db.records.fields import Entity
from desktop.pages.training.training_pane import TrainingPane
from desktop.records.record_list import EntityPane
from desktop.records.record_page import EntityPage


class TrainingPage(EntityPage):
    """Two lists as tabs."""

    key, title, icon, group, shortcut = "training", "培训", "training", "台账", "4"
    records = (TRAINING, ATTENDANCE)
    hint = "Ctrl+N 登记培训　F2 改这一格　Enter 表单　Ctrl+V 粘贴　Ctrl+Z 撤销"

    def make_pane(self, entity: Entity) -> EntityPane:
        """Return the list of a record."""
        return TrainingPane(self.desk, nest=self.stack) if entity is TRAINING else super().make_pane(entity)
