"""培训: trainings with those who came, and every attendance."""

from db.entities import TRAINING
from db.fields import Entity
from desktop.entity_page import EntityPage
from desktop.entity_pane import EntityPane
from desktop.pages.training_pane import TrainingPane


class TrainingPage(EntityPage):
    """Two lists as tabs."""

    hint = "Ctrl+N 登记培训　F2 改这一格　Enter 表单　Ctrl+V 粘贴　Ctrl+Z 撤销"

    def make_pane(self, entity: Entity) -> EntityPane:
        """Return the list of a record."""
        return TrainingPane(self) if entity is TRAINING else super().make_pane(entity)
