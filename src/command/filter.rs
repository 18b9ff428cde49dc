//! The filters that all lists share: which council, framework, grade, outlet and time, and what is watched.

use jiff::Timestamp;

use super::{Context, Trouble, find, watch, when};
use crate::{
    cli::{FilterArgs, FrameworkFilter, GradeFilter},
    config,
    model::{
        report::{Framework, Grade},
        text::{clean_line, folded},
        wording,
    },
    store::{Narrow, Store, StoreError},
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
    /// As the store looks for it; the authorities are one council, or all that a trust runs.
    pub narrow: Narrow,
    /// As it was typed, folded.
    outlet: Option<String>,
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
        let since = args.since.as_deref().map(|since| when::since(since, context, store)).transpose()?;
        let until = args.until.as_deref().map(|until| when::until(until, context, store)).transpose()?;
        let watch = args.watch.as_deref().map(|name| watch::named(context, name)).transpose()?;
        let outlet = args.outlet.as_deref().map(folded);
        let known = if outlet.is_some() || watch.is_some_and(|watch| !watch.outlets.is_empty()) { store.outlets()? } else { Vec::new() };
        let day = |moment: Timestamp| wording::british(moment).date();
        Ok(Self {
            narrow: Narrow {
                authorities: args.authority.as_deref().map(names).transpose()?,
                frameworks: args.framework.iter().map(|typed| framework(*typed)).collect(),
                grade: args.grade.map(grade),
                grade_differs: args.grade_differs,
                outlets: outlet.as_ref().map(|typed| known.iter().filter(|name| is_called(name, typed)).cloned().collect()),
                since,
                until,
                days: (since.map(day), until.map(day)),
                watch: watch.map(|watch| watch::watching(watch, &known)),
                ours: false,
            },
            outlet,
        })
    }

    /// True where nothing is asked for.
    pub fn lets_all_through(&self) -> bool {
        self.narrow == Narrow::default()
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
