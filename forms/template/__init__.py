"""Somebody else's form filled with the quarter's figures; whatever is not bound in it stays as it was."""

from forms.template.names import GROUPS, Values, all_names, quarter_values
from forms.template.repeating import Filled
from forms.template.template import Template

__all__ = ["GROUPS", "Filled", "Template", "Values", "all_names", "quarter_values"]
