#!/usr/bin/env python3
"""What a round over many hosts costs when nothing has changed, beside newsboat and sfeed.

    python3 benches/hosts.py target/release/tieback FOLDER [--hosts 1000]

Lays out a feed for each host in FOLDER, and lets nginx serve them all as a proxy that answers "not modified" out of memory.
Each reader asks every host once to learn what is there, then again, and that second round is measured: requests and how many
of them were answered 304, seconds by the clock and on a core, the most memory of any process, and what nginx itself took.
All have the same number of requests under way at once. Needs nginx, newsboat, sfeed and curl.
"""
import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time

PORT = 18930
AT_ONCE = 16
ROUNDS = 3
NGINX = """
daemon off; worker_processes 1; pid nginx.pid; error_log error.log;
events { worker_connections 4096; }
http {
  access_log access.log; open_file_cache max=4000; keepalive_requests 100000; types { application/rss+xml xml; }
  server { listen 127.0.0.1:PORT backlog=4096; root feeds; location = /robots.txt { return 404; } location / { try_files /$host.xml =404; } }
}
"""
SFEEDRC = """
sfeedpath=feeds; maxjobs=AT_ONCE
fetch() { curl -s -f -m 30 -x http://127.0.0.1:PORT --etag-save "etag/$1" --etag-compare "etag/$1" "$2"; }
feeds() {
LINES
}
"""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("--hosts", type=int, default=1_000)
    args = parser.parse_args()
    program = os.path.abspath(args.program)
    lay_out(args.folder, [f"host{n:04}.example" for n in range(args.hosts)])
    os.chdir(args.folder)
    nginx = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-p", ".", "-c", "nginx.conf"])
    time.sleep(1)
    try:
        print(f"{'reader':10}{'requests':>10}{'304':>8}{'wall s':>9}{'core s':>9}{'MB':>7}{'nginx s':>9}")
        tieback = [program, "--config", "tieback.toml", "--database", "tieback.db", "--now"]
        measure("tieback", lambda n: [*tieback, f"2026-11-26T{6 + n:02}:00:00Z", "run", "-q"], nginx)
        newsboat = ["newsboat", "-C", "newsboat.conf", "-u", "urls", "-c", "newsboat.db", "-x", "reload"]
        measure("newsboat", lambda _: newsboat, nginx)
        measure("sfeed", lambda _: ["sfeed_update", "./sfeedrc"], nginx)
    finally:
        nginx.send_signal(signal.SIGQUIT)
        nginx.wait()


def lay_out(folder, hosts):
    """The feeds, nginx's configuration, and that of each reader."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ["feeds", "etag", "logs", "sfeed"]:
        os.makedirs(os.path.join(folder, name))

    def write(name, text):
        with open(os.path.join(folder, name), "w") as file:
            file.write(text.replace("PORT", str(PORT)).replace("AT_ONCE", str(AT_ONCE)))

    for host in hosts:
        items = "".join(
            f"<item><title>Fete {n} on the green</title><link>http://{host}/{n}</link><guid>http://{host}/{n}</guid>"
            f"<pubDate>Wed, 25 Nov 2026 06:{n:02}:00 GMT</pubDate><description>{'There was cake. ' * 20}</description></item>"
            for n in range(20)
        )
        write(f"feeds/{host}.xml", f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>')
    write("nginx.conf", NGINX)
    sources = "".join(f'[[source]]\nname = "{host}"\nkind = "feed"\nurl = "http://{host}/"\n' for host in hosts)
    write("tieback.toml", f'contact = "bench@example.org"\n[fetch]\nhosts_at_once = {AT_ONCE}\n{sources}')
    write("urls", "".join(f"http://{host}/\n" for host in hosts))
    write("newsboat.conf", "use-proxy yes\nproxy 127.0.0.1:PORT\nproxy-type http\nreload-threads AT_ONCE\n")
    write("sfeedrc", SFEEDRC.replace("LINES", "\n".join(f"feed '{host}' 'http://{host}/'" for host in hosts)))


def measure(name, command, nginx):
    """The median of some rounds behind the first."""
    environment = {"PATH": os.environ["PATH"], "HOME": os.getcwd(), "HTTP_PROXY": f"http://127.0.0.1:{PORT}"}
    rounds = []
    for n in range(ROUNDS + 1):
        open("access.log", "w").close()
        served, started = cpu(nginx.pid), time.monotonic()
        child = subprocess.Popen(command(n), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        wall = time.monotonic() - started
        if os.waitstatus_to_exitcode(status) != 0:
            sys.exit(f"{name} ended with {os.waitstatus_to_exitcode(status)}")
        statuses = re.findall(r'" (\d{3}) ', open("access.log").read())
        rounds.append((wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e3, cpu(nginx.pid) - served, statuses))
    wall, core, memory, served, statuses = sorted(rounds[1:], key=lambda round: round[:4])[ROUNDS // 2]
    print(f"{name:10}{len(statuses):>10}{statuses.count('304'):>8}{wall:>9.2f}{core:>9.2f}{memory:>7.0f}{served:>9.2f}", flush=True)


def cpu(pid):
    """Seconds on a core of a process and its children."""
    pids = [str(pid), *open(f"/proc/{pid}/task/{pid}/children").read().split()]
    fields = (open(f"/proc/{one}/stat").read().rsplit(") ", 1)[1].split() for one in pids)
    return sum(int(field[11]) + int(field[12]) for field in fields) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
