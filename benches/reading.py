#!/usr/bin/env python3
"""How long every reading command takes as the store grows.

    cargo build --release --benches && python3 benches/reading.py target/release/tieback FOLDER

Grows a store of each size in FOLDER where there is none (1,000,000 stories take some 7 GB and a quarter of an hour), runs
each command over it, warm, and prints for each its median, its 95th percentile, the most memory that any call took, the
median and the 95th percentile of the time on a core, which a busy machine changes less, and by what factor that grew from
the smallest store to the largest. Nothing but Python's own library is needed.
"""
import argparse
import os
import random
import statistics
import subprocess
import sys
import time

NOW = "2026-11-26T07:00:00Z"
KINDS = 10
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
    "reports --uncovered --doubts": ["reports", "--uncovered", "--doubts"],
    "reports --outlet": ["reports", "--outlet", "The 7 Gazette"],
    "stories --outlet": ["stories", "--outlet", "The 7 Gazette"],
    "stories --framework jtai --grade inadequate": ["stories", "--framework", "jtai", "--grade", "inadequate"],
    "review": ["review"],
    "review --framework ilacs": ["review", "--framework", "ilacs"],
    "review --authority birmingham": ["review", "--authority", "birmingham"],
    "review --outlet": ["review", "--outlet", "The 7 Gazette"],
    "summary --watch common": ["summary", "--since", "24h", "--watch", "common"],
    "show STORY": ["show", "STORY"],
    "show REPORT": ["show", "REPORT"],
    "authority birmingham": ["authority", "birmingham"],
    "run with nothing due": ["run", "-q"],
    "check": ["check"],
}

# A filter for each kind of words; that of nobody lets nothing through.
FILTERS = [
    ["--authority", "birmingham"],
    ["--authority", "leeds"],
    ["--framework", "ilacs"],
    ["--framework", "jtai"],
    ["--framework", "jtai", "--grade", "inadequate"],
    ["--grade", "good"],
    ["--grade", "inadequate"],
    ["--grade-differs"],
    ["--outlet", "The 7 Gazette"],
    ["--outlet", "nobody’s"],
    ["--since", "2026-11-01"],
    ["--until", "2010-01-01"],
    ["--authority", "birmingham", "--since", "2020-01-01"],
]

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
    parser.add_argument("--ours", type=int, default=5, help="of a hundred stories")
    parser.add_argument("--skip", default="", help="commands to leave out, by their names, with commas between")
    parser.add_argument("--only", default="", help="commands to keep to, by their names, with commas between")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    config = os.path.join(args.folder, "bench.toml")
    write_config(config)
    sizes = [int(size) for size in args.sizes.split(",")]
    table = {}
    for size in sizes:
        database = os.path.join(args.folder, f"{size}.db" if args.ours == 5 else f"{size}-{args.ours}.db")
        if not os.path.exists(database):
            grow(database, size, args.ours)
        measure_all(args, config, database, size, table)
    print_table(table, sizes)


def write_config(path):
    with open(path, "w") as file:
        file.write('contact = "bench@example.org"\n')
        for n in range(SOURCES):
            file.write(f'[[source]]\nname = "The {n} Gazette"\nkind = "feed"\nurl = "https://news{n}.invalid/feed"\n')
        file.write('[[watch]]\nname = "common"\nwords = ["council", "children", "care"]\n')


def grow(database, size, ours):
    reports = str(SIZES.get(size, max(size // 100, 100)))
    subprocess.run(["cargo", "bench", "--bench", "grow", "--", database, "--stories", str(size), "--reports", reports, "--ours", str(ours)], check=True)


def measure_all(args, config, database, size, table):
    base = [args.program, "--config", config, "--database", database, "--now", NOW]
    names = {"STORY": first_id(base, "stories", "s-"), "REPORT": first_id(base, "reports", "r-")}
    only = args.only.split(",") if args.only else None
    is_wanted = lambda name: name not in args.skip.split(",") and (only is None or name in only)
    for name, command in COMMANDS.items():
        if not is_wanted(name):
            continue
        words = [names.get(word, word) for word in command]
        times = 3 if name == "check" else args.times
        call(base + words)
        table.setdefault(name, {})[size] = figures([call(base + words) for _ in range(times)])
        tell(name, size, table)
    if is_wanted("add"):
        added = [call(base + ["add", "-q", page(args.folder, n), "--url", f"https://added.example/news/{time.time_ns()}"]) for n in range(args.times)]
        table.setdefault("add a page", {})[size] = figures(added[1:])
        tell("add a page", size, table)
    if is_wanted("search"):
        queries = [["search", query] for query in some_queries(args.queries)]
        measure_queries(f"search, {len(queries)} queries", base, queries, size, table)
        for words in FILTERED:
            call(base + words)
            table.setdefault(" ".join(words), {})[size] = figures([call(base + words) for _ in range(args.times)])
            tell(" ".join(words), size, table)
    if is_wanted("filtered"):
        # There are as many kinds of queries as have no factor in common with the filters: each meets each.
        pairs = some_queries(KINDS * len(FILTERS))
        queries = [["search", *filter, "--", query] for query, filter in zip(pairs, FILTERS * KINDS)]
        measure_queries(f"search with a filter, {len(queries)} queries", base, queries, size, table)


def measure_queries(name, base, queries, size, table):
    for query in queries[:5]:
        call(base + query)
    each = [(call(base + query), query) for query in queries]
    table.setdefault(name, {})[size] = figures([taken for taken, _ in each])
    tell(name, size, table)
    worst = sorted(each, key=lambda one: one[0][2], reverse=True)[:12]
    print("    most of a core: " + "; ".join(f"{' '.join(query[1:])} {taken[2] * 1000:.0f}" for taken, query in worst))


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
    return [kinds[at % KINDS]() for at in range(many)]


def call(command):
    start = time.perf_counter()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, close_fds=False)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    if os.waitstatus_to_exitcode(status) not in (0, 4):
        sys.exit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_maxrss, usage.ru_utime + usage.ru_stime


def figures(calls):
    cpu = [taken * 1000 for *_, taken in calls]
    clock = [taken * 1000 for taken, _, _ in calls]
    memory = max(memory for _, memory, _ in calls) / 1000
    return statistics.median(clock), late(clock), memory, statistics.median(cpu), late(cpu)


def late(times):
    """The 95th percentile."""
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def tell(name, size, table):
    median, slow, memory, cpu, slow_cpu = table[name][size]
    print(f"{size:>9,} {name:<44} {median:>7.1f} ms {slow:>7.1f} ms {memory:>5.0f} MB; of a core {cpu:>7.1f} ms {slow_cpu:>7.1f} ms", flush=True)


def print_table(table, sizes):
    print("\n| command | " + " | ".join(f"{size:,}: clock, 95th; core, 95th; memory" for size in sizes) + " | growth |")
    print("|---|" + "---|" * (len(sizes) + 1))
    for name, row in table.items():
        cells = [f"{row[size][0]:.0f}, {row[size][1]:.0f}; {row[size][3]:.0f}, {row[size][4]:.0f} ms; {row[size][2]:.0f} MB" if size in row else "–" for size in sizes]
        known = [row[size][3] for size in sizes if size in row]
        print(f"| {name} | " + " | ".join(cells) + f" | {known[-1] / known[0]:.1f} |")


if __name__ == "__main__":
    main()
