//! The filters that all lists share: which council, framework, grade, outlet and time, and what is watched.

use jiff::{Timestamp, civil::Date};

use super::{Context, Trouble, find, watch, when};
use crate::{
    cli::{FilterArgs, FrameworkFilter, GradeFilter},
    config,
    model::{
        overview::{ReportCard, StoryCard},
        report::{Framework, Grade},
        text::{clean_line, folded},
        watch::{Watch, WatchHits},
        wording,
    },
    store::{Store, StoreError},
};

/// Ends the reading of a list early.
pub enum Cutoff {
    Enough,
    Failed(StoreError),
}

impl From<StoreError> for Cutoff {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl Cutoff {
    /// A list that was read to where it was enough was read well.
    ///
    /// # Errors
    /// Where it failed.
    pub fn settled(done: Result<(), Self>) -> Result<(), StoreError> {
        match done {
            Err(Self::Failed(error)) => Err(error),
            Ok(()) | Err(Self::Enough) => Ok(()),
        }
    }
}

/// What is asked for; what is left out lets everything through.
#[derive(Debug, Default)]
pub struct Filter {
    /// Canonical names: one council, or all that a trust runs.
    pub authorities: Option<Vec<String>>,
    frameworks: Vec<Framework>,
    grade: Option<Grade>,
    grade_differs: bool,
    outlet: Option<String>,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
    watch: Option<(Watch, WatchHits)>,
}

/// The canonical names of the council, or of those that a trust runs.
fn names(typed: &str) -> Result<Vec<String>, Trouble> {
    let gazetteer = config::gazetteer()?;
    Ok(find::councils(typed, &gazetteer)?.into_iter().map(|council| council.name.clone()).collect())
}

impl Filter {
    /// # Errors
    /// Where a name fits nothing, or a time cannot be read.
    pub fn of(args: &FilterArgs, context: &Context, store: &Store) -> Result<Self, Trouble> {
        let authorities = args.authority.as_deref().map(names).transpose()?;
        let watch = match &args.watch {
            Some(name) => {
                let watch = watch::named(context, name)?;
                Some((watch.clone(), watch::found_words(watch, store)?))
            }
            None => None,
        };
        Ok(Self {
            authorities,
            frameworks: args.framework.iter().map(|typed| framework(*typed)).collect(),
            grade: args.grade.map(grade),
            grade_differs: args.grade_differs,
            outlet: args.outlet.as_deref().map(folded),
            since: args.since.as_deref().map(|since| when::since(since, context, store)).transpose()?,
            until: args.until.as_deref().map(|until| when::until(until, context, store)).transpose()?,
            watch,
        })
    }

    /// The one council asked for, by which the store finds stories faster.
    pub fn one_authority(&self) -> Option<String> {
        match self.authorities.as_deref() {
            Some([one]) => Some(one.clone()),
            _ => None,
        }
    }

    /// True where nothing is asked for.
    pub fn lets_all_through(&self) -> bool {
        self.is_plain() && self.since.is_none() && self.until.is_none()
    }

    /// True where nothing but time is asked for, which the store chooses by itself.
    pub fn is_plain(&self) -> bool {
        self.frameworks.is_empty() && self.grade.is_none() && !self.asks_story() && self.watch.is_none() && self.authorities.is_none()
    }

    /// True of a story to show; of its time nothing is asked.
    pub fn story(&self, card: &StoryCard) -> bool {
        let ties = || card.ties.iter().filter(|tied| tied.tie.state.holds()).map(|tied| &tied.report);
        let waits = |framework| card.waiting_for.as_ref().is_some_and(|waiting| waiting.framework == framework);
        let council =
            |names: &Vec<String>| card.authorities.iter().any(|name| names.contains(name)) || ties().any(|report| is_of(report, names));
        self.authorities.as_ref().is_none_or(council)
            && (self.frameworks.is_empty()
                || self.frameworks.iter().any(|wanted| waits(*wanted) || ties().any(|report| report.framework == *wanted)))
            && self.grade.is_none_or(|wanted| ties().any(|report| has(report, wanted)))
            && (!self.grade_differs || wording::disagreements(card).next().is_some())
            && self.outlet.as_ref().is_none_or(|outlet| is_in(outlet, card))
            && self.watch.as_ref().is_none_or(|(watch, found)| watch.means_story(card, found))
    }

    /// True of a story seen or changed within the time asked for.
    pub fn seen(&self, card: &StoryCard) -> bool {
        let within = |at: Timestamp| self.since.is_none_or(|since| at > since) && self.until.is_none_or(|until| at <= until);
        within(card.piece_first_seen) || card.piece_changed.is_some_and(within)
    }

    /// True of a report to show; of the stories on it the caller knows.
    pub fn report(&self, card: &ReportCard) -> bool {
        let day = |moment: Timestamp| wording::british(moment).date();
        let within = |test: &dyn Fn(Date) -> bool| card.published.is_some_and(test);
        self.authorities.as_ref().is_none_or(|names| is_of(card, names))
            && (self.frameworks.is_empty() || self.frameworks.contains(&card.framework))
            && self.grade.is_none_or(|wanted| has(card, wanted))
            && self.since.is_none_or(|since| within(&|published| published >= day(since)))
            && self.until.is_none_or(|until| within(&|published| published <= day(until)))
            && self.watch.as_ref().is_none_or(|(watch, found)| watch.means_report(card, found))
    }

    /// That no story or report is like that; where no source has the outlet that was asked for, which name is near.
    pub fn nothing(&self, what: &str, context: &Context) -> String {
        let outlets = || context.config.sources.iter().map(|source| source.outlet.as_str());
        let near = self.outlet.as_ref().filter(|typed| !outlets().any(|name| is_called(name, typed))).and_then(|typed| {
            let words = typed.split(' ').count();
            let beginning = |name: &str| folded(name).split(' ').take(words).collect::<Vec<_>>().join(" ");
            outlets().find(|name| config::nearest(typed, [beginning(name).as_str()]).is_some())
        });
        let near = near.map(|near| format!("; did you mean the outlet `{}`?", clean_line(near))).unwrap_or_default();
        format!("no {what} is like that{near}")
    }

    /// True where something is asked of stories alone, which of reports asks for a story like that.
    pub fn asks_story(&self) -> bool {
        self.outlet.is_some() || self.grade_differs
    }
}

fn is_of(report: &ReportCard, names: &[String]) -> bool {
    report.authority.as_ref().is_some_and(|name| names.contains(name))
}

fn has(report: &ReportCard, grade: Grade) -> bool {
    wording::overall(report).is_some_and(|overall| overall.grade == grade)
}

/// True of a story at an outlet, itself or by a copy; enough of the name will do.
fn is_in(outlet: &str, card: &StoryCard) -> bool {
    card.copies.iter().map(|copy| &copy.outlet).chain([&card.outlet]).any(|name| is_called(name, outlet))
}

/// True of an outlet with enough of its name, folded.
fn is_called(name: &str, typed: &str) -> bool {
    format!(" {}", folded(name)).contains(&format!(" {typed}"))
}

fn framework(typed: FrameworkFilter) -> Framework {
    match typed {
        FrameworkFilter::Sif => Framework::Sif,
        FrameworkFilter::Ilacs => Framework::Ilacs,
        FrameworkFilter::Jtai => Framework::Jtai,
        FrameworkFilter::AreaSend => Framework::AreaSend,
        FrameworkFilter::FocusedVisit => Framework::FocusedVisit,
        FrameworkFilter::MonitoringVisit => Framework::MonitoringVisit,
        FrameworkFilter::LacInspection2013 => Framework::LacInspection2013,
        FrameworkFilter::Other => Framework::Other,
    }
}

fn grade(typed: GradeFilter) -> Grade {
    match typed {
        GradeFilter::Outstanding => Grade::Outstanding,
        GradeFilter::Good => Grade::Good,
        GradeFilter::RequiresImprovement => Grade::RequiresImprovement,
        GradeFilter::Adequate => Grade::Adequate,
        GradeFilter::Inadequate => Grade::Inadequate,
        GradeFilter::TypicallyPositive => Grade::TypicallyPositive,
        GradeFilter::Inconsistent => Grade::Inconsistent,
        GradeFilter::SystemicFailings => Grade::SystemicFailings,
    }
}
