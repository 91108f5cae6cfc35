"""polars_job.py LIST BANK OUT: the same job as duckdb_job.py, with Polars.

Streaming engine, all strings read as they are (nothing is inferred), only the columns that are
needed, large frames collected once, rows joined by number.
"""

import sys

import polars as pl
from polars import col

from calendar_days import next_banking_day

LIST = {
    "Aktenzeichen": "case_id", "Leistungsberechtigter": "beneficiary", "Zahlungsempfänger": "payee",
    "IBAN": "iban", "Betrag": "amount", "Leistungsart": "benefit", "Fälligkeit": "due",
    "End-to-End-ID": "end_to_end_id", "Zahlweg": "channel", "Status": "list_status",
    "Bemerkung": "note",
}
BANK = {
    "Buchungstag": "booking_date", "Valutadatum": "value_date", "Buchungstext": "kind",
    "Verwendungszweck": "remittance", "Kundenreferenz (End-to-End)": "end_to_end_id",
    "Beguenstigter/Zahlungspflichtiger": "counterparty", "Kontonummer/IBAN": "iban",
    "Betrag": "amount", "Info": "info",
}
PLACEHOLDERS = ["", "NOTPROVIDED", "NONREF", "KEINE ANGABE"]
DEBIT, BACK = "EINZELUEBERWEISUNG", "RETOURE"


def collected(frame):
    return frame.collect(engine="streaming")


def read(path, columns, number):
    frame = pl.scan_csv(path, separator=";", infer_schema=False, row_index_name=number)
    return frame.select(number, *(col(name).alias(short) for name, short in columns.items()))


def by_date(in_time):
    """Status and reason by the last booking that counts."""
    early, late = col("booked") <= col("due"), col("booked") <= col("horizon")
    status = pl.when(early).then(pl.lit("credited")).when(late).then(pl.lit("delayed"))
    reason = pl.when(early).then(pl.lit(in_time)).when(late).then(pl.lit("booked-late"))
    return status.otherwise(pl.lit("follow-up")), reason.otherwise(pl.lit("credited-too-late"))


def choose(cases, otherwise):
    """The first case that holds, for status and reason alike."""
    chosen = []
    for part in (0, 1):
        chain = pl
        for condition, outcome in cases:
            chain = chain.when(condition).then(outcome[part])
        chosen.append(chain.otherwise(otherwise[part]))
    return chosen[0].alias("status"), chosen[1].alias("reason")


def follow_up(reason):
    return pl.lit("follow-up"), pl.lit(reason)


list_path, bank_path, out = sys.argv[1:4]

payments = collected(
    read(list_path, LIST, "payment").with_columns(
        col("amount").str.replace_all(".", "", literal=True).str.replace(",", "", literal=True)
        .cast(pl.Int64, strict=False).alias("cents"),
        col("due").str.to_date("%d.%m.%Y"),
    )
)
dues = payments["due"].unique()
days = pl.LazyFrame({"due": dues, "horizon": [next_banking_day(due) for due in dues]})
bank = collected(
    read(bank_path, BANK, "entry").with_columns(
        col("amount").str.replace(",", "", literal=True).cast(pl.Int64).alias("cents"),
        col("booking_date", "value_date").str.to_date("%d.%m.%y"),
        # A quoted empty field is an empty text, an unquoted one null; a missing account is null.
        col("iban").replace("", None),
        col("info").str.contains("vorgemerkt", literal=True).alias("pending"),
    ).with_columns(pl.max_horizontal("booking_date", "value_date").alias("booked")).drop("info")
)

# All bookings under a payment's own end-to-end id, good or not.
same_account = (col("iban") == col("iban_owed")).fill_null(True)
pairs = collected(
    bank.lazy().filter(~col("pending") & ~col("end_to_end_id").is_in(PLACEHOLDERS))
    .select("entry", "end_to_end_id", "cents", "booked", "iban")
    .join(
        payments.lazy().select(
            "payment", "end_to_end_id", "due", owed="cents", iban_owed="iban"
        ),
        on="end_to_end_id", maintain_order="none",
    )
    .select("payment", "entry", "cents", "booked", "due", "owed", same_account=same_account)
)

# What they say about the payment.
fits = -col("cents") == col("owed")
leaves = col("cents") < 0
good, back, owed = col("good"), col("back"), col("owed")
parts = col("entries") > 1
by_id = collected(
    pairs.lazy().group_by("payment").agg(
        entry=col("entry").filter(leaves).min(), booked=col("booked").filter(leaves).max(),
        due=col("due").first(), owed=col("owed").first(), entries=pl.len().cast(pl.Int64),
        back=(~leaves).sum().cast(pl.Int64),
        good=(fits & col("same_account")).sum().cast(pl.Int64),
        strange=(fits & ~col("same_account")).sum().cast(pl.Int64),
        pieces=(-col("cents")).filter(leaves & col("same_account")).sum(),
    )
    .join(days, on="due", maintain_order="none")
    .select("payment", "entry", "booked", *choose([
        (good > back + 1, follow_up("paid-twice")),
        ((good > 1) & (good == back + 1), by_date("repaid")),
        (back > 0, follow_up("returned")),
        (good == 1, by_date("booked")),
        (col("strange") > 0, follow_up("account-differs")),
        ((col("pieces") == owed) & parts, by_date("split")),
        ((col("pieces") < owed) & parts, follow_up("partly-paid")),
    ], follow_up("amount-differs")))
)
disposition = pl.when(leaves).then(pl.lit("matched")).otherwise(pl.lit("return"))
entries = [pairs.select("entry", "payment", disposition=disposition)]

# What is left: few rows from here on.
rest = collected(
    bank.lazy().filter(~col("pending") & col("kind").is_in([DEBIT, BACK]))
    .join(pairs.lazy().select("entry"), on="entry", how="anti", maintain_order="none")
    .with_columns(
        case_number=col("remittance").str.replace_all(r"[ .\-/:]", "")
        .str.extract(r"((?:50|57)[0-9]{11})")
    )
)
unpaid = collected(payments.lazy().join(by_id.lazy(), on="payment", how="anti"))
later = []


def settle(found, reason):
    """Takes pairs (payment, entry, booked, due, cents, known, many) and writes them down."""
    global rest, unpaid
    too_many = col("known") | col("many")
    later.append(
        found.lazy().group_by("payment").agg(
            col("entry").min(), col("booked").max(), col("due").first(), back=(~leaves).any(),
            too_many=too_many.any(),
        ).join(days, on="due").select("payment", "entry", "booked", *choose([
            (col("back"), follow_up("returned")),
            (col("too_many"), follow_up("paid-twice")),
        ], by_date(reason))).collect()
    )
    entries.append(found.select("entry", "payment", disposition=disposition))
    rest = rest.join(found, on="entry", how="anti")
    unpaid = unpaid.join(found, on="payment", how="anti")


# The case number in the text; a second debit for a payment that has its booking is one too many.
settle(collected(
    payments.lazy().select(
        "payment", "due", owed="cents", iban_owed="iban",
        case_number=col("case_id").str.replace_all(".", "", literal=True)
        .str.replace_all("-", "", literal=True),
    )
    .join(rest.lazy(), on="case_number")
    .filter((col("cents").abs() == col("owed")) & same_account)
    .join(by_id.lazy().select("payment", known=pl.lit(True)), on="payment", how="left")
    .select(
        "payment", "entry", "booked", "due", "cents", known=col("known").fill_null(False),
        many=leaves.sum().over("payment") > 1,
    )
), "booked")

# Account and amount, paired by count; fewer bookings than payments, and nobody is picked.
same = ["iban", "cents"]
other_month = (
    ("01/" + col("remittance").str.extract(r"\b([0-9]{2}/[0-9]{4})\b"))
    .str.to_date("%d/%m/%Y", strict=False) != col("due").dt.truncate("1mo")
).fill_null(False)
settle(
    unpaid.filter(col("cents") > 0).sort("payment")
    .select(
        "payment", "due", "iban", "cents", place=pl.int_range(pl.len()).over(same),
        owed=pl.len().over(same),
    )
    .join(
        rest.filter(leaves & (col("kind") == DEBIT)).sort("entry").with_columns(-col("cents"))
        .select(
            "entry", "booked", "iban", "cents", "remittance",
            place=pl.int_range(pl.len()).over(same), debits=pl.len().over(same),
        ),
        on=[*same, "place"],
    )
    .filter((col("debits") >= col("owed")) & ~other_month)
    .select(
        "payment", "entry", "booked", "due", -col("cents"), known=pl.lit(False),
        many=col("debits") > col("owed"),
    ),
    "booked",
)

# What came back under account and amount alone.
settle(collected(
    payments.lazy().select("payment", "due", "iban", "cents")
    .join(rest.lazy().filter(~leaves & (col("kind") == BACK)), on=same)
    .select(
        "payment", "entry", "booked", "due", "cents", known=pl.lit(False), many=pl.lit(False)
    )
), "booked")
last = pl.concat(later).sort(col("status") != "follow-up").unique("payment", keep="first")

# The results. The list's own words come before the bank's silence, and a block before its booking.
stopped, found = col("list_status").is_not_null(), col("reason").is_not_null()
cash = col("channel") == "bar"
verdicts = collected(
    payments.lazy()
    .join(by_id.lazy(), on="payment", how="left", maintain_order="none")
    .join(last.lazy(), on="payment", how="left", suffix="_later", maintain_order="none")
    .with_columns(
        pl.coalesce(name + "_later", name).alias(name)
        for name in ("entry", "booked", "status", "reason")
    )
    .with_columns(choose([
        (col("cents").is_null(), follow_up("row-unreadable")),
        (stopped & ~found, follow_up("stopped")),
        (stopped, follow_up("paid-though-stopped")),
        (found, (col("status"), col("reason"))),
        (col("cents") == 0, (pl.lit("credited"), pl.lit("nothing-due"))),
        (cash & col("note").str.contains("(?i)quittung"),
         (pl.lit("credited"), pl.lit("other-channel"))),
        (cash, follow_up("receipt-missing")),
    ], follow_up("not-found")))
)
verdicts.lazy().select(
    "case_id", "end_to_end_id", "benefit", "beneficiary", "payee", "iban", "amount", "due",
    "status", "reason", booked_on="booked", bank_row="entry",
).sink_csv(f"{out}/result.csv", maintain_order=False)
unclaimed = (
    pl.when("pending").then(pl.lit("pending"))
    .when(col("kind") == BACK).then(pl.lit("unassigned-return"))
    .when(col("kind") == DEBIT).then(pl.lit("unlisted-debit")).otherwise(pl.lit("unrelated"))
)
dispositions = collected(
    bank.lazy()
    .join(pl.concat(entries).lazy(), on="entry", how="left", maintain_order="none")
    .with_columns(disposition=pl.coalesce("disposition", unclaimed))
)
dispositions.lazy().select(
    "booking_date", "value_date", "amount", "disposition", "counterparty", "end_to_end_id",
    bank_row="entry", list_row="payment",
).sink_csv(f"{out}/bank_entries.csv", maintain_order=False)

for title, frame, key in [
    ("payments", verdicts, "status"), ("bank entries", dispositions, "disposition"),
]:
    print(title)
    totals = frame.group_by(key).agg(count=pl.len(), cents=col("cents").sum()).sort(key)
    for name, count, cents in totals.rows():
        print(f"  {name:20} {count:10} {cents:16}")
