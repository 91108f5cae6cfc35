"""Runs DuckDB, Polars and gutschrift in turn on the same files and prints a Markdown table.

Wall time, processor time (user and system) and the largest memory come from the operating system
(`wait4`). A process begins with its parent's memory, so less than this script's own (about 12 MB)
cannot be seen.
"""

import argparse
import csv
import datetime
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
BASELINE = "DuckDB"


def machine():
    model = platform.processor() or platform.machine()
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {cores()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}"


def cores():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def warm(paths):
    """Reads the files once, so that no tool is the one that finds them cold."""
    subprocess.run(["cat", *paths], stdout=subprocess.DEVNULL, check=True)


def run(command, folder, log):
    """Wall seconds, processor seconds and memory in megabytes."""
    with open(log, "wb") as out:
        begin = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    # 1 is gutschrift's word for a complete result in which something needs a person.
    if process.returncode not in (0, 1) or (process.returncode == 1 and "python" in command[0]):
        sys.exit(f"{' '.join(map(str, command))}\nended with {process.returncode}:\n"
                 + Path(log).read_text(errors="replace")[-2000:])
    unit = 1 if sys.platform == "darwin" else 1024
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6


def credited(path):
    with open(path, encoding="utf-8", newline="") as source:
        return sum(row["status"] == "credited" for row in csv.DictReader(source))


def seconds(value):
    return f"{value:.3f} s" if value < 1 else f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def compare(size, data, tools, rounds):
    """Lines of the table for one size."""
    seen = {name: [] for name in tools}
    counts = {}
    inputs = [data / "list.csv", data / "bank.csv"]
    for number in range(rounds):
        for name, command in tools.items():
            folder = data / "out" / "".join(filter(str.isalnum, name.lower()))
            # Nobody pays for removing an old result.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            for path in inputs:
                os.link(path, folder / path.name)
            # Nor for what the tool before has not yet written to the disk.
            os.sync()
            warm(inputs)
            seen[name].append(run(command, folder, folder / "log"))
            counts[name] = credited(folder / "result.csv")
            wall, processor, memory = seen[name][-1]
            print(f"{size}, round {number + 1}, {name}: {wall:.3f} s, {memory:.0f} MB",
                  file=sys.stderr)
    shutil.rmtree(data / "out")
    medians = {
        name: [statistics.median(column) for column in zip(*runs)] for name, runs in seen.items()
    }
    base = medians[BASELINE]
    for name, (wall, processor, memory) in medians.items():
        walls = [run[0] for run in seen[name]]
        print(
            f"| {size:,} | {name} | {seconds(wall)} ({seconds(min(walls))} to {seconds(max(walls))}) "
            f"| {seconds(processor)} | {memory:,.0f} MB | {wall / base[0]:.2f} "
            f"| {memory / base[2]:.2f} | {counts[name]:,} |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--tool", required=True)
    parser.add_argument("sizes", nargs="+", type=int)
    # Behind each `--` stand the name of a variant and its arguments.
    groups = [[]]
    for word in sys.argv[1:]:
        if word == "--":
            groups.append([])
        else:
            groups[-1].append(word)
    arguments = parser.parse_args(groups.pop(0))

    job = [sys.executable]
    files = ["list.csv", "bank.csv", "."]
    tools = {
        "DuckDB": [*job, HERE / "duckdb_job.py", *files],
        "Polars": [*job, HERE / "polars_job.py", *files],
        **{name: [arguments.tool, *rest] for name, *rest in groups},
    }
    own = subprocess.run([arguments.tool, "--version"], capture_output=True, text=True, check=True)
    print(f"{datetime.date.today()}; {machine()}; {own.stdout.strip()}, "
          f"DuckDB {version('duckdb')}, Polars {version('polars')}, "
          f"Python {platform.python_version()}; files warm, tools in turn, "
          f"medians of {arguments.rounds} (smallest to largest).\n")
    for name, *rest in groups:
        print(f"    {name}: gutschrift {' '.join(rest)}")
    print()
    print("| payments | tool | time | processor time | largest memory | time / DuckDB "
          "| memory / DuckDB | credited |")
    print("|---:|---|---:|---:|---:|---:|---:|---:|", flush=True)
    for size in arguments.sizes:
        compare(size, arguments.data / f"{size}-v{arguments.version}", tools, arguments.rounds)


if __name__ == "__main__":
    main()
