"""Somebody else's workbook filled with the quarter's figures; whatever is not bound in it stays as it was."""

from forms.template.names import GROUPS, Values, all_names, quarter_values
from forms.template.template import Filled, Template

__all__ = ["GROUPS", "Filled", "Template", "Values", "all_names", "quarter_values"]
