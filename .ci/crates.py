"""Holds the crates that we build against two rules: each has a licence that is on the list, and each that we name is used."""

import json
import pathlib
import re
import subprocess
import sys

ALLOWED = {
    "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CDLA-Permissive-2.0", "ISC", "MIT", "MPL-2.0", "Unicode-3.0", "Zlib",
}


def allowed(expression):
    """An SPDX expression: all parts of an AND, any part of an OR; the old slash is an OR."""
    expression = expression.replace("/", " OR ")
    tokens = re.findall(r"\(|\)|\bAND\b|\bOR\b|[^()\s]+(?: WITH [^()\s]+)?", expression)

    def either(at):
        value, at = both(at)
        while at < len(tokens) and tokens[at] == "OR":
            other, at = both(at + 1)
            value = value or other
        return value, at

    def both(at):
        value, at = one(at)
        while at < len(tokens) and tokens[at] == "AND":
            other, at = one(at + 1)
            value = value and other
        return value, at

    def one(at):
        if tokens[at] == "(":
            value, at = either(at + 1)
            return value, at + 1
        return tokens[at] in ALLOWED, at + 1

    return either(0)[0]


def unused(package):
    """Crates named in Cargo.toml whose name stands nowhere in our code (a feature alone may be the reason for one)."""
    folders = ["src", "tests", "benches"]
    code = "\n".join(path.read_text() for folder in folders for path in pathlib.Path(folder).rglob("*.rs"))
    names = sorted({(d["rename"] or d["name"]).replace("-", "_") for d in package["dependencies"]})
    return [name for name in names if not re.search(rf"\b{name}\b", code)]


def main():
    found = subprocess.run(["cargo", "metadata", "--format-version", "1", "--locked"], check=True, capture_output=True, text=True)
    packages = json.loads(found.stdout)["packages"]
    bad = [f"{p['name']} {p['version']}: {p['license'] or 'no licence'}" for p in packages if not allowed(p["license"] or "none")]
    ours = next(p for p in packages if p["source"] is None)
    bad += [f"{name}: named in Cargo.toml and used nowhere" for name in unused(ours)]
    print(f"{len(packages)} crates, {len(bad)} against the rules")
    print("\n".join(bad))
    sys.exit(1 if bad else 0)


main()
