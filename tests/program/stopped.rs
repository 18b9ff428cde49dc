//! A run that is asked to stop ends in order, and the next one goes on.

use std::{
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    program::{NOW, Program},
    world::{self, OFSTED_AND_HERALD},
};

/// Sends a signal by its name.
fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap().success());
}

/// It hangs on a pipe that nobody writes into, from which it is to read whom to trust.
#[test]
fn a_second_signal_ends_what_hangs() {
    let web = world::small();
    let program = Program::new(&web, OFSTED_AND_HERALD);
    let pipe = program.path("authorities.pem");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut child = program.command(NOW, &["run", "--all"]).env("SSL_CERT_FILE", &pipe).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(Duration::from_millis(500));
    signal(&child, "TERM");
    signal(&child, "TERM");
    thread::sleep(Duration::from_millis(1_500));
    assert_eq!(child.try_wait().unwrap(), None, "two at once are one");
    signal(&child, "INT");
    let asked = Instant::now();
    while child.try_wait().unwrap().is_none() && asked.elapsed() < Duration::from_secs(3) {
        thread::sleep(Duration::from_millis(10));
    }
    let ended = child.try_wait().unwrap().and_then(|status| status.code());
    child.kill().ok();
    assert_eq!(ended, Some(7));
}

#[test]
fn a_signal_ends_a_run_in_order_with_its_own_exit_code() {
    for name in ["INT", "TERM", "HUP"] {
        let web = world::small();
        web.slow_down(Duration::from_millis(300));
        let program = Program::new(&web, OFSTED_AND_HERALD);
        let child = program.command(NOW, &["run", "--all"]).stderr(Stdio::piped()).spawn().unwrap();
        while web.asked().len() < 2 {
            thread::sleep(Duration::from_millis(10));
        }
        let asked = Instant::now();
        signal(&child, name);
        let output = child.wait_with_output().unwrap();
        assert!(asked.elapsed() < Duration::from_secs(3), "{name}: {:?}", asked.elapsed());
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(7), "{name}: {said}");
        assert!(said.contains("stopped by a signal"), "{name}: {said}");
        web.slow_down(Duration::ZERO);
        assert_eq!(program.call(NOW, &["run", "--all"]).code, Some(0), "{name}");
        assert_eq!(program.stories().len(), 3, "{name}");
    }
}
