#!/bin/bash
# An MT940 message that ends with a line of its own with "-", as German banks end every message, is refused as a malformed balance;
# without that line the same message is read.
# Package: camt053-loader-mt940 0.0.23. Valid input, invented people. Needs python3; fails if the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
./venv/bin/pip install --quiet --disable-pip-version-check 'camt053-loader-mt940==0.0.23'

cat > statement.sta <<'MT'
:20:STARTUMS
:25:99900010/4711001
:28C:00240/001
:60F:C231129EUR5000,00
:61:2311301130D563,00NTRFNONREF
:86:116?00EINZELUEBERWEISUNG?109310?20EREF+SOZ2311-061000?21SVWZ+Soz
ialhilfe 11/2023 ?22Az 50.12-10800?30XXXXDEFFXXX?31DE55999100850068
305900?32Erika Beispiel
:62F:C231130EUR4437,00
-
MT

./venv/bin/python - <<'PY'
from camt053_loader_mt940 import parse_mt940
text = open("statement.sta").read()
try:
    parse_mt940(text)
except ValueError as error:
    print("refused:", error)
    assert ":62F:" in str(error)
else:
    raise SystemExit("the end of a message is understood now")
document = parse_mt940(text.rstrip().removesuffix("-").rstrip())
assert document.statements[0].entries[0].amount == "563.00"
print("as found: camt053-loader-mt940 0.0.23 takes the end of the message for a part of its closing balance")
PY
