//! What every command needs: the configuration, the database, the time, and how to speak.

use std::{fs, io, path::PathBuf, process::ExitCode};

use jiff::Timestamp;
use serde_json::json;

use super::{
    check,
    lock::{self, Lock},
    output,
};
use crate::{
    cli::{ColorChoice, Global, LogFormat},
    config::{Config, ConfigError},
    fetch::FetchError,
    model::text::clean_line,
    pipeline::Halt,
    store::{Store, StoreError},
    tie::score::WeightsError,
};

/// Bytes without which no database can be opened: SQLite’s index of its `-wal` begins with so many.
const LEAST_ROOM: u64 = 32 * 1024;

/// The exit codes of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Well = 0,
    Unexpected = 1,
    Usage = 2,
    Configuration = 3,
    SourcesFailed = 4,
    Locked = 5,
    Database = 6,
    /// A signal stopped the run, in order.
    Stopped = 7,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ends early: the exit code, what happened, and what a person can do.
#[derive(Debug)]
pub struct Trouble {
    pub exit: Exit,
    pub message: String,
    pub hint: Option<String>,
}

impl Trouble {
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says it on stderr, in one or two lines that cannot steer a terminal, or as a record of the log. A broken pipe is no
    /// trouble.
    pub fn tell(&self, log: LogFormat) {
        if self.exit == Exit::Well {
            return;
        }
        if log == LogFormat::Json {
            let hint = self.hint.as_deref().map(clean_line);
            return output::logged("ERROR", &self.message, json!({ "hint": hint, "exit": self.exit as u8 }));
        }
        for line in self.message.lines() {
            output::told(&format!("tieback: {line}"));
        }
        if let Some(hint) = &self.hint {
            output::told(&format!("hint: {hint}"));
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        let exit = if error.is_database() { Exit::Database } else { Exit::Usage };
        Self { exit, message: error.to_string(), hint: error.hint().map(str::to_owned) }
    }
}

impl From<ConfigError> for Trouble {
    fn from(error: ConfigError) -> Self {
        Self { exit: Exit::Configuration, hint: error.hint.clone(), message: ConfigError { hint: None, ..error }.to_string() }
    }
}

impl From<FetchError> for Trouble {
    fn from(error: FetchError) -> Self {
        Self::new(Exit::Unexpected, error.to_string())
    }
}

impl From<Halt> for Trouble {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Store(error) => error.into(),
            Halt::Fetch(error) => error.into(),
            Halt::Weights(error) => error.into(),
            Halt::Io(error) => error.into(),
            Halt::Clock(_) => {
                Self::new(Exit::Unexpected, halt.to_string()).hint("set the clock of this machine, and run again: nothing was changed")
            }
            Halt::NoSource(_) => Self::usage(halt.to_string()).hint("`tieback sources list --all` shows their names"),
        }
    }
}

impl From<WeightsError> for Trouble {
    fn from(error: WeightsError) -> Self {
        Self::new(Exit::Unexpected, error.to_string())
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        let exit = if error.kind() == io::ErrorKind::BrokenPipe { Exit::Well } else { Exit::Unexpected };
        let trouble = Self::new(exit, error.to_string());
        match error.raw_os_error().map(rustix::io::Errno::from_raw_os_error) {
            Some(rustix::io::Errno::MFILE | rustix::io::Errno::NFILE) => {
                trouble.hint("it may have too few files open at once: `ulimit -n` says how many, 100 are enough")
            }
            Some(rustix::io::Errno::AGAIN | rustix::io::Errno::NOMEM) => {
                trouble.hint("it may have too little memory or too few processes: `ulimit -v` and `ulimit -u` say how much")
            }
            Some(rustix::io::Errno::NOSPC) => trouble.hint("make room where the output goes, and call again"),
            _ => trouble,
        }
    }
}

/// The settings of this call.
#[derive(Debug, Clone)]
pub struct Context {
    pub config: Config,
    pub database: PathBuf,
    pub now: Timestamp,
    pub quiet: bool,
    pub verbose: u8,
    pub color: ColorChoice,
    pub log: LogFormat,
}

impl Context {
    /// # Errors
    /// Where the configuration cannot be read, or no place for the database is known.
    pub fn new(global: &Global) -> Result<Self, Trouble> {
        let config = config(global)?;
        let database = match &global.database {
            Some(path) => path.clone(),
            None => data_home().map(|home| home.join("tieback/tieback.db")).ok_or_else(|| {
                Trouble::new(Exit::Database, "no place for the database: neither XDG_DATA_HOME nor HOME is set")
                    .hint("name one with --database FILE")
            })?,
        };
        let now = whole_seconds(global.now.unwrap_or_else(Timestamp::now));
        let context = Self { config, database, now, quiet: global.quiet, verbose: global.verbose, color: global.color, log: global.log };
        context.start_logging();
        Ok(context)
    }

    /// Opens the database, making it if it is not there.
    ///
    /// # Errors
    /// Where it cannot be used.
    pub fn store(&self) -> Result<Store, Trouble> {
        let is_empty = self.is_empty();
        let store = Store::open(&self.database).map_err(|error| match error {
            // What SQLite keeps beside the database found no room: it calls that an error of the disk.
            StoreError::Failing(_) if check::free(self).is_some_and(|free| free < LEAST_ROOM) => StoreError::Full,
            other => other,
        })?;
        self.tell_empty(is_empty);
        Ok(store)
    }

    /// Says of a database that was a file without anything in it that it is one from now on.
    fn tell_empty(&self, is_empty: bool) {
        if is_empty && !self.quiet {
            let said = format!(
                "the database `{}` was empty and begins anew; if it should not have been, `tieback restore FILE` puts a backup back",
                self.database.display()
            );
            output::tell(self.log, &said);
        }
    }

    fn is_empty(&self) -> bool {
        fs::metadata(&self.database).is_ok_and(|file| file.is_file() && file.len() == 0)
    }

    /// The same for commands that only look things up: nothing is made where no run was.
    ///
    /// # Errors
    /// Where there is no database yet, or it cannot be used.
    pub fn stored(&self) -> Result<Store, Trouble> {
        if !self.database.exists() {
            let message = format!("there is no database at `{}` yet", self.database.display());
            return Err(Trouble::new(Exit::Database, message).hint("`tieback run` makes it; `tieback demo` shows what it is for"));
        }
        let is_empty = self.is_empty();
        let store = Store::open_stored(&self.database)?;
        self.tell_empty(is_empty);
        Ok(store)
    }

    /// The same for commands that write down who decided.
    ///
    /// # Errors
    /// As [`Context::stored`].
    pub fn deciding(&self) -> Result<Store, Trouble> {
        let mut store = self.stored()?;
        store.set_person(&super::summary::reader(None)?);
        Ok(store)
    }

    /// Takes the lock that keeps two runs apart; it is free again when it is dropped, also after a crash.
    ///
    /// # Errors
    /// Where another run holds it, or the lock file cannot be written.
    pub fn lock(&self) -> Result<Lock, Trouble> {
        let holder = match Lock::take(&self.place(), self.now)? {
            Ok(lock) => return Ok(lock),
            Err(holder) => holder.map(|holder| format!(": {holder}")).unwrap_or_default(),
        };
        Err(Trouble::new(Exit::Locked, format!("another run is at work on `{}`{holder}", self.database.display()))
            .hint("wait for it to end; cron may call again meanwhile"))
    }

    /// True where a run holds the lock.
    pub fn at_work(&self) -> bool {
        lock::is_held(&self.place())
    }

    /// The file itself, by whatever name it was called.
    fn place(&self) -> PathBuf {
        fs::canonicalize(&self.database).unwrap_or_else(|_| self.database.clone())
    }

    pub fn start_logging(&self) {
        use tracing_subscriber::{EnvFilter, fmt};
        let default = match self.verbose {
            0 => "warn,rustls_platform_verifier=off",
            1 => "tieback=info,warn,rustls_platform_verifier=off",
            _ => "tieback=debug,info,rustls_platform_verifier=off",
        };
        let filter = EnvFilter::try_from_env("TIEBACK_LOG").unwrap_or_else(|_| EnvFilter::new(default));
        // A second call, as in tests, keeps the first subscriber.
        // Where nobody listens on stderr any more, nobody need be told of that.
        let log = fmt().with_env_filter(filter).with_writer(io::stderr).with_target(false).with_ansi(false).log_internal_errors(false);
        let _already = match self.log {
            LogFormat::Text => log.try_init(),
            LogFormat::Json => log.json().flatten_event(true).try_init(),
        };
    }
}

/// The configuration that is named, else the user's, else the built-in one.
///
/// # Errors
/// Where it cannot be read.
pub fn config(global: &Global) -> Result<Config, Trouble> {
    let user = || config_home().map(|home| home.join("tieback/config.toml")).filter(|path| path.exists());
    Ok(Config::load(global.config.clone().or_else(user).as_deref())?)
}

fn whole_seconds(moment: Timestamp) -> Timestamp {
    Timestamp::from_second(moment.as_second()).unwrap_or(moment)
}

/// `$XDG_CONFIG_HOME`, else `~/.config`.
pub fn config_home() -> Option<PathBuf> {
    home("XDG_CONFIG_HOME", ".config")
}

/// `$XDG_DATA_HOME`, else `~/.local/share`.
pub fn data_home() -> Option<PathBuf> {
    home("XDG_DATA_HOME", ".local/share")
}

/// Relative paths in these variables are to be ignored (XDG Base Directory Specification).
fn home(variable: &str, below: &str) -> Option<PathBuf> {
    let named = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    named.or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(below)).filter(|path| path.is_absolute()))
}
