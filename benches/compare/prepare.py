"""prepare.py MONTH OUT: the simulated month as OUT/list.csv and OUT/bank.csv.

`simulate` writes three lists in three layouts and a bank file a month, in Windows-1252. Here they
become one list in one layout and one export, both in UTF-8, which is all that Polars reads from a
file. No row is left out.
"""

import csv
import sys
from pathlib import Path

LIST = [
    "Aktenzeichen", "Leistungsberechtigter", "Zahlungsempfänger", "IBAN", "Betrag", "Leistungsart",
    "Fälligkeit", "End-to-End-ID", "Zahlungslauf", "Zahlweg", "Status", "Bemerkung",
]

# Columns of each list in the order of LIST; a pair is put together with a blank.
LAYOUTS = {
    "sozialhilfe.csv": ("cp1252", ";", [
        "Aktenzeichen", ("Vorname", "Name"), "Zahlungsempfänger", "IBAN", "Zahlbetrag",
        "Leistungsart", "Fälligkeit", "End-to-End-ID", "Zahlungslauf", "Zahlweg", "Status",
        "Bemerkung",
    ]),
    "hilfe-zur-pflege.csv": ("utf-8-sig", ";", [
        "Fallnummer", "Leistungsberechtigter", "Kontoinhaber", "IBAN", "Betrag", "Leistungsart",
        "Fällig am", "Ende-zu-Ende-Referenz", "Lauf", "Zahlweg", "Status", "Bemerkung",
    ]),
    "heime.csv": ("utf-8", ",", [
        "Az.", "Name", "Zahlungsempfänger", "IBAN", "Betrag", "Leistungsart", "Fälligkeit",
        "End-to-End-ID", "Lauf", "Zahlweg", "Status", "Bemerkung",
    ]),
}


def main(month, out):
    with open(out / "list.csv", "w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
        writer.writerow(LIST)
        for path in sorted((month / "listen").iterdir()):
            encoding, delimiter, columns = LAYOUTS[path.name]
            with open(path, encoding=encoding, newline="") as source:
                rows = csv.reader(source, delimiter=delimiter)
                header = next(rows)
                places = [
                    [header.index(name) for name in (column if isinstance(column, tuple) else (column,))]
                    for column in columns
                ]
                for row in rows:
                    writer.writerow([" ".join(row[place] for place in part) for part in places])
    with open(out / "bank.csv", "w", encoding="utf-8", newline="") as target:
        header = None
        for path in sorted((month / "bank").glob("umsaetze-*.csv")):
            with open(path, encoding="cp1252", newline="") as source:
                first = source.readline()
                if header is None:
                    header = first
                    target.write(first)
                elif first != header:
                    sys.exit(f"{path.name} has other columns")
                for line in source:
                    target.write(line)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
