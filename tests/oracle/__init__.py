"""An independent reading of the contracts, over workbook rows in plain Python: figures, verdicts, random offices.

Nothing here looks at the program; only `tests.oracle.program` and the tests that compare do.
"""

from tests.oracle.base import Office, Row, Value, Verdict, theme_days
from tests.oracle.computed import CLAUSES, RATIO_CLAUSES, check
from tests.oracle.figures import figures

__all__ = ["CLAUSES", "RATIO_CLAUSES", "Office", "Row", "Value", "Verdict", "check", "figures", "theme_days"]
