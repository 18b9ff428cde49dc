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
    if !force && fs::symlink_metadata(&path).is_ok() {
        return Err(Trouble::usage(format!("`{}` is there already", path.display()))
            .hint("edit it, name another file, or replace it with --force (what it says is lost)"));
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        private_folder(folder).map_err(|error| {
            Trouble::new(Exit::Unexpected, format!("cannot make the folder `{}`: {error}", folder.display()))
                .hint("name a file in a folder that may be written: tieback init FILE")
        })?;
    }
    replace::file(&path, config::commented_default().as_bytes(), replace::Readers::Owner)?;
    let named = file.is_some() || global.config.is_some();
    let when = schedule::Schedule::of(&path, named);
    let units = if systemd { Some(write_units(&when, force)?) } else { None };
    if !global.quiet {
        output::tell(&next(&path, named, &when, units.as_deref()));
    }
    Ok(Exit::Well)
}

/// Writes the units of systemd's; gives their folder.
fn write_units(when: &schedule::Schedule, force: bool) -> Result<PathBuf, Trouble> {
    let folder = config_home()
        .map(|home| home.join("systemd/user"))
        .ok_or_else(|| Trouble::new(Exit::Configuration, "no place for the units of systemd: neither XDG_CONFIG_HOME nor HOME is set"))?;
    private_folder(&folder)?;
    for (name, text) in [("tieback.service", when.service()), ("tieback.timer", when.timer())] {
        let path = folder.join(name);
        if !force && fs::symlink_metadata(&path).is_ok() {
            return Err(Trouble::usage(format!("`{}` is there already", path.display())).hint("replace it with --force"));
        }
        replace::file(&path, text.as_bytes(), replace::Readers::Owner)?;
    }
    Ok(folder)
}

/// The file named, else where the configuration is looked for.
fn place(global: &Global, file: Option<&Path>) -> Result<PathBuf, Trouble> {
    let usual = || config_home().map(|home| home.join("tieback/config.toml"));
    file.map(Path::to_owned).or_else(|| global.config.clone()).or_else(usual).ok_or_else(|| {
        Trouble::new(Exit::Configuration, "no place for the configuration: neither XDG_CONFIG_HOME nor HOME is set")
            .hint("name a file: tieback init FILE")
    })
}

fn next(path: &Path, named: bool, when: &schedule::Schedule, units: Option<&Path>) -> String {
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
    format!(
        "wrote {path}\n\
         1. set `contact` in it, so that the sites fetched from can reach you\n\
         2. look at the sources and switch on what you want; `tieback{option} sources check` asks each once\n\
         3. tieback{option} run\n\
         {always}"
    )
}

fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
