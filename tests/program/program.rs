//! The program as a person or cron calls it: the real binary in a folder of its own, with a fixed time and a proxy.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::web::Web;

/// The time of the first run, unless a test says otherwise.
pub const NOW: &str = "2024-03-05T06:00:00Z";

/// A folder with a configuration and a database.
pub struct Program {
    folder: TempDir,
    proxy: Option<String>,
}

/// What a call came to.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Program {
    /// With these sources, all hosts behind the web's proxy, one try a request and no pauses.
    pub fn new(web: &Web, sources: &str) -> Self {
        Self::with(Some(web.proxy()), &format!("contact = \"test@example.org\"\n[fetch]\nper_host_delay = \"0s\"\ntries = 1\n{sources}"))
    }

    pub fn with(proxy: Option<String>, config: &str) -> Self {
        let program = Self { folder: tempfile::tempdir().unwrap(), proxy };
        program.configure(config);
        program
    }

    pub fn configure(&self, config: &str) {
        fs::write(self.path("config.toml"), config).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database(&self) -> PathBuf {
        self.path("tieback.db")
    }

    /// A call with this time for now. Nothing of our own environment reaches it.
    pub fn command(&self, now: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tieback"));
        command.env_clear().env("HOME", self.folder.path()).stdin(Stdio::null());
        for name in ["SSL_CERT_FILE", "SSL_CERT_DIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        if let Some(proxy) = &self.proxy {
            command.env("HTTP_PROXY", proxy).env("HTTPS_PROXY", proxy).env("NO_PROXY", "127.0.0.1");
        }
        command.arg("--config").arg(self.path("config.toml")).arg("--database").arg(self.database());
        command.args(["--now", now]).args(args);
        command
    }

    pub fn call(&self, now: &str, args: &[&str]) -> Ran {
        Ran::of(self.command(now, args).output().unwrap())
    }

    /// Starts a run and does not wait for it.
    pub fn start(&self, now: &str, args: &[&str]) -> Child {
        self.command(now, args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// `run --all`, which must end with this exit code.
    #[track_caller]
    pub fn run_all(&self, now: &str, expected: i32) -> Ran {
        let ran = self.call(now, &["run", "--all"]);
        assert_eq!(ran.code, Some(expected), "{}{}", ran.out, ran.err);
        ran
    }

    /// What `export` writes, byte for byte.
    #[track_caller]
    pub fn export(&self, what: &str) -> String {
        let ran = self.call(NOW, &["export", what]);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        ran.out
    }

    pub fn stories(&self) -> Vec<Value> {
        lines(&self.export("stories"))
    }

    pub fn reports(&self) -> Vec<Value> {
        lines(&self.export("reports"))
    }

    /// The story with this title.
    #[track_caller]
    pub fn story(&self, title: &str) -> Value {
        let stories = self.stories();
        let found = stories.iter().find(|story| story["title"] == title);
        found.unwrap_or_else(|| panic!("no story `{title}` in {stories:#?}")).clone()
    }

    /// The report of this file.
    #[track_caller]
    pub fn report(&self, url: &str) -> Value {
        let reports = self.reports();
        let found = reports.iter().find(|report| report["url"] == url);
        found.unwrap_or_else(|| panic!("no report `{url}` in {reports:#?}")).clone()
    }

    /// The database, to look into or to age what it holds.
    pub fn sql(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).unwrap()
    }

    /// How a source fares: the last failure by its name, and what was said of it.
    pub fn source(&self, name: &str) -> (Option<String>, String) {
        self.sql()
            .query_row("SELECT failure, coalesce(detail, '') FROM source WHERE name = ?1", [name], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
    }

    /// All rows of all tables but those that only keep the books of runs, sources, hosts, requests and versions, as text.
    pub fn rows(&self) -> String {
        let db = self.sql();
        let names: Vec<String> = db
            .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('run', 'source', 'resource', 'host', 'robots', 'made_with') AND name NOT GLOB '*_fts*' ORDER BY name")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        names.iter().map(|name| format!("{name}\n{}", table(&db, name))).collect()
    }
}

/// Columns that say when something was last looked at, and by that alone change in every run.
const LOOKED_AT: [&str; 7] = ["listed_at", "listed", "read_at", "last_seen", "judged_at", "due", "tried_at"];

fn table(db: &rusqlite::Connection, name: &str) -> String {
    let mut select = db.prepare(&format!("SELECT * FROM {name}")).unwrap();
    let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
    let mut rows: Vec<String> = select
        .query_map([], |row| {
            let fields = columns.iter().enumerate().filter(|(_, column)| !LOOKED_AT.contains(&column.as_str()));
            fields.map(|(at, column)| Ok(format!(" {column}={:?}", row.get_ref(at)?))).collect::<rusqlite::Result<String>>()
        })
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    rows.sort();
    rows.join("\n") + "\n"
}

impl Ran {
    fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The names of the ties of a story that hold, each with its report's address.
pub fn tied(story: &Value) -> Vec<&str> {
    let ties = story["ties"].as_array().unwrap();
    ties.iter().filter(|tie| tie["state"] == "auto").map(|tie| tie["report_url"].as_str().unwrap()).collect()
}
