//! A real pseudo-terminal, made by `script` (util-linux), with what stands on its screen.

use std::{
    io::{Read, Write},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::world::{NOW, World};

/// How long something may take to be shown, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(20);
const REST: Duration = Duration::from_millis(1500);

pub struct Terminal {
    child: Child,
    keys: ChildStdin,
    bytes: Arc<Mutex<Vec<u8>>>,
    rows: u16,
    columns: u16,
    folder: PathBuf,
}

impl Terminal {
    /// The program with these arguments on a terminal of that size. What the shell says of its end, and how it finds the
    /// terminal then, stands behind it.
    pub fn run(world: &World, args: &str, (rows, columns): (u16, u16), variables: &[(&str, &str)]) -> Self {
        let folder = world.dir.path();
        let program = env!("CARGO_BIN_EXE_tieback");
        let line = format!(
            "stty rows {rows} cols {columns}; tty > tty; sh -c 'echo $$ > pid; exec {program} {args} --now {NOW} --config config.toml \
             --database tieback.db'; echo \"left with $?\"; stty -a"
        );
        let mut command = Command::new("script");
        command.args(["-qfec", &line, "/dev/null"]).current_dir(folder).env_clear();
        command.env("HOME", folder).env("PATH", "/usr/bin:/bin").env("TERM", "xterm-256color").env("SHELL", "/bin/sh").env("USER", "anna");
        command.envs(variables.iter().copied());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let (keys, mut out) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let kept = bytes.clone();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = out.read(&mut buffer) {
                kept.lock().unwrap().extend_from_slice(&buffer[..read]);
            }
        });
        Self { child, keys, bytes, rows, columns, folder: folder.to_owned() }
    }

    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }

    /// What stands on the screen.
    pub fn screen(&self) -> String {
        let mut parser = vt100::Parser::new(self.rows, self.columns, 1000);
        parser.process(&self.bytes());
        parser.screen().contents()
    }

    /// Waits until something stands on the screen.
    pub fn shows(&self, what: &str) -> String {
        let started = Instant::now();
        loop {
            let screen = self.screen();
            if screen.contains(what) {
                return screen;
            }
            assert!(started.elapsed() < PATIENCE, "no `{what}` on\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// Time for keys to be read that show nothing on the screen.
    pub fn rest(&self) {
        std::thread::sleep(REST);
    }

    /// Another size, as when a window is drawn larger.
    pub fn resize(&mut self, rows: u16, columns: u16) {
        (self.rows, self.columns) = (rows, columns);
        let line = format!("stty rows {rows} cols {columns} < $(cat tty)");
        assert!(Command::new("sh").args(["-c", &line]).current_dir(&self.folder).status().unwrap().success());
    }

    pub fn signal(&self, signal: &str) {
        let pid = std::fs::read_to_string(self.folder.join("pid")).unwrap();
        assert!(Command::new("kill").args([signal, pid.trim()]).status().unwrap().success());
    }

    /// The terminal is gone, as when a line breaks; gives whether the program has ended within so long.
    pub fn goes_away(mut self, patience: Duration) -> bool {
        let pid = std::fs::read_to_string(self.folder.join("pid")).unwrap();
        self.child.kill().unwrap();
        let started = Instant::now();
        // What has ended and was not yet asked for by whoever takes care of orphans is no longer there.
        let is_there = || {
            let state = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
            state.is_ok_and(|stat| stat.rsplit(") ").next().is_some_and(|rest| !rest.starts_with('Z')))
        };
        while is_there() && started.elapsed() < patience {
            std::thread::sleep(Duration::from_millis(50));
        }
        let ended = !is_there();
        if !ended {
            Command::new("kill").args(["-KILL", pid.trim()]).status().unwrap();
        }
        ended
    }

    /// Waits for the end; gives all that was written, as text.
    pub fn left(mut self) -> String {
        self.shows("left with ");
        self.child.wait().unwrap();
        std::thread::sleep(Duration::from_millis(50));
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _ended = self.child.wait();
    }
}
