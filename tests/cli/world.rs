//! A folder with a configuration and a database of invented stories and reports, and the program to run on them.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;
use tieback::{
    model::{
        evidence::{Evidence, EvidenceKind},
        fetched::{Failure, FailureKind},
        page::{ProviderRow, Publication},
        report::{Framework, Grade, ReportStatus},
        tie::{GradeCheck, TieKind, TieState},
        verdict::{Judged, Relevance, StoryKind},
        work::{Due, Job, Standing},
    },
    store::{Store, StoreError, Success},
};

use crate::made::{self, address, at, day, report, report_id, story, story_id, tie};

/// The moment that all tests take for now.
pub const NOW: &str = "2024-03-05T07:00:00Z";

/// A headline that would clear the screen, turn the line round and paint it red.
pub const HOSTILE: &str = "Evil\u{1b}[2J\u{1b}]0;x\u{7} \u{202e}news\u{9b}31m\u{200b} of\r\nWexcombe";

const CONFIG: &str = r#"
contact = "tester@example.org"
[digest]
title = "News for Wexcombe"
[[source]]
name = "Bugle"
kind = "feed"
url = "https://bugle.example/feed?a=1&b=2"
[[source]]
name = "Bay Chronicle"
kind = "feed"
url = "https://chronicle.example/rss"
[[source]]
name = "Herald"
kind = "feed"
url = "https://herald.example/rss"
[[source]]
name = "Quiet Post"
kind = "feed"
url = "https://quiet.example/rss"
[[source]]
name = "Old Post"
kind = "page"
url = "https://old.example/news"
links = "main a"
on = false
note = "closed in 2019"
"#;

pub struct World {
    pub dir: TempDir,
}

/// What the program said.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl World {
    /// Without a database.
    pub fn empty() -> Self {
        let world = Self { dir: tempfile::tempdir().unwrap() };
        fs::write(world.path("config.toml"), CONFIG).unwrap();
        world
    }

    /// With invented stories and reports.
    pub fn new() -> Self {
        let world = Self::empty();
        fill(&mut world.store());
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn store(&self) -> Store {
        Store::open(&self.path("tieback.db")).unwrap()
    }

    /// The program with these arguments, 80 columns wide, at [`NOW`].
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = self.bare(args);
        command.args(["--now", NOW]).arg("--config").arg(self.path("config.toml")).arg("--database").arg(self.path("tieback.db"));
        command
    }

    /// The program with nothing but these arguments, at home in the folder.
    pub fn bare(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tieback"));
        command.args(args).current_dir(self.dir.path()).env_clear().env("HOME", self.dir.path()).env("COLUMNS", "80");
        command.stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Said {
        said(&mut self.command(args))
    }

    /// The same with something on standard input.
    pub fn answer(&self, args: &[&str], input: &str) -> Said {
        let mut child = self.command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that asks nothing closes it unread.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Said {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// What it prints where all is well.
    pub fn out(&self, args: &[&str]) -> String {
        let said = self.run(args);
        assert_eq!(said.code, 0, "{args:?}: {}", said.err);
        said.out
    }
}

pub fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Holds `found` against a golden file; `UPDATE_GOLDEN=1` writes it anew.
pub fn golden(name: &str, found: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, found).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == expected, "{name} differs; found:\n{found}");
}

fn fill(store: &mut Store) {
    reports(store);
    stories(store);
    sources(store);
    listing(store);
}

fn reports(store: &mut Store) {
    made::put_report(store, "50001");
    let mut other = report("50002");
    other.reading.framework = Framework::MonitoringVisit;
    other.reading.authority = Some("Marrow Bay".into());
    other.reading.judgements.clear();
    other.reading.doubts.clear();
    other.published = Some(day("2024-02-20"));
    let mut broken = report("50003");
    broken.reading = tieback::model::report::ReportReading::empty(ReportStatus::Unreadable, "no text layer\u{1b}[1m");
    broken.published = Some(day("2023-01-10"));
    // Two that follow each other in the gazetteer.
    let mut before = report("50010");
    before.reading.authority = Some("Poole".into());
    before.reading.framework = Framework::Sif;
    before.published = Some(day("2017-11-24"));
    let mut after = report("50011");
    after.reading.authority = Some("Bournemouth, Christchurch and Poole".into());
    after.reading.judgements[0].grade = Grade::Good;
    after.published = Some(day("2024-01-29"));
    for (report, file) in [(other, "50002"), (broken, "50003"), (before, "50010"), (after, "50011")] {
        let report = tieback::model::report::Report { sha256: made::sha256(file.as_bytes()), ..report };
        store.write(|w| w.put_report(&report, file.as_bytes())).unwrap();
    }
}

fn stories(store: &mut Store) {
    let mut put = |name: &str, outlet: &str, title: &str, published: &str, judged: &Judged| {
        let mut story = story(name);
        story.outlet = outlet.into();
        story.title = title.into();
        story.published = Some(at(published));
        store.write(|w| w.put_story(&story, &[address(name)], "Bugle", made::now())).unwrap();
        made::judge(store, name, judged);
    };
    let (bugle, bay) = ("The Wexcombe Bugle", "Bay Chronicle");
    let title = "Wexcombe’s children’s services praised after two hard years and one long winter";
    put("aa01", bugle, title, "2024-03-01T09:30:00Z", &made::judged(vec![tie("50001", TieState::Auto)]));
    put("aa02", bay, title, "2024-03-04T09:30:00Z", &made::judged(vec![tie("50001", TieState::Auto)]));
    put("ab01", bay, "Director looks back", "2024-02-21T09:30:00Z", &possible());
    put("ac01", "Evil Post", HOSTILE, "2024-03-02T09:30:00Z", &made::waiting("Wexcombe"));
    put("ad01", bugle, "Town hall gets a new roof", "2024-03-03T09:30:00Z", &irrelevant());
    let mut poole = tie("50011", TieState::Auto);
    poole.grade_check = GradeCheck::Disagrees;
    put("ae01", bugle, "A council praised", "2024-02-10T09:30:00Z", &about("Bournemouth, Christchurch and Poole", poole));
    let late = about("Poole", tie("50010", TieState::Auto));
    put("ae02", bay, "Poole council’s children’s services look back on their Ofsted inspection", "2018-03-10T09:30:00Z", &late);
    store
        .write(|w| {
            made::join(w, &story_id("aa01"), &story_id("aa02"))?;
            w.add_note(&story_id("aa01"), "asked the press office", at("2024-03-05T06:30:00Z"))?;
            w.decide_tie(&story_id("aa01"), &report_id("50001"), TieState::Confirmed, at("2024-03-05T06:40:00Z"))
        })
        .unwrap();
    let mut changed = story("aa01");
    changed.outlet = bugle.into();
    changed.title = title.into();
    changed.published = Some(at("2024-03-01T09:30:00Z"));
    changed.blocks[1].text.push_str(" A sentence more.");
    store.write(|w| w.put_story(&changed, &[address("aa01")], "Bugle", at("2024-03-05T06:50:00Z"))).unwrap();
    let judged = made::judged(vec![tie("50001", TieState::Auto)]);
    store.write(|w| made::set_judged(w, &story_id("aa01"), &judged, at("2024-03-05T06:50:00Z"))).unwrap();
}

fn possible() -> Judged {
    let mut one = tie("50002", TieState::Possible);
    one.confidence = 0.71;
    one.kind = TieKind::FollowUp;
    one.grade_check = GradeCheck::NoGrade;
    one.evidence.push(Evidence {
        kind: EvidenceKind::Grade,
        story: "good".into(),
        report: "no grade".into(),
        page: None,
        paragraph: None,
        weight: -0.8,
    });
    let mut two = tie("50001", TieState::Possible);
    two.confidence = 0.2;
    two.evidence[0].kind = EvidenceKind::Date;
    two.evidence[0].story = "published 12 days before".into();
    Judged { authorities: vec!["Marrow Bay".into()], ..made::judged(vec![one, two]) }
}

fn about(authority: &str, tie: tieback::model::tie::Tie) -> Judged {
    Judged { authorities: vec![authority.into()], stated_grades: vec![], ..made::judged(vec![tie]) }
}

fn irrelevant() -> Judged {
    Judged {
        relevance: Relevance { relevant: false, why: "a roof".into() },
        kind: StoryKind::Other,
        authorities: vec![],
        stated_grades: vec![],
        quotations: vec![],
        ..made::judged(vec![])
    }
}

fn sources(store: &mut Store) {
    let success = |items| Success { new_items: items, new_stories: 1, ..Success::default() };
    let failure = Failure::new(FailureKind::Forbidden, "chronicle.example answered 403 (forbidden)\u{1b}[31m");
    store
        .write(|w| {
            w.record_success("Bugle", at("2024-03-05T06:00:00Z"), &success(3))?;
            w.record_success("Quiet Post", at("2024-02-10T06:00:00Z"), &success(1))?;
            w.record_success("Quiet Post", at("2024-03-05T06:00:00Z"), &success(0))?;
            w.record_failure("Bay Chronicle", at("2024-03-01T06:00:00Z"), &failure)?;
            w.record_failure("Bay Chronicle", at("2024-03-05T06:00:00Z"), &failure)?;
            for (source, due) in
                [("Bugle", "2024-03-05T07:30:00Z"), ("Quiet Post", "2024-03-05T06:30:00Z"), ("Bay Chronicle", "2024-03-06T06:00:00Z")]
            {
                w.set_standing(&Job::List { source: source.into(), way: 0 }, &Standing::wanted(at(due)))?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

/// Ofsted's list: three files of one authority, of which one is stored, one failed and one was not fetched; and an authority
/// whose page was never read.
fn listing(store: &mut Store) {
    let row = |urn: &str, name: &str| ProviderRow {
        urn: urn.into(),
        url: format!("https://reports.example/provider/44/{urn}").parse().unwrap(),
        name: name.into(),
        latest: Some(day("2024-03-01")),
    };
    let file = |number: &str, published: &str| Publication {
        url: format!("https://files.example/v1/file/{number}").parse().unwrap(),
        label: "Children’s services inspection\u{202e}".into(),
        published: Some(day(published)),
        event: None,
    };
    let files = [file("50001", "2024-03-01"), file("50004", "2024-03-02"), file("50005", "2024-03-03")];
    let failure = Failure::new(FailureKind::NotFound, "files.example answered 404 (not found)");
    store
        .write(|w| {
            w.list_provider(&row("80001", "Wexcombe"), made::now())?;
            w.list_provider(&row("80002", "Marrow Bay"), made::now())?;
            w.provider_read("80001", &files, made::now())?;
            let failed = Standing {
                due: Due::At(made::now() + jiff::Span::new().hours(1)),
                tries: 1,
                failure: Some(failure),
                ..Standing::wanted(made::now())
            };
            w.set_standing(&Job::File("https://files.example/v1/file/50004".into()), &failed)
        })
        .unwrap();
}
