"""Write the rows of the example office to where they ship: one comma-separated file for each sheet."""

import csv
import io

import resources
from db.records.entities import BY_LABEL
from forms import output
from tests.offices.example.office import example_sheets


def texts() -> dict[str, bytes]:
    """Return the file of each sheet that has rows: its name → UTF-8 text, headings first, a blank cell being empty."""
    found = {}
    for label, rows in example_sheets().items():
        if rows:
            text = io.StringIO()
            lines = csv.writer(text, lineterminator="\n")
            lines.writerow(rows[0])
            lines.writerows(["" if cell is None else cell for cell in row.values()] for row in rows)
            found[f"{BY_LABEL[label].name}.csv"] = text.getvalue().encode()
    return found


if __name__ == "__main__":
    for name, content in texts().items():
        output.write_whole(resources.path("example") / name, content)
