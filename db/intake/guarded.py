"""An import that is taken back where it breaks a rule across rows."""

from collections.abc import Callable

from db.errors import Refused
from db.intake.results import ImportResult
from db.records.entities import FUND_ENTRY
from db.records.fields import Entity
from db.storage.store import Store
from db.tasks import money


def take_in_guarded(store: Store, entity: Entity, run: Callable[[], ImportResult]) -> ImportResult:
    """Run an intake, which opens its own operation, and take it back where it overspends earmarked money."""
    gaps = money.earmark_gaps(store) if entity is FUND_ENTRY else {}
    done = run()
    if entity is FUND_ENTRY and done.operation is not None:
        try:
            money.refuse_overdrawn(store, gaps)
        except Refused:
            store.undo(done.operation)
            raise
    return done
