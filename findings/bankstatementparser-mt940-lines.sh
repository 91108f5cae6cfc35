#!/bin/bash
# The line ends of an MT940 :86: (a line holds 65 characters, so texts are cut anywhere) become blanks inside words and IBANs.
# Package: bankstatementparser 0.0.29. Valid input, invented people. Needs python3; fails if the behaviour has changed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
./venv/bin/pip install --quiet --disable-pip-version-check 'bankstatementparser==0.0.29'

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
from bankstatementparser import Mt940Parser
text = Mt940Parser("statement.sta").parse()["description"].iloc[0]
print(text)
assert "Soz ialhilfe" in text and "DE55999100850068 305900" in text, "line ends are joined in another way now"
print("as found: bankstatementparser 0.0.29 puts a blank into a word and into an IBAN at each line end of :86:")
PY
