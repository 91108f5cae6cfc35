#!/bin/bash
# Compares gutschrift with DuckDB and Polars on the same simulated month: time, processor time, memory.
#
#   benches/compare.sh [SIZE...]      sizes in payments; 10000 and 1000000 if none is given
#
#   ROUNDS=3                          rounds; the tools take turns inside each
#   GUTSCHRIFT=path                   a binary that is already built; else what .ci/dist builds (10 minutes)
#   GUTSCHRIFT_COMPARE_CACHE=folder   where the Python environment and the months are kept
#
# Needs Python 3 with venv, and PyPI the first time. The months of a size are made once; empty the
# folder `data` in the cache to make them anew.
set -euo pipefail

# What is measured; run in the folder that holds list.csv and bank.csv: once with the columns of
# payments that the other tools write too, once with all of them (trails are half of the text).
# Both write a row a bank entry, as the others do.
read_both=(verify --list list.csv --bank bank.csv)
write_both=(--format csv --output result.csv --entries bank_entries.csv)
same_columns=case_id,end_to_end_id,benefit,beneficiary,payee,iban,amount,due,status,reason,booked_on,entries
same_entry_columns=line,booking_date,value_date,amount,disposition,counterparty,end_to_end_id

# One transfer a payment, so that all three do the same job: nothing that only a search for sums finds.
month_options=(--seed 7 --mix normal --no-last-month
  --rate home-merged=0 --rate home-short=0 --rate duplicate-export=0)
# Goes up when the options above or the preparation change, so that old months are not taken for new ones.
month_version=1

here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
rounds=${ROUNDS:-3}
cache=${GUTSCHRIFT_COMPARE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/gutschrift-compare}
sizes=("$@")
if [ ${#sizes[@]} -eq 0 ]; then sizes=(10000 1000000); fi

# Keeps the tree clean of compiled Python.
export PYTHONDONTWRITEBYTECODE=1

stop() { printf 'compare.sh: %s\n' "$*" >&2; exit 1; }
say() { printf '%s\n' "$*" >&2; }

case $rounds in '' | *[!0-9]* | 0) stop "ROUNDS is a number from 1, not \`$rounds\`" ;; esac
for size in "${sizes[@]}"; do
  case $size in '' | *[!0-9]* | 0) stop "a size is a number of payments, not \`$size\`" ;; esac
done

command -v python3 > /dev/null || stop "needs python3"
if [ -n "${GUTSCHRIFT:-}" ]; then
  tool=$(realpath "$GUTSCHRIFT")
else
  say "building the binary that is handed out"
  tool=$("$root/.ci/dist")
fi
[ -x "$tool" ] || stop "$tool is no program"

# The folder gets its name only when it is complete, so that a broken download is not taken for it.
python=$cache/venv/bin/python
if [ ! -e "$cache/venv/complete" ]; then
  say "installing duckdb and polars into $cache/venv"
  rm -rf "$cache/venv"
  mkdir -p "$cache"
  python3 -m venv "$cache/venv" || stop "python3 cannot make a venv (on Debian: apt install python3-venv)"
  "$python" -m pip install --quiet --disable-pip-version-check duckdb polars ||
    stop "duckdb and polars could not be installed: is PyPI reachable? Nothing was measured."
  touch "$cache/venv/complete"
fi

for size in "${sizes[@]}"; do
  data=$cache/data/$size-v$month_version
  if [ ! -d "$data" ]; then
    say "simulating $size payments"
    rm -rf "$data.new"
    mkdir -p "$data.new"
    "$tool" simulate --payments "$size" "${month_options[@]}" --out "$data.new/simulated"
    "$python" "$here/compare/prepare.py" "$data.new/simulated/month" "$data.new"
    rm -rf "$data.new/simulated"
    mv "$data.new" "$data"
  fi
done

exec "$python" "$here/compare/measure.py" --rounds "$rounds" --data "$cache/data" \
  --version "$month_version" --tool "$tool" "${sizes[@]}" \
  -- gutschrift "${read_both[@]}" "${write_both[@]}" \
  --columns "$same_columns" --entry-columns "$same_entry_columns" \
  -- "gutschrift, all columns" "${read_both[@]}" "${write_both[@]}"
