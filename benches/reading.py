#!/usr/bin/env python3
"""How long every reading command takes as the store grows.

    cargo build --release --benches && python3 benches/reading.py target/release/tieback FOLDER

Grows a store of each size in FOLDER where there is none (1,000,000 stories take some 7 GB and a quarter of an hour), runs
each command over it, warm, and prints for each its median, its 95th percentile, the most memory that any call took, the
median of the time on a core, which a busy machine changes less, and by what factor it grew from the smallest store to the
largest. Nothing but Python's own library is needed.
"""
import argparse
import os
import random
import statistics
import subprocess
import sys
import time

NOW = "2026-11-26T07:00:00Z"
SIZES = {10_000: 1_000, 100_000: 3_000, 1_000_000: 10_000}
SOURCES = 150

COMMANDS = {
    "summary": ["summary", "--since", "24h"],
    "digest": ["digest"],
    "stories": ["stories"],
    "stories --state waiting": ["stories", "--state", "waiting"],
    "stories --authority birmingham": ["stories", "--authority", "birmingham"],
    "stories --irrelevant": ["stories", "--irrelevant"],
    "reports": ["reports"],
    "reports --uncovered": ["reports", "--uncovered"],
    "review": ["review"],
    "show STORY": ["show", "STORY"],
    "show REPORT": ["show", "REPORT"],
    "authority birmingham": ["authority", "birmingham"],
    "run, nothing due": ["run", "-q"],
    "check": ["check"],
}

# With a filter each text that has the words is asked, newest first, until enough are found.
FILTERED = [
    ["search", "inspectors", "--authority", "birmingham"],
    ["search", "inadequate", "--framework", "ilacs"],
    ["search", "social workers", "--grade", "good"],
    ["search", "children", "--outlet", "nobody’s"],
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--times", type=int, default=21)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--skip", default="", help="commands to leave out, by their names, with commas between")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    config = os.path.join(args.folder, "bench.toml")
    write_config(config)
    sizes = [int(size) for size in args.sizes.split(",")]
    table = {}
    for size in sizes:
        database = os.path.join(args.folder, f"{size}.db")
        if not os.path.exists(database):
            grow(database, size)
        measure_all(args, config, database, size, table)
    print_table(table, sizes)


def write_config(path):
    with open(path, "w") as file:
        file.write('contact = "bench@example.org"\n')
        for n in range(SOURCES):
            file.write(f'[[source]]\nname = "The {n} Gazette"\nkind = "feed"\nurl = "https://news{n}.invalid/feed"\n')


def grow(database, size):
    reports = str(SIZES.get(size, max(size // 100, 100)))
    subprocess.run(["cargo", "bench", "--bench", "grow", "--", database, "--stories", str(size), "--reports", reports], check=True)


def measure_all(args, config, database, size, table):
    base = [args.program, "--config", config, "--database", database, "--now", NOW]
    names = {"STORY": first_id(base, "stories", "s-"), "REPORT": first_id(base, "reports", "r-")}
    skipped = args.skip.split(",")
    for name, command in COMMANDS.items():
        if name in skipped:
            continue
        words = [names.get(word, word) for word in command]
        times = 3 if name == "check" else args.times
        call(base + words)
        table.setdefault(name, {})[size] = figures([call(base + words) for _ in range(times)])
        tell(name, size, table)
    if "add" not in skipped:
        added = [call(base + ["add", "-q", page(args.folder, n), "--url", f"https://added.example/news/{time.time_ns()}"]) for n in range(args.times)]
        table.setdefault("add a page", {})[size] = figures(added[1:])
        tell("add a page", size, table)
    if "search" not in skipped:
        queries = some_queries(args.queries)
        for query in queries[:5]:
            call(base + ["search", query])
        each = [(call(base + ["search", query]), query) for query in queries]
        table.setdefault(f"search, {len(queries)} queries", {})[size] = figures([taken for taken, _ in each])
        tell(f"search, {len(queries)} queries", size, table)
        worst = sorted(each, reverse=True)[:5]
        print("    worst: " + "; ".join(f"{query} {taken[0] * 1000:.0f}" for taken, query in worst))
        for words in FILTERED:
            call(base + words)
            table.setdefault(" ".join(words), {})[size] = figures([call(base + words) for _ in range(args.times)])
            tell(" ".join(words), size, table)


def page(folder, n):
    """A page of a story that is ours, never the same, of the day before: of one without a date, more reports are read."""
    chance = random.Random(time.time_ns())
    words = ["".join(chance.choice("abdegiklmnoprstu") for _ in range(7)) for _ in range(300)]
    paragraphs = [" ".join(words[at : at + 30]) + "." for at in range(0, 300, 30)]
    lead = f"Inspectors from Ofsted have judged children's services at Leeds City Council to be good, {words[0]} was told."
    path = os.path.join(folder, f"page{n}.html")
    with open(path, "w") as file:
        body = "".join(f"<p>{text}</p>" for text in [lead] + paragraphs)
        file.write(f"<html><head><title>{words[1]} {words[2]} {words[3]}</title><meta property='article:published_time' content='2026-11-25T09:00:00Z'></head><body><article><h1>{words[1]} {words[2]} {words[3]}</h1>{body}</article></body></html>")
    return path


def first_id(base, command, letter):
    out = subprocess.run(base + [command, "--limit", "9"], capture_output=True, text=True, check=True).stdout
    return next(word for word in out.split() if word.startswith(letter))


def some_queries(many):
    """Frequent and rare words, pairs, phrases and beginnings, always the same."""
    chance = random.Random(7)
    frequent = "council children care services school report home family ofsted inspectors birmingham leeds social workers".split()
    rare = [a + b + c for a in ("ba", "ce", "gram", "quin", "ster") for b in ("do", "fli", "mor", "zo") for c in ("nes", "pol", "ta")]
    kinds = [
        lambda: chance.choice(frequent),
        lambda: chance.choice(rare),
        lambda: f"{chance.choice(frequent)} {chance.choice(frequent)}",
        lambda: f"{chance.choice(rare)} {chance.choice(frequent)}",
        lambda: f'"{chance.choice(frequent)} {chance.choice(frequent)}"',
        lambda: f"{chance.choice(frequent)} OR {chance.choice(rare)}",
        lambda: f"{chance.choice(frequent)} -{chance.choice(frequent)}",
        lambda: chance.choice(rare)[:6],
        lambda: " ".join(chance.choice(frequent) for _ in range(4)),
        lambda: chance.choice(rare),
    ]
    return [kinds[at % len(kinds)]() for at in range(many)]


def call(command):
    start = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        sys.exit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_maxrss, usage.ru_utime + usage.ru_stime


def figures(calls):
    times = sorted(taken * 1000 for taken, _, _ in calls)
    late = times[min(len(times) - 1, int(len(times) * 0.95))]
    return statistics.median(times), late, max(memory for _, memory, _ in calls) / 1000, statistics.median(cpu * 1000 for *_, cpu in calls)


def tell(name, size, table):
    median, late, memory, cpu = table[name][size]
    print(f"{size:>9,} {name:<32} {median:>8.1f} ms {late:>8.1f} ms {memory:>6.0f} MB {cpu:>8.1f} ms of a core", flush=True)


def print_table(table, sizes):
    print("\n| command | " + " | ".join(f"{size:,}: median, 95th, core, memory" for size in sizes) + " | growth |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for name, row in table.items():
        cells = [f"{row[size][0]:.0f}, {row[size][1]:.0f}, {row[size][3]:.0f} ms, {row[size][2]:.0f} MB" if size in row else "–" for size in sizes]
        known = [row[size][3] for size in sizes if size in row]
        print(f"| {name} | " + " | ".join(cells) + f" | {known[-1] / known[0]:.1f} |")


if __name__ == "__main__":
    main()
