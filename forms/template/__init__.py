"""Somebody else's form filled with the quarter's figures; whatever is not bound in it stays as it was."""

from forms.template.names import GROUPS, Values, all_names, quarter_values
from forms.template.repeating import Filled
from forms.template.template import Template
from forms.template.word_template import WordTemplate

__all__ = ["GROUPS", "Filled", "Form", "Template", "Values", "WordTemplate", "all_names", "quarter_values"]

Form = Template | WordTemplate
