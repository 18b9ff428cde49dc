//! `init`: the built-in configuration as a file to edit.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Exit, Trouble, context::config_home, output, replace, schedule};
use crate::{cli::Global, config};

/// Needs no configuration, so that it also mends a broken one.
///
/// # Errors
/// Where a file is there already and `force` is not given, no place is known, or the file cannot be written.
pub fn run(global: &Global, file: Option<&Path>, force: bool, systemd: bool) -> Result<Exit, Trouble> {
    let path = place(global, file)?;
    let is_there = fs::symlink_metadata(&path).is_ok();
    // Who has a configuration and wants units has edited it.
    let kept = is_there && systemd && !force;
    if is_there && !force && !kept {
        return Err(Trouble::usage(format!("`{}` is there already", path.display()))
            .hint("edit it, name another file, or replace it with --force (what it says is lost)"));
    }
    let named = file.is_some() || global.config.is_some();
    let when = schedule::Schedule::of(&path, named);
    let units = systemd.then(|| units(&when, force)).transpose()?;
    if !kept {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            private_folder(folder, "name a file in a folder that may be written: tieback init FILE")?;
        }
        replace::file(&path, config::commented_default().as_bytes(), replace::Readers::Owner)?;
    }
    for (path, text) in units.iter().flatten() {
        replace::file(path, text.as_bytes(), replace::Readers::Owner)?;
    }
    if !global.quiet {
        let folder = units.as_ref().and_then(|units| units.first()?.0.parent());
        output::tell(global.log, &next(&path, (kept, named), &when, folder));
    }
    Ok(Exit::Well)
}

/// The units of systemd's, each with its place, in a folder that is there.
fn units(when: &schedule::Schedule, force: bool) -> Result<Vec<(PathBuf, String)>, Trouble> {
    let folder = config_home().map(|home| home.join("systemd/user")).ok_or_else(|| {
        Trouble::new(Exit::Configuration, "no place for the units of systemd: neither XDG_CONFIG_HOME nor HOME is set")
            .hint("set HOME to your home folder, or put the line of `tieback init` into a crontab")
    })?;
    private_folder(&folder, "see that you may write there, or put the line of `tieback init` into a crontab")?;
    let units = [("tieback.service", when.service()), ("tieback.timer", when.timer())].map(|(name, text)| (folder.join(name), text));
    match units.iter().find(|(path, _)| !force && fs::symlink_metadata(path).is_ok()) {
        Some((path, _)) => Err(Trouble::usage(format!("`{}` is there already", path.display()))
            .hint("move it away to have it written anew (--force replaces the configuration as well)")),
        None => Ok(units.into()),
    }
}

/// The file named, else where the configuration is looked for.
fn place(global: &Global, file: Option<&Path>) -> Result<PathBuf, Trouble> {
    let usual = || config_home().map(|home| home.join("tieback/config.toml"));
    file.map(Path::to_owned).or_else(|| global.config.clone()).or_else(usual).ok_or_else(|| {
        Trouble::new(Exit::Configuration, "no place for the configuration: neither XDG_CONFIG_HOME nor HOME is set")
            .hint("name a file: tieback init FILE")
    })
}

fn next(path: &Path, (kept, named): (bool, bool), when: &schedule::Schedule, units: Option<&Path>) -> String {
    let path = path.display();
    let option = if named { format!(" --config {path}") } else { String::new() };
    let always = match units {
        Some(folder) => format!(
            "wrote tieback.service and tieback.timer in {}\n\
             4. systemctl --user enable --now tieback.timer; and `loginctl enable-linger`, if it is to run while you are away",
            folder.display()
        ),
        None => format!("4. this line in your crontab (`crontab -e`) runs it twice an hour:\n   {}", when.crontab()),
    };
    let wrote = if kept { "kept" } else { "wrote" };
    format!(
        "{wrote} {path}\n\
         1. set `contact` in it, so that the sites fetched from can reach you\n\
         2. look at the sources and switch on what you want; `tieback{option} sources check` asks each once\n\
         3. tieback{option} run\n\
         {always}"
    )
}

fn private_folder(folder: &Path, hint: &str) -> Result<(), Trouble> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(folder)
        .map_err(|error| Trouble::new(Exit::Unexpected, format!("cannot make the folder `{}`: {error}", folder.display())).hint(hint))
}
