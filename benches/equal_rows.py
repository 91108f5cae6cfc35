#!/usr/bin/env python3
"""Thousands of equal rows: processor time and memory of one build, or of several in turn.

    benches/equal_rows.py [--sizes 2000,8000] [--limit 60] [--shapes a,b] BINARY...

Every shape is what a pay-card issuer, a big landlord or a bank that shortens its exports makes of a
month: rows that only counting can tell apart. A run over the limit (seconds of processor time) is
ended and shown as `>`; a shape that a build could not do in time is not asked of it in a larger size.
`--keep FOLDER` leaves the files there. Prints a table for docs/benchmarks.md.
"""

import argparse
import hashlib
import io
import os
import resource
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

PAYER = "DE17999000100004711001"
PAYEE = "DE93999100560020316760"
MONTH = "2023-11"


def iban(number):
    """A German account with right check digits."""
    account = f"99910056{number:010d}"
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"


def payment_list(rows):
    lines = ["Aktenzeichen;Leistungsart;Name;IBAN;Betrag;Fälligkeit;End-to-End-ID"]
    lines += [f"{case};HLU;{name};{account};{amount};30.11.2023;{id_}" for case, name, account, amount, id_ in rows]
    return "\r\n".join(lines) + "\r\n"


def equal_payments(n):
    return payment_list((f"50.12-{i:06d}", f"Person {word(i)}", PAYEE, "320,00", "") for i in range(n))


def word(number):
    """A made-up family name for a number."""
    parts = ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu"]
    return "".join(parts[int(digit)] for digit in f"{number:06d}").capitalize()


HEAD = (
    '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";'
    '"Mandatsreferenz";"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";'
    '"Auslagenersatz Ruecklastschrift";"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";'
    '"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"'
)


def export(rows):
    """A savings bank's export: day, kind, text, name, account, amount, mark, id."""
    lines = [HEAD]
    for day, kind, text, name, account, amount, mark, id_ in rows:
        lines.append(
            f'"{PAYER}";"{day}";"{day}";"{kind}";"{text}";"";"";"{id_}";"";"";"";"{name}";"{account}";"";"{amount}";"EUR";"{mark}"'
        )
    return "\r\n".join(lines) + "\r\n"


def debit(day="30.11.23", text="", name="Kartenbank AG", account=PAYEE, amount="-320,00", mark="Umsatz gebucht", id_=""):
    return (day, "EINZELUEBERWEISUNG", text, name, account, amount, mark, id_)


def camt(day, entries):
    """A statement of one day whose balances tie; entries are (name, account or None)."""
    left = 10_000_000 - 320 * len(entries)
    out = [
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>M{day}</MsgId><CreDtTm>{day}T20:00:00+01:00</CreDtTm></GrpHdr><Stmt><Id>S{day}</Id>"
        f"<CreDtTm>{day}T20:00:00+01:00</CreDtTm><FrToDt><FrDtTm>{day}T00:00:00+01:00</FrDtTm><ToDtTm>{day}T23:59:59+01:00</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{PAYER}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f'<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">10000000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>'
        f'<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{abs(left)}.00</Amt><CdtDbtInd>{"CRDT" if left >= 0 else "DBIT"}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>\n'
    ]
    for name, account in entries:
        party = f"<Cdtr><Pty><Nm>{name}</Nm></Pty></Cdtr>" if name else ""
        to = f"<CdtrAcct><Id><IBAN>{account}</IBAN></Id></CdtrAcct>" if account else ""
        parties = f"<RltdPties>{party}{to}</RltdPties>" if party or to else ""
        out.append(
            f'<Ntry><Amt Ccy="EUR">320.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>'
            f"<BkTxCd><Prtry><Cd>NTRF+116</Cd><Issr>DK</Issr></Prtry></BkTxCd><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>"
            f'<Amt Ccy="EUR">320.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>{parties}</TxDtls></NtryDtls></Ntry>\n'
        )
    out.append("</Stmt></BkToCstmrStmt></Document>\n")
    return "".join(out)


def order(n):
    """An order of equal transfers without ids."""
    transfer = (
        '<CdtTrfTxInf><PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">320.00</InstdAmt></Amt>'
        f"<Cdtr><Nm>Kartenbank AG</Nm></Cdtr><CdtrAcct><Id><IBAN>{PAYEE}</IBAN></Id></CdtrAcct></CdtTrfTxInf>\n"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>'
        f"<GrpHdr><MsgId>LAUF-11</MsgId><CreDtTm>2023-11-28T10:00:00</CreDtTm><NbOfTxs>{n}</NbOfTxs><CtrlSum>{320 * n}.00</CtrlSum><InitgPty><Nm>Sozialamt</Nm></InitgPty></GrpHdr>"
        f"<PmtInf><PmtInfId>LAUF-11-P1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg><NbOfTxs>{n}</NbOfTxs><CtrlSum>{320 * n}.00</CtrlSum>"
        f"<ReqdExctnDt><Dt>2023-11-30</Dt></ReqdExctnDt><Dbtr><Nm>Sozialamt</Nm></Dbtr><DbtrAcct><Id><IBAN>{PAYER}</IBAN></Id></DbtrAcct>"
        f"<DbtrAgt><FinInstnId><BICFI>XXXXDEFFXXX</BICFI></FinInstnId></DbtrAgt>\n{transfer * n}</PmtInf></CstmrCdtTrfInitn></Document>\n"
    )


def status(message, n, order_id="LAUF-11"):
    """A status report that refuses equal transfers without ids."""
    refused = (
        "<TxInfAndSts><OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
        f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">320.00</InstdAmt></Amt><CdtrAcct><Id><IBAN>{PAYEE}</IBAN></Id></CdtrAcct></OrgnlTxRef></TxInfAndSts>\n'
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>PSR-{message}</MsgId><CreDtTm>2023-11-29T11:00:00+01:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{order_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>LAUF-11-P1</OrgnlPmtInfId>{refused * n}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n"
    )


def archive(files):
    """An archive of files, as electronic banking delivers a day."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in files.items():
            out.writestr(name, text)
    return made.getvalue()


def recall(n):
    """A recall of equal transfers without ids."""
    one = (
        "<TxInf><OrgnlEndToEndId>NOTPROVIDED</OrgnlEndToEndId>"
        '<OrgnlIntrBkSttlmAmt Ccy="EUR">320.00</OrgnlIntrBkSttlmAmt><OrgnlIntrBkSttlmDt>2023-11-30</OrgnlIntrBkSttlmDt><CxlRsnInf><Rsn><Cd>DUPL</Cd></Rsn></CxlRsnInf>'
        f"<OrgnlTxRef><CdtrAcct><Id><IBAN>{PAYEE}</IBAN></Id></CdtrAcct></OrgnlTxRef></TxInf>\n"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.056.001.08"><FIToFIPmtCxlReq>'
        "<Assgnmt><Id>C1</Id><Assgnr><Agt><FinInstnId><BICFI>XXXXDEFFXXX</BICFI></FinInstnId></Agt></Assgnr><Assgne><Agt><FinInstnId><BICFI>XXXXDEFFXXX</BICFI></FinInstnId></Agt></Assgne>"
        f"<CreDtTm>2023-11-30T09:00:00</CreDtTm></Assgnmt><Undrlyg>{one * n}</Undrlyg></FIToFIPmtCxlReq></Document>\n"
    )


def bookings(n, **marks):
    return export(debit(**marks) for _ in range(n))


def returns(n, **marks):
    back = {"text": "RETOURE AC04 Konto erloschen", "amount": "320,00", "day": "04.12.23", **marks}
    return [(back["day"], "RETOURE", *debit(**back)[2:])] * n


def named_list(n, name):
    return payment_list((f"50.12-{i:06d}", name(i), iban(i), "320,00", "") for i in range(n))


def same_name(_):
    return "Erika Beispiel"


def own_name(i):
    return f"Erika {word(i)}"


def one_case(n):
    rows = ((f"50.12-777777", own_name(i), iban(i), "320,00", "") for i in range(n))
    return payment_list(rows)


SHAPES = {
    # A pay-card issuer: one account, one amount; a booking a row, one too few, one too many.
    "equal amounts": lambda n: {"list.csv": equal_payments(n), "bank.csv": bookings(n)},
    "equal amounts, one missing": lambda n: {"list.csv": equal_payments(n), "bank.csv": bookings(n - 1)},
    "equal amounts, one more": lambda n: {"list.csv": equal_payments(n), "bank.csv": bookings(n + 1)},
    "equal amounts, one late": lambda n: {
        "list.csv": equal_payments(n),
        "bank.csv": export([debit()] * (n - 1) + [debit(day="08.12.23")]),
    },
    # Ids and texts of the bank's own, which nobody has asked for.
    "equal amounts, ids of the bank": lambda n: {
        "list.csv": equal_payments(n),
        "bank.csv": export(debit(id_=f"KB{i:08d}X", text=f"Karten November 2023 Z{i}") for i in range(n - 1)),
    },
    # Another amount to the same account, or another name with a word in common: nothing fits, much is near.
    "another amount": lambda n: {"list.csv": equal_payments(n), "bank.csv": bookings(n, amount="-321,00")},
    "another name": lambda n: {
        "list.csv": named_list(n, own_name),
        "bank.csv": export(debit(name=f"Erika X{word(i)}", account="") for i in range(n)),
    },
    # Namesakes with accounts of their own, paid to accounts that the list does not have.
    "equal names": lambda n: {
        "list.csv": named_list(n, same_name),
        "bank.csv": export(debit(name="Erika Beispiel", account=iban(5_000_000_000 + i)) for i in range(n)),
    },
    "equal names, ids of the bank": lambda n: {
        "list.csv": named_list(n, same_name),
        "bank.csv": export(
            debit(name="Erika Beispiel", account=iban(5_000_000_000 + i), id_=f"KB{i:08d}X") for i in range(n)
        ),
    },
    "names only, equal": lambda n: {
        "list.csv": named_list(n, same_name),
        "bank.csv": export(debit(name="Erika Beispiel", account="") for _ in range(n)),
    },
    "names only": lambda n: {
        "list.csv": named_list(n, own_name),
        "bank.csv": export(debit(name=own_name(i), account="") for i in range(n)),
    },
    "names only, cut": lambda n: {
        "list.csv": named_list(n, lambda i: f"Maximiliane Alexandra Konstanze {word(i)}"),
        "bank.csv": export(debit(name="Maximiliane Alexandra Konst", account="") for i in range(n)),
    },
    "neither names nor accounts": lambda n: {
        "list.csv": named_list(n, own_name),
        "bank.csv": export(debit(name="", account="") for _ in range(n)),
    },
    "pending": lambda n: {"list.csv": equal_payments(n), "bank.csv": bookings(n, mark="Umsatz vorgemerkt")},
    "pending, then booked": lambda n: {
        "list.csv": equal_payments(n),
        "bank.csv": export([debit(mark="Umsatz vorgemerkt")] * n + [debit()] * n),
    },
    "NOTPROVIDED orders": lambda n: {"list.csv": equal_payments(n), "order.xml": order(n), "bank.csv": bookings(n)},
    "NOTPROVIDED orders, one missing": lambda n: {
        "list.csv": equal_payments(n),
        "order.xml": order(n),
        "bank.csv": bookings(n - 1),
    },
    "one case number": lambda n: {
        "list.csv": one_case(n),
        "bank.csv": export(debit(text="HLU 50.12-777777", name=own_name(i), account=iban(i)) for i in range(n)),
    },
    "one case number, one missing": lambda n: {
        "list.csv": one_case(n),
        "bank.csv": export(debit(text="HLU 50.12-777777", name="", account="") for _ in range(n - 1)),
    },
    "one case number, no accounts": lambda n: {
        "list.csv": one_case(n),
        "bank.csv": export(debit(text="HLU 50.12-777777", name="", account="") for _ in range(n)),
    },
    "one case number, another amount": lambda n: {
        "list.csv": one_case(n),
        "bank.csv": export(
            debit(text="HLU 50.12-777777", name=own_name(i), account=iban(i), amount="-321,00") for i in range(n)
        ),
    },
    "one case number, returned": lambda n: {
        "list.csv": one_case(n),
        "bank.csv": export(
            [debit(text="HLU 50.12-777777", name=own_name(i), account=iban(i)) for i in range(n)]
            + [
                one
                for i in range(n)
                for one in returns(1, name=own_name(i), account="", text="RETOURE AC04 HLU 50.12-777777")
            ]
        ),
    },
    "single status reports": lambda n: {
        "list.csv": equal_payments(n),
        "order.xml": order(n),
        **{
            f"status-{start}.zip": archive({f"{i}.xml": status(i, 1) for i in range(start, min(start + 5000, n // 2))})
            for start in range(0, n // 2, 5000)
        },
        "bank.csv": bookings(n - n // 2),
    },
    "status without ids": lambda n: {
        "list.csv": equal_payments(n),
        "order.xml": order(n),
        "status.xml": status(1, n // 2),
        "bank.csv": bookings(n - n // 2),
    },
    "status without ids or order": lambda n: {
        "list.csv": equal_payments(n),
        "status.xml": status(1, n // 2, "LAUF-12"),
        "bank.csv": bookings(n - n // 2),
    },
    "recalls without ids": lambda n: {"list.csv": equal_payments(n), "recall.xml": recall(n // 2), "bank.csv": bookings(n)},
    "equal returns": lambda n: {"list.csv": equal_payments(n), "bank.csv": export([debit()] * n + returns(n))},
    "equal returns, half": lambda n: {"list.csv": equal_payments(n), "bank.csv": export([debit()] * n + returns(n // 2))},
    "returns with names only": lambda n: {
        "list.csv": named_list(n, same_name),
        "bank.csv": export(
            [debit(name="Erika Beispiel", account=iban(i)) for i in range(n)] + returns(n // 2, name="Erika Beispiel", account="")
        ),
    },
    "returns of one amount": lambda n: {
        "list.csv": named_list(n, own_name),
        "bank.csv": export(
            [debit(name=own_name(i), account=iban(i)) for i in range(n)]
            + [one for i in range(n // 2) for one in returns(1, name=own_name(i), account="")]
        ),
    },
    "told on two days": lambda n: {
        "list.csv": equal_payments(n),
        "a.xml": camt("2023-11-29", [("", None)] * n),
        "bank.csv": export(debit(name="", account="") for _ in range(n)),
    },
    "told on three days": lambda n: {
        "list.csv": equal_payments(n),
        **{f"{day}.xml": camt(f"2023-11-{day}", [("", None)] * (n // 3)) for day in (28, 29, 30)},
        "bank.csv": export(
            debit(day=f"{day}.11.23", name="", account="") for day in (28, 29, 30) for _ in range(n // 3)
        ),
    },
    "told twice": lambda n: {
        "list.csv": equal_payments(n),
        "a.xml": camt("2023-11-30", [("Kartenbank AG", PAYEE)] * n),
        "bank.csv": export(debit(name="", account="") for _ in range(n)),
    },
}


def run(binary, folder, files, limit, keep):
    """Processor seconds, megabytes, digest of the verdicts; nothing if it took too long."""
    out = folder / "result.json"
    out.unlink(missing_ok=True)
    (folder / "entries.csv").unlink(missing_ok=True)
    command = [binary, "verify", *files, "--month", MONTH, "--format", "json", "--output", str(out)]

    def limits():
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        resource.setrlimit(resource.RLIMIT_AS, (20 << 30, 20 << 30))

    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=limits)
    said = process.stderr.read().decode(errors="replace")
    _, ended, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(ended)
    if process.returncode < 0:
        return None
    if not out.exists():
        sys.exit(f"{' '.join(command)} in {folder}: {said}")
    digest = hashlib.sha256(out.read_bytes()).hexdigest()[:8]
    size = out.stat().st_size
    if not keep:
        out.unlink()
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, size / 1e6, digest


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--sizes", default="2000,8000")
    arguments.add_argument("--limit", type=int, default=60)
    arguments.add_argument("--shapes", default="")
    arguments.add_argument("--keep", default="")
    arguments.add_argument("binaries", nargs="+", metavar="BINARY")
    options = arguments.parse_args()
    wanted = [name for name in options.shapes.split(";") if name] or list(SHAPES)
    print("| shape | rows |" + " seconds | MB | result MB |" * len(options.binaries))
    print("|---|---:|" + "---:|---:|---:|" * len(options.binaries))
    for shape in wanted:
        slow = set()
        for size in map(int, options.sizes.split(",")):
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(options.keep) / shape.replace(" ", "-").replace(",", "") / str(size) if options.keep else Path(scratch)
                folder.mkdir(parents=True, exist_ok=True)
                files = SHAPES[shape](size)
                for name, text in files.items():
                    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
                line = f"| {shape} | {size} |"
                for binary in options.binaries:
                    found = None if binary in slow else run(os.path.abspath(binary), folder, list(files), options.limit, options.keep)
                    if found is None:
                        line += f" > {options.limit} | | |"
                        slow.add(binary)
                    else:
                        line += f" {found[0]:.2f} | {found[1]:.0f} | {found[2]:.1f} |"
                print(line, flush=True)


if __name__ == "__main__":
    main()
