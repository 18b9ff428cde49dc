//! `completions` and `man`: what the command line says of itself, for shells and for `man`.

use std::path::Path;

use clap::{Arg, Command, CommandFactory, builder::PossibleValuesParser};
use clap_mangen::Man;

use super::{Exit, Trouble, context, output};
use crate::{
    cli::{Cli, Global},
    config::{self, Config},
    model::{authority::Gazetteer, text::word},
};

/// The day on which the command line was last changed, as a manual page has it.
const DATE: &str = "2026-11-26";
const SOURCE: &str = concat!("tieback ", env!("CARGO_PKG_VERSION"));

/// With the names of councils, and those of the configuration; of a broken one it says so, and leaves them out.
///
/// # Errors
/// Where stdout cannot be written.
pub fn completions(global: &Global, shell: clap_complete::Shell) -> Result<Exit, Trouble> {
    let config = context::config(global).inspect_err(|trouble| trouble.tell(global.log)).ok();
    let names = OfferedNames::of(config.as_ref(), &config::gazetteer()?);
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut shown(&Cli::command(), &names), "tieback", &mut text);
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Well)
}

/// The names that a shell offers, each as one word: what they take up in a script needs no quotation marks.
#[derive(Default)]
struct OfferedNames {
    authorities: Vec<String>,
    sources: Vec<String>,
    outlets: Vec<String>,
    watches: Vec<String>,
}

impl OfferedNames {
    fn of(config: Option<&Config>, gazetteer: &Gazetteer) -> Self {
        let words = |names: &mut dyn Iterator<Item = &str>| {
            let mut words: Vec<String> = names.map(word).filter(|word| !word.is_empty()).collect();
            words.sort();
            words.dedup();
            words
        };
        let authorities = words(&mut gazetteer.all().iter().map(|authority| authority.name.as_str()));
        let Some(config) = config else { return Self { authorities, ..Self::default() } };
        Self {
            authorities,
            sources: words(&mut config.sources.iter().map(|source| source.name.as_str())),
            outlets: words(&mut config.sources.iter().map(|source| source.outlet.as_str())),
            watches: words(&mut config.watches.iter().map(|watch| watch.name.as_str())),
        }
    }

    /// An argument of a command with the names that it may be.
    fn offered(&self, command: &str, argument: &Arg) -> Arg {
        let names = match (command, argument.get_id().as_str()) {
            (_, "authority") | ("authority", "name") => &self.authorities,
            ("run", "source") | ("check", "names") => &self.sources,
            (_, "outlet") => &self.outlets,
            (_, "watch") => &self.watches,
            _ => return argument.clone(),
        };
        argument.clone().value_parser(PossibleValuesParser::new(names)).hide_possible_values(true)
    }
}

/// The command line without what is hidden: a shell offers what a person would type.
fn shown(command: &Command, names: &OfferedNames) -> Command {
    let name = command.get_name();
    let arguments = command.get_arguments().filter(|argument| !argument.is_hide_set()).map(|argument| names.offered(name, argument));
    let commands = command.get_subcommands().filter(|command| !command.is_hide_set()).map(|command| shown(command, names));
    let about = command.get_about().cloned().unwrap_or_default();
    Command::new(name.to_owned())
        .about(about)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(name != "tieback")
        .args(arguments)
        .subcommands(commands)
}

/// One page with all commands, since that is what `man tieback` can find; or, in a folder, beside it a page for each
/// command: `man tieback-run`.
///
/// # Errors
/// Where stdout or the folder cannot be written.
pub fn man(folder: Option<&Path>) -> Result<Exit, Trouble> {
    let Some(folder) = folder else {
        output::print(&plain(&manual()?))?;
        return Ok(Exit::Well);
    };
    let failed = |what: &str, path: &Path, error: &std::io::Error| {
        Trouble::new(Exit::Unexpected, format!("cannot {what} `{}`: {error}", path.display()))
            .hint("name a folder that may be written, as in --folder ~/.local/share/man/man1")
    };
    let written = |name: &str, text: &str| {
        let path = folder.join(format!("{name}.1"));
        std::fs::write(&path, plain(text)).map_err(|error| failed("write", &path, &error))
    };
    std::fs::create_dir_all(folder).map_err(|error| failed("make the folder", folder, &error))?;
    written("tieback", &manual()?)?;
    let mut command = Cli::command();
    command.build();
    for (name, text) in pages(&command, "tieback")? {
        written(&name, &text)?;
    }
    Ok(Exit::Well)
}

/// The page of each command below one, and of those below it: "tieback-sources-check".
fn pages(command: &Command, parent: &str) -> Result<Vec<(String, String)>, Trouble> {
    let mut all = Vec::new();
    for sub in command.get_subcommands().filter(|sub| !sub.is_hide_set() && sub.get_name() != "help") {
        let name = format!("{parent}-{}", sub.get_name());
        let mut text = Vec::new();
        Man::new(sub.clone()).title(name.clone()).date(DATE).source(SOURCE).render(&mut text)?;
        let text = String::from_utf8_lossy(&text).replace(".SH EXTRA", ".SH EXAMPLE");
        all.push((name.clone(), text));
        all.extend(pages(sub, &name)?);
    }
    Ok(all)
}

fn manual() -> Result<String, Trouble> {
    let mut command = Cli::command();
    command.build();
    let page = Man::new(command.clone()).date(DATE).source(SOURCE);
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    for sub in command.get_subcommands() {
        about(sub, "tieback", &mut text)?;
    }
    let mut end = Vec::new();
    page.render_extra_section(&mut end)?;
    page.render_version_section(&mut end)?;
    text.push_str(&String::from_utf8_lossy(&end).replace(".SH EXTRA", ".SH \"WHERE TO START\""));
    Ok(text)
}

/// Without breaks of a line beside an empty one, which does the same; `mandoc -Tlint` warns of them.
fn without_breaks(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let is_empty =
        |at: Option<usize>| at.and_then(|at| lines.get(at)).is_none_or(|line| line.is_empty() || *line == ".sp" || *line == ".br");
    let kept = lines.iter().enumerate().filter(|(at, line)| **line != ".br" || !(is_empty(at.checked_sub(1)) || is_empty(Some(at + 1))));
    kept.map(|(_, line)| format!("{line}\n")).collect()
}

/// Characters beyond ASCII by their numbers: groff reads its input as Latin-1 unless it is told otherwise.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in without_breaks(text).chars() {
        if char.is_ascii() {
            out.push(char);
        } else {
            out.push_str(&format!("\\[u{:04X}]", u32::from(char)));
        }
    }
    out
}

/// A command and those below it, each a section with its parts as subsections.
fn about(command: &Command, parent: &str, text: &mut String) -> Result<(), Trouble> {
    if command.is_hide_set() || command.get_name() == "help" {
        return Ok(());
    }
    let name = format!("{parent} {}", command.get_name());
    let own = command.clone().mut_args(|arg| {
        let told_above = arg.is_global_set() || arg.get_id() == "help";
        arg.hide(told_above)
    });
    let page = Man::new(own);
    let mut part = Vec::new();
    page.render_synopsis_section(&mut part)?;
    page.render_description_section(&mut part)?;
    page.render_options_section(&mut part)?;
    page.render_extra_section(&mut part)?;
    text.push_str(&format!(".SH \"{}\"\n", name.to_uppercase()));
    text.push_str(&String::from_utf8_lossy(&part).replace(".SH EXTRA", ".SH EXAMPLE").replace(".SH ", ".SS "));
    for sub in command.get_subcommands() {
        about(sub, &name, text)?;
    }
    Ok(())
}
