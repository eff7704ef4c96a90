"""Verify a 报送包 (.boai) without the program: ``python verify_package.py FILE…``; needs Python 3.11 and `cryptography`.

Checks the container, every SHA-256 and the signature, and works out again every total that the rows of the package give:
office = sum of its teams (and 本会共用), start + joined - left = end, insured + uninsured = persons. Prints what does not
agree, a line each; exit code 0 where all agrees, 1 where something does not. The form is in package.md beside this file.
"""

import base64
import hashlib
import json
import sys
import zipfile

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MOST_BYTES, MOST_FILES = 128 << 20, 14
SUMS = ("members_start", "members_joined", "members_left", "members_end", "service_minutes", "service_person_times")
MONEY = ("income_fen", "expense_fen", "income_ytd_fen", "expense_ytd_fen", "balance_fen")
AT_MOST_SUM = ("persons_end", "service_persons")  # a person in two teams counts once for the office
# (left, parts): the left one is the sum of the parts, in every row that has them all
RELATIONS = (
    ("teams_end", ("teams_own_end", "teams_other_end")),
    ("persons_end", ("insured_end", "uninsured_end")),
    ("members_end", ("members_start", "members_joined", "-members_left")),
)
ABOVE = (("volunteers_end", "volunteers_network_end"), ("members_end", "persons_end"),
         ("service_person_times", "service_persons"), ("training_person_times", "training_persons"))  # fmt: skip


def once(pairs):
    """Refuse JSON in which a key stands twice."""
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def canonical(said):
    """Return the one form of JSON that is signed: UTF-8, keys sorted, no spaces."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read(path):
    """Return the parts of the container by name; raise ValueError where it is none, or too large."""
    parts, size = {}, 0
    with zipfile.ZipFile(path) as zipped:
        if len(zipped.infolist()) > MOST_FILES:
            raise ValueError("too many files")
        for info in zipped.infolist():
            if info.filename in parts or "/" in info.filename or "\\" in info.filename:
                raise ValueError(f"a name that may not be: {info.filename!r}")
            with zipped.open(info) as part:
                parts[info.filename] = part.read(MOST_BYTES - size + 1)
            size += len(parts[info.filename])
            if size > MOST_BYTES:
                raise ValueError("too large when unpacked")
    return parts


def signed(parts):
    """Yield what is wrong with form, signature and files."""
    text, signature = parts.get("package.json"), parts.get("signature.json")
    if text is None or signature is None:
        yield "package.json or signature.json is missing"
        return
    said, seal = json.loads(text, object_pairs_hook=once), json.loads(signature, object_pairs_hook=once)
    if canonical(said) != text:
        yield "package.json is not in its one form"
    try:
        key = base64.b64decode(seal["key"], validate=True)
        Ed25519PublicKey.from_public_bytes(key).verify(base64.b64decode(seal["signature"], validate=True), text)
        mark = hashlib.sha256(key).hexdigest()[:32].upper()
        print("key:", "-".join(mark[i : i + 4] for i in range(0, 32, 4)))
    except InvalidSignature:
        yield "the signature is not of this content"
    listed = {f["name"]: f for f in said["files"]}
    for name in sorted({*listed} ^ ({*parts} - {"package.json", "signature.json"})):
        yield f"file {name}: {'listed and not there' if name in listed else 'there and not listed'}"
    for name, f in listed.items():
        if name in parts and (hashlib.sha256(parts[name]).hexdigest(), len(parts[name])) != (f["sha256"], f["bytes"]):
            yield f"file {name}: its SHA-256 or its size is another"


def compared(where, name, said, found):
    """Yield a line where a figure is not what its parts come to."""
    if said != found:
        yield f"{where}: {name} is {said}, its parts come to {found}"


def totals(said):
    """Yield every figure that is not what the rows give."""
    if said["kind"] == "rollup":
        for office in said["offices"]:
            yield from within(office["office"], office["figures"])
        return
    figures = said["figures"]
    office, shared, teams = figures["office"], figures["shared"], figures["teams"]
    for name in SUMS + MONEY:
        if name in office:
            extra = shared.get(name) or 0 if name in MONEY else 0
            yield from compared("office", name, office[name], sum(t.get(name) or 0 for t in teams) + extra)
    for name in AT_MOST_SUM:
        rows = [t.get(name) or 0 for t in teams]
        if office.get(name) is not None and not max(rows, default=0) <= office[name] <= sum(rows):
            yield f"office: {name} is {office[name]}, the teams allow {max(rows, default=0)} to {sum(rows)}"
    for where, row in [("office", office), *((t["team"], t) for t in teams)]:
        yield from within(where, row)


def within(where, row):
    """Yield what does not agree within one row."""
    for left, parts in RELATIONS:
        names = [left, *(p.lstrip("-") for p in parts)]
        if all(row.get(n) is not None for n in names):
            found = sum(-row[p[1:]] if p.startswith("-") else row[p] for p in parts)
            yield from compared(where, left, row[left], found)
    for more, less in ABOVE:
        if row.get(more) is not None and row.get(less) is not None and row[less] > row[more]:
            yield f"{where}: {less} {row[less]} is more than {more} {row[more]}"


def verify(path):
    """Return every line of what does not agree in a file."""
    try:
        parts = read(path)
        wrong = list(signed(parts))
        if "package.json" in parts:
            said = json.loads(parts["package.json"], object_pairs_hook=once)
            print(said["kind"], said["office"], said["period"], f"edition {said['edition']}", said["edition_sha256"])
            wrong += totals(said)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, EOFError, RecursionError,
            NotImplementedError, zipfile.BadZipFile, zipfile.zlib.error) as error:  # fmt: skip
        return [f"cannot be read: {type(error).__name__} {error}"]
    return wrong


def main():
    """Verify the files named."""
    failed = False
    for path in sys.argv[1:]:
        found = verify(path)
        failed |= bool(found)
        print(f"{path}: {'does not agree' if found else 'all agrees'}")
        for line in found:
            print(f"    {line}")
    sys.exit(failed or len(sys.argv) < 2)


if __name__ == "__main__":
    main()
