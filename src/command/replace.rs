//! Replacing a file as a whole: whoever reads it meets the old text or the new one, never a part, also after a crash.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{Exit, Trouble};

/// Who may read a file that was not there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Whom the system lets: a digest is made to be read.
    All,
    Owner,
}

/// Writes a temporary file in the same folder, sees it safe on the disk, and puts it in the place of `path`.
///
/// Links are followed and permissions kept; what is no plain file, such as a pipe, is written to as it is. A file that has
/// these bytes already is left alone: neither its time nor its number changes.
///
/// # Errors
/// Where the folder cannot be written; then the file is as it was.
pub fn file(path: &Path, bytes: &[u8], readers: Readers) -> Result<(), Trouble> {
    let failed = |error: io::Error| {
        Trouble::new(Exit::Unexpected, format!("cannot write `{}`: {error}", path.display())).hint(match error.kind() {
            io::ErrorKind::StorageFull => "make room where it goes, and call again",
            _ => "check that its folder exists and may be written",
        })
    };
    let known = fs::metadata(path);
    if known.as_ref().is_ok_and(|known| !known.is_file() && !known.is_dir()) {
        return fs::write(path, bytes)
            .map_err(|error| if error.kind() == io::ErrorKind::BrokenPipe { error.into() } else { failed(error) });
    }
    if known.as_ref().is_ok_and(fs::Metadata::is_dir) {
        return Err(Trouble::usage(format!("`{}` is a folder, expected a file", path.display())));
    }
    if known.as_ref().is_ok_and(|known| known.len() == bytes.len() as u64) && fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    let target = if known.is_ok() { fs::canonicalize(path).map_err(failed)? } else { std::path::absolute(path).map_err(failed)? };
    let part = part_of(&target);
    let done = write_part(&part, bytes, readers)
        .and_then(|()| known.map_or(Ok(()), |known| fs::set_permissions(&part, known.permissions())))
        .and_then(|()| fs::rename(&part, &target));
    if done.is_err() {
        // It may never have come to be; the first error is what the reader needs.
        let _ = fs::remove_file(&part);
    }
    done.map_err(failed)?;
    sync_folder(&target);
    Ok(())
}

/// A hidden name beside the target, of this process alone.
fn part_of(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

fn write_part(part: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = options.open(part)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the new name last through a power cut. Where a system does not open folders, the file itself is safe already.
fn sync_folder(target: &Path) {
    if let Some(folder) = target.parent()
        && let Ok(folder) = File::open(folder)
    {
        let _ = folder.sync_all();
    }
}
