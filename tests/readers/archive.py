"""What warcio reads in an archive: `archive.py PLAIN GZIP REPORTS`."""

import hashlib
import json
import sys

from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

plain, packed, reports = sys.argv[1:]
reports = {json.loads(line)["url"] for line in open(reports, encoding="utf-8")}


def read(name):
    """Kind, address and digest of each record, held against its bytes."""
    found = []
    with open(name, "rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            body = record.content_stream().read()
            head = record.rec_headers
            kind, url, digest = head["WARC-Type"], head["WARC-Target-URI"], head["WARC-Payload-Digest"]
            assert kind == "warcinfo" or digest == "sha256:" + hashlib.sha256(body).hexdigest(), (url, digest)
            if kind == "response":
                assert record.http_headers.get_statuscode() == "200", url
                assert record.http_headers.get_header("content-type").startswith("text/html"), url
                assert b"<" in body, url
            found.append((kind, url, digest))
    return found


found = read(plain)
assert found == read(packed), "the same, packed"
assert found[0][0] == "warcinfo"
files = {url for kind, url, _ in found if kind == "resource"}
assert files == reports, files ^ reports
assert sum(kind == "response" for kind, _, _ in found) >= 10, len(found)
assert len({url for _, url, _ in found}) == len(found), "each once"


class Asked:
    """What the `warcio check` of a command line would be."""

    inputs = [plain, packed]
    verbose = False


checker = Checker(Asked)
checker.process_all()
assert checker.exit_value == 0, "warcio check"
print(f"{len(found)} records")
