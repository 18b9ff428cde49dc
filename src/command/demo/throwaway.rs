//! A folder for the demo's database that is gone afterwards, however the demo ends.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::Timestamp;
use tokio::runtime::Runtime;

use crate::pipeline::stop::Stop;

/// A new folder that goes when it is dropped, with all that is in it.
pub struct Throwaway {
    pub path: PathBuf,
}

impl Throwaway {
    pub fn new() -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("tieback-demo-{}-{}", std::process::id(), Timestamp::now().as_nanosecond()));
        fs::create_dir(&path)?;
        Ok(Self { path })
    }

    /// A signal ends the program without dropping anything, so the folder is removed there, too.
    pub fn remove_on_interrupt(&self, runtime: &Runtime) {
        let (path, stop) = (self.path.clone(), Stop::listen(runtime));
        runtime.spawn(async move {
            stop.asked().await;
            remove(&path);
            std::process::exit(130);
        });
    }
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Tries again where the demo puts a file into the folder while it is emptied.
fn remove(path: &Path) {
    for _ in 0..TRIES {
        if fs::remove_dir_all(path).is_ok() || !path.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Times that a folder is emptied at most.
const TRIES: usize = 100;
