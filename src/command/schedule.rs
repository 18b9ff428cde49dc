//! How the program is started again and again: a line for a crontab, or units for systemd.

use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

/// What is to be started, and at which minutes of the hour.
pub struct Schedule {
    command: String,
    minute: u64,
}

impl Schedule {
    /// For the configuration at a path, which has to be named where it does not stand where it is looked for. The minute
    /// follows from the path, so that not everybody asks the same sites at the full hour.
    pub fn of(config: &Path, named: bool) -> Self {
        let program = std::env::current_exe().map_or_else(|_| "tieback".to_owned(), |path| path.display().to_string());
        let absolute = std::path::absolute(config).unwrap_or_else(|_| config.to_owned());
        let option = if named { format!(" --config {}", quoted(&absolute.display().to_string())) } else { String::new() };
        let minute = 1 + xxh3_64(absolute.as_os_str().as_encoded_bytes()) % 29;
        Self { command: format!("{}{option} run -q --for 25m", quoted(&program)), minute }
    }

    /// Twice an hour. In a crontab a percent sign ends the command.
    pub fn crontab(&self) -> String {
        format!("{},{} * * * *  {}", self.minute, self.minute + 30, self.command.replace('%', "\\%"))
    }

    /// That a source is in trouble, or another run is at work, is no failure of the unit.
    pub fn service(&self) -> String {
        format!(
            "[Unit]\nDescription=News about inspections of children's services, tied to Ofsted's reports\n\
             Wants=network-online.target\nAfter=network-online.target\n\n\
             [Service]\nType=oneshot\nExecStart={}\nSuccessExitStatus=4 5\nNice=10\n",
            self.command.replace('%', "%%")
        )
    }

    pub fn timer(&self) -> String {
        format!(
            "[Unit]\nDescription=Run tieback twice an hour\n\n[Timer]\nOnCalendar=*:{:02}/30\nRandomizedDelaySec=120\nPersistent=true\n\n\
             [Install]\nWantedBy=timers.target\n",
            self.minute
        )
    }
}

/// A word for a shell and for systemd, which both know double quotation marks.
fn quoted(word: &str) -> String {
    let is_plain = word.chars().all(|char| char.is_ascii_alphanumeric() || "/._-+@:".contains(char));
    if is_plain { word.to_owned() } else { format!("\"{}\"", word.replace('\\', "\\\\").replace('"', "\\\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_units_that_can_be_used_as_they_stand() {
        let when = Schedule { command: "/usr/bin/tieback --config \"/home/a b/100%.toml\" run -q".to_owned(), minute: 7 };
        assert_eq!(when.crontab(), "7,37 * * * *  /usr/bin/tieback --config \"/home/a b/100\\%.toml\" run -q");
        assert!(when.service().contains("ExecStart=/usr/bin/tieback --config \"/home/a b/100%%.toml\" run -q\n"));
        assert!(when.timer().contains("OnCalendar=*:07/30\n"));
        assert_eq!(quoted("a\"b"), "\"a\\\"b\"");
    }
}
