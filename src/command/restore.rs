//! `restore`: a backup in the place of the database.

use std::{fs, path::Path};

use super::{Context, Exit, Trouble, confirm, output};
use crate::{
    model::wording,
    store::{Check, Restoring, Store},
};

/// # Errors
/// Where the file is no whole backup, a run is at work, nobody says that it is meant, or the folder cannot be written;
/// then the database is as it was.
pub fn run(context: &Context, file: &Path, yes: bool) -> Result<Exit, Trouble> {
    let database = &context.database;
    if !file.is_file() {
        return Err(Trouble::usage(format!("there is no file `{}`", file.display())).hint("name a file made by `tieback backup`"));
    }
    if let (Ok(one), Ok(other)) = (fs::canonicalize(file), fs::canonicalize(database))
        && one == other
    {
        return Err(Trouble::usage(format!("`{}` is the database itself", file.display())).hint("name a file made by `tieback backup`"));
    }
    let _lock = context.lock()?;
    let restoring = Restoring::new(file, database)?;
    if !yes && !confirm::ask(&question(context, file, &restoring.check))? {
        return Err(Trouble::usage("nothing was changed").hint("answer `y`, or say --yes, to put the backup back"));
    }
    let check = restoring.put_in_place()?;
    output::say(context, &format!("{} is in place again: {}", database.display(), counts(&check)));
    Ok(Exit::Well)
}

fn question(context: &Context, file: &Path, backup: &Check) -> String {
    let database = context.database.display();
    let now = match context.database.exists().then(|| Store::open_stored(&context.database).and_then(|store| store.check())) {
        None => return format!("put {} ({}) in place as {database}?", file.display(), counts(backup)),
        Some(Ok(check)) if check.is_well() => counts(&check),
        Some(_) => "damaged".to_owned(),
    };
    format!("put {} ({}) in the place of {database} ({now})? What was stored or decided since is lost", file.display(), counts(backup))
}

fn counts(check: &Check) -> String {
    let stories = wording::count(check.stories as usize, "story", "stories");
    let reports = wording::count(check.reports as usize, "report", "reports");
    format!("{stories}, {reports}")
}
