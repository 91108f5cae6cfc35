"""duckdb_job.py LIST BANK OUT: the reconciliation as somebody would write it who knows DuckDB well.

Writes OUT/result.csv (a row a payment) and OUT/bank_entries.csv (a row a bank entry), and prints the
control totals. It knows the single booking: end-to-end id, parts under one id, case number in the
text, account and amount by count, returns, second payments, due dates. It knows no coverage, no
merged or collective debits, no similar names, no orders, and explains nothing.

An empty field is NULL, so an account that is missing differs from none.

Settings: all cores, columns and date formats given (nothing is sniffed), only the columns that are
needed, each table made once, rows joined by number.
"""

import os
import sys

import duckdb

from calendar_days import next_banking_day

LIST = [
    "case_id", "beneficiary", "payee", "iban", "amount", "benefit", "due", "end_to_end_id", "run",
    "channel", "list_status", "note",
]
BANK = [
    "account", "booked", "valued", "kind", "remittance", "creditor", "mandate", "end_to_end_id",
    "batch", "original", "fee", "counterparty", "iban", "bic", "amount", "currency", "info",
]
DATES = {"due", "booked", "valued"}


def read(path, columns, date_format):
    types = ", ".join(f"'{name}': '{'DATE' if name in DATES else 'VARCHAR'}'" for name in columns)
    return f"""read_csv('{path}', auto_detect = false, header = true, delim = ';', quote = '"',
        escape = '"', dateformat = '{date_format}', columns = {{{types}}})"""


# Credited, delayed or too late, by the last booking that counts.
BY_DATE = """CASE WHEN booked <= due THEN 'credited' WHEN booked <= horizon THEN 'delayed'
    ELSE 'follow-up' END"""
IN_TIME = """CASE WHEN booked <= due THEN '{}' WHEN booked <= horizon THEN 'booked-late'
    ELSE 'credited-too-late' END"""
DIGITS = "replace(replace({}, '.', ''), '-', '')"
CASE_IN_TEXT = r"regexp_extract(regexp_replace(remittance, '[ .\-/:]', '', 'g'), '(50|57)[0-9]{11}')"
OTHER_MONTH = r"""coalesce(try_strptime(regexp_extract(remittance, '\b[0-9]{2}/[0-9]{4}\b'), '%m/%Y')
    <> date_trunc('month', due), false)"""

list_path, bank_path, out = sys.argv[1:4]
db = duckdb.connect()
db.execute(f"SET threads = {len(os.sched_getaffinity(0))}")

db.execute(f"""CREATE TABLE list AS SELECT case_id, beneficiary, payee, iban, amount, benefit, due,
        end_to_end_id, channel, list_status, note,
        try_cast(replace(replace(amount, '.', ''), ',', '') AS BIGINT) AS cents
    FROM {read(list_path, LIST, '%d.%m.%Y')}""")
db.execute(f"""CREATE TABLE bank AS SELECT booked AS booking_date, valued AS value_date,
        greatest(booked, valued) AS booked, kind, remittance, end_to_end_id, counterparty, iban,
        amount, cast(replace(amount, ',', '') AS BIGINT) AS cents,
        info LIKE '%vorgemerkt%' AS pending
    FROM {read(bank_path, BANK, '%d.%m.%y')}""")
# The rows have their numbers now; from here on no order costs time.
db.execute("SET preserve_insertion_order = false")
dues = [due for (due,) in db.execute("SELECT DISTINCT due FROM list").fetchall()]
db.execute("CREATE TABLE days (due DATE, horizon DATE)")
db.executemany("INSERT INTO days VALUES (?, ?)", [(due, next_banking_day(due)) for due in dues])

# All bookings under a payment's own end-to-end id, good or not.
db.execute("""CREATE TABLE pairs AS SELECT list.rowid AS payment, bank.rowid AS entry, bank.cents,
        bank.booked, list.due, list.cents AS owed,
        coalesce(bank.iban = list.iban, true) AS same_account
    FROM bank JOIN list USING (end_to_end_id)
    WHERE NOT pending AND end_to_end_id NOT IN ('NOTPROVIDED', 'NONREF', 'KEINE ANGABE')""")

# What they say about the payment.
db.execute(f"""CREATE TABLE by_id AS SELECT payment, entry, booked,
        CASE WHEN good > back + 1 THEN 'follow-up' WHEN good > 1 AND good = back + 1 THEN {BY_DATE}
            WHEN back > 0 THEN 'follow-up' WHEN good = 1 THEN {BY_DATE}
            WHEN strange > 0 THEN 'follow-up' WHEN pieces = owed AND entries > 1 THEN {BY_DATE}
            ELSE 'follow-up' END AS status,
        CASE WHEN good > back + 1 THEN 'paid-twice'
            WHEN good > 1 AND good = back + 1 THEN {IN_TIME.format('repaid')}
            WHEN back > 0 THEN 'returned' WHEN good = 1 THEN {IN_TIME.format('booked')}
            WHEN strange > 0 THEN 'account-differs'
            WHEN pieces = owed AND entries > 1 THEN {IN_TIME.format('split')}
            WHEN pieces < owed AND entries > 1 THEN 'partly-paid' ELSE 'amount-differs' END AS reason
    FROM (SELECT payment, min(entry) FILTER (cents < 0) AS entry,
            max(booked) FILTER (cents < 0) AS booked, any_value(due) AS due,
            any_value(owed) AS owed, count(*) AS entries, count(*) FILTER (cents > 0) AS back,
            count(*) FILTER (-cents = owed AND same_account) AS good,
            count(*) FILTER (-cents = owed AND NOT same_account) AS strange,
            coalesce(sum(-cents) FILTER (cents < 0 AND same_account), 0) AS pieces
        FROM pairs GROUP BY payment) JOIN days USING (due)""")
db.execute("""CREATE TABLE entries AS SELECT entry, payment,
        CASE WHEN cents > 0 THEN 'return' ELSE 'matched' END AS disposition FROM pairs""")

# What is left: few rows from here on.
db.execute(f"""CREATE TABLE rest AS SELECT bank.rowid AS entry, booked, cents, iban, remittance, kind,
        {CASE_IN_TEXT} AS case_number
    FROM bank ANTI JOIN pairs ON pairs.entry = bank.rowid
    WHERE NOT pending
        AND kind IN ('EINZELUEBERWEISUNG', 'RETOURE')""")
db.execute("""CREATE TABLE open AS SELECT list.rowid AS payment, list.* FROM list
    ANTI JOIN by_id ON by_id.payment = list.rowid""")
db.execute("""CREATE TABLE later (payment BIGINT, entry BIGINT, booked DATE, status VARCHAR,
    reason VARCHAR)""")


def settle(found, reason):
    """Takes pairs (payment, entry, booked, due, horizon, cents, known, many) and writes them down."""
    db.execute(f"CREATE OR REPLACE TABLE found AS {found}")
    db.execute(f"""INSERT INTO later SELECT payment, min(entry), max(booked),
            CASE WHEN bool_or(cents > 0) OR bool_or(known) OR bool_or(many) THEN 'follow-up'
                ELSE any_value({BY_DATE}) END,
            CASE WHEN bool_or(cents > 0) THEN 'returned' WHEN bool_or(known) OR bool_or(many)
                THEN 'paid-twice' ELSE any_value({IN_TIME.format(reason)}) END
        FROM found GROUP BY payment""")
    db.execute("""INSERT INTO entries SELECT entry, payment,
            CASE WHEN cents > 0 THEN 'return' ELSE 'matched' END FROM found""")
    db.execute("DELETE FROM rest WHERE entry IN (SELECT entry FROM found)")
    db.execute("DELETE FROM open WHERE payment IN (SELECT payment FROM found)")


# The case number in the text; a second debit for a payment that has its booking is one too many.
settle(f"""SELECT list.rowid AS payment, rest.entry, rest.booked, list.due, horizon, rest.cents,
        by_id.payment IS NOT NULL AS known,
        count(*) FILTER (rest.cents < 0) OVER (PARTITION BY list.rowid) > 1 AS many
    FROM rest JOIN list ON {DIGITS.format('list.case_id')} = rest.case_number
            AND abs(rest.cents) = list.cents
            AND coalesce(rest.iban = list.iban, true)
        JOIN days USING (due) LEFT JOIN by_id ON by_id.payment = list.rowid""", "booked")

# Account and amount, paired by count; fewer bookings than payments, and nobody is picked.
settle(f"""WITH debits AS (SELECT *, row_number() OVER same AS place, count(*) OVER same_all AS many
            FROM rest WHERE cents < 0 AND kind = 'EINZELUEBERWEISUNG'
            WINDOW same AS (PARTITION BY iban, cents ORDER BY entry),
                same_all AS (PARTITION BY iban, cents)),
        owed AS (SELECT *, row_number() OVER same AS place, count(*) OVER same_all AS many
            FROM open WHERE cents > 0
            WINDOW same AS (PARTITION BY iban, cents ORDER BY payment),
                same_all AS (PARTITION BY iban, cents))
    SELECT payment, entry, booked, due, horizon, debits.cents, false AS known,
        debits.many > owed.many AS many
    FROM owed JOIN debits ON owed.iban = debits.iban AND owed.cents = -debits.cents
            AND owed.place = debits.place JOIN days USING (due)
    WHERE debits.many >= owed.many AND NOT {OTHER_MONTH}""", "booked")

# What came back under account and amount alone.
settle("""SELECT list.rowid AS payment, rest.entry, rest.booked, due, horizon, rest.cents,
        false AS known, false AS many
    FROM rest JOIN list USING (iban) JOIN days USING (due)
    WHERE rest.cents = list.cents AND rest.cents > 0 AND rest.kind = 'RETOURE'""", "booked")
db.execute("""CREATE TABLE last AS SELECT * FROM later
    QUALIFY row_number() OVER (PARTITION BY payment ORDER BY status = 'follow-up' DESC) = 1""")

# The results. The list's own words come before the bank's silence, and a block before its booking.
db.execute("""CREATE TABLE verdicts AS SELECT list.rowid AS payment, cents,
        coalesce(last.entry, by_id.entry) AS entry, coalesce(last.booked, by_id.booked) AS booked,
        coalesce(last.reason, by_id.reason) AS found,
        CASE WHEN cents IS NULL THEN 'row-unreadable'
            WHEN list_status IS NOT NULL AND found IS NULL THEN 'stopped'
            WHEN list_status IS NOT NULL THEN 'paid-though-stopped'
            WHEN found IS NOT NULL THEN found WHEN cents = 0 THEN 'nothing-due'
            WHEN channel = 'bar' AND note ILIKE '%quittung%' THEN 'other-channel'
            WHEN channel = 'bar' THEN 'receipt-missing' ELSE 'not-found' END AS decided,
        CASE WHEN decided IN ('nothing-due', 'other-channel') THEN 'credited'
            WHEN decided = found THEN coalesce(last.status, by_id.status)
            ELSE 'follow-up' END AS status
    FROM list LEFT JOIN by_id ON by_id.payment = list.rowid
        LEFT JOIN last ON last.payment = list.rowid""")
db.execute(f"""COPY (SELECT case_id, end_to_end_id, benefit, beneficiary, payee, iban, amount, due,
        status, decided AS reason, booked AS booked_on, entry AS bank_row
    FROM list JOIN verdicts ON verdicts.payment = list.rowid) TO '{out}/result.csv' (HEADER)""")
db.execute("""CREATE TABLE dispositions AS SELECT bank.rowid AS entry, payment, cents,
        coalesce(disposition, CASE WHEN pending THEN 'pending' WHEN kind = 'RETOURE' THEN 'unassigned-return'
            WHEN kind = 'EINZELUEBERWEISUNG' THEN 'unlisted-debit' ELSE 'unrelated' END)
            AS disposition
    FROM bank LEFT JOIN entries ON entries.entry = bank.rowid""")
db.execute(f"""COPY (SELECT entry AS bank_row, booking_date, value_date, amount, disposition,
        counterparty, end_to_end_id, payment AS list_row
    FROM bank JOIN dispositions ON dispositions.entry = bank.rowid)
    TO '{out}/bank_entries.csv' (HEADER)""")

for title, query in [
    ("payments", "SELECT status, count(*), sum(cents) FROM verdicts"),
    ("bank entries", "SELECT disposition, count(*), sum(cents) FROM dispositions"),
]:
    print(title)
    for name, count, cents in db.execute(f"{query} GROUP BY 1 ORDER BY 1").fetchall():
        print(f"  {name:20} {count:10} {cents or 0:16}")
