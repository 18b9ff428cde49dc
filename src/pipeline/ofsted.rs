//! Ofsted's site: the search list says whose page changed, the page says which files there are. The files are [`files`]'.
//!
//! [`files`]: super::files

use jiff::{SignedDuration, Timestamp, civil::Date};
use url::Url;

use crate::{
    model::{
        address::{shown, shown_text},
        authority::Gazetteer,
        day,
        fetched::{Answer, BodyKind, Failure, FailureKind, Fetched, Request, Validators},
        page::{ProviderPage, ProviderRow, Publication, SearchPage},
        report::ReportId,
        source::Source,
        work::{Job, JobKind, Outcome},
    },
    read::{Unreadable, listing},
    store::{FileState, Provider, Store, Writer},
    work::Pace,
};

use super::{
    Halt,
    conditions::conditions,
    files::{self, lineage},
    harvest::{Arrival, Harvest, Seen, unreadable},
    list::pace,
    settle::{settle, want},
};

/// Rows of the search list that one request may ask for; the site gives no more since February 2025.
const ROWS: usize = 100;
/// No list of authorities is longer; a list that goes on is a trap.
const MAX_START: usize = 1_000;
/// Councils that a list may lack of the number it states.
const MOVING: usize = 2;
/// A provider page is looked at this often, also where the list shows no change.
const FULL_PASS: Pace = Pace::Every(SignedDuration::from_hours(7 * 24));

/// What came of the search list: all its pages, up to the first that did not come.
pub struct Search {
    source: usize,
    pages: Vec<ListPage>,
    failure: Option<Failure>,
}

/// One page of the search list; no page where it has not changed.
struct ListPage {
    url: Url,
    page: Option<SearchPage>,
    validators: Validators,
}

/// What came of a provider page.
pub struct ProviderAnswer {
    source: usize,
    provider: Provider,
    outcome: Result<(Option<ProviderPage>, Validators), Failure>,
}

/// The address of `rows` rows, from `start` on, of the list of local authorities' children's services.
pub fn search_url(base: &Url, start: usize, rows: usize) -> Option<Url> {
    let mut url = base.join("search").ok()?;
    url.set_query(Some(&format!("q=&location=&lat=&lon=&radius=&level_1_types=3&level_2_types%5B%5D=12&start={start}&rows={rows}")));
    Some(url)
}

impl Harvest<'_> {
    /// Starts asking for the search list, page by page in one task: it is unchanged only where all its pages are.
    pub(super) fn start_search(&mut self, source: usize, store: &Store) -> Result<(), Halt> {
        let base = &self.sources[source].source.url;
        let mut requests = Vec::new();
        for start in (0..MAX_START).step_by(ROWS) {
            let Some(url) = search_url(base, start, ROWS) else { break };
            let validators = conditions(store, &url, self.now)?.validators;
            requests.push(Request { url, validators, body: BodyKind::Page });
        }
        let known = store.providers()?.len();
        let fetcher = self.fetcher.clone();
        self.tasks.spawn(async move {
            let mut search = Search { source, pages: Vec::new(), failure: None };
            for (at, request) in requests.into_iter().enumerate() {
                let read = read_page(fetcher.get(&request).await, |fetched| listing::ofsted_search(&fetched.body, &fetched.final_url));
                let (page, validators) = match read {
                    Ok(found) => found,
                    Err(failure) => {
                        search.failure = Some(failure);
                        break;
                    }
                };
                // A page that has not changed has the page after it that it had. Where what is known ends with it, the page after
                // it may have come empty, once.
                let more = page.as_ref().map_or(known >= (at + 1) * ROWS, |page| page.next.is_some() || page.rows.len() >= ROWS);
                search.pages.push(ListPage { url: request.url, page, validators });
                if !more {
                    break;
                }
            }
            Arrival::Search(Box::new(search))
        });
        Ok(())
    }

    pub(super) fn take_search(&mut self, search: Search, store: &mut Store) -> Result<(), Halt> {
        let (source, now) = (self.sources[search.source].source, self.now);
        let (known, unchanged) = (store.providers()?, search.pages.iter().filter(|part| part.page.is_none()).count());
        let rows: Vec<&ProviderRow> = search.pages.iter().filter_map(|part| part.page.as_ref()).flat_map(|page| &page.rows).collect();
        let (rows, strange): (Vec<&ProviderRow>, Vec<&ProviderRow>) =
            rows.into_iter().partition(|row| row.url.host_str() == source.url.host_str());
        let stated = search.pages.iter().filter_map(|part| part.page.as_ref()?.stated).max();
        let lost = search.pages.iter().filter_map(|part| part.page.as_ref()).flat_map(|page| &page.losses).find(|loss| loss.hides_items());
        let failure = search
            .failure
            .or_else(|| lost.map(|loss| Failure::new(FailureKind::Unreadable, format!("Ofsted’s list was not read whole: {loss}"))))
            .or_else(|| emptied_page(&search.pages, known.len(), stated))
            .or_else(|| {
                (unchanged == 0)
                    .then(|| degraded(rows.len(), known.len()).or_else(|| short_of(rows.len() + strange.len(), stated)))
                    .flatten()
            });
        store.write(|writer| {
            for row in &rows {
                writer.list_provider(row, now)?;
                if writer.provider(&row.urn)?.is_some_and(|provider| provider.has_news()) {
                    want(writer, &Job::Provider(row.urn.clone()), now)?;
                }
            }
            for ListPage { url, page, validators } in &search.pages {
                match (&failure, page) {
                    // One page's “not modified” must not hide that another did not come.
                    (Some(_), _) => writer.set_validators(url.as_str(), &Validators::default(), now)?,
                    (None, None) => writer.set_not_modified(url.as_str(), validators, now)?,
                    (None, Some(_)) => writer.set_validators(url.as_str(), validators, now)?,
                }
            }
            let of = failure.clone().map_or(Outcome::Got(None), Outcome::Theirs);
            settle(writer, &Job::List { source: source.name.clone(), way: 0 }, pace(source), &of, now)
        })?;
        self.counts.unchanged += u32::try_from(unchanged).unwrap_or(u32::MAX);
        let told = told_of_list(&search.pages, rows.len(), &known);
        let tally = &mut self.tallies[search.source];
        tally.held = failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::Held);
        tally.answered = failure.is_none();
        tally.seen = Some(Seen { items: (unchanged == 0).then_some(rows.len()), ..Seen::default() });
        tally.failure = failure.filter(|failure| failure.kind != FailureKind::Held);
        // What pages say that have not changed is as it was.
        let is_new = unchanged == 0 && tally.answered;
        if is_new {
            tally.doubts.retain(|doubt| known.iter().any(|provider| doubt.starts_with(&told_of(provider))));
            tally.doubts.extend(told);
        }
        if let (true, Some(row)) = (is_new, strange.first()) {
            tally.doubts.push(format!("{} of the councils listed stand on another site, such as {}", strange.len(), shown(&row.url)));
        }
        self.start_providers(search.source, store)
    }

    /// Starts with the provider pages that may hold something new, and with files left from earlier runs.
    pub(super) fn start_providers(&mut self, source: usize, store: &Store) -> Result<(), Halt> {
        if self.is_lists_only() {
            return Ok(());
        }
        for (_, urn) in store.due_jobs(JobKind::Provider, self.now, usize::MAX)? {
            let Some(provider) = store.provider(&urn)? else { continue };
            let Ok(url) = Url::parse(&provider.url) else { continue };
            if url.host_str() != self.sources[source].source.url.host_str() {
                continue;
            }
            let validators = conditions(store, &url, self.now)?.validators;
            let request = Request { url, validators, body: BodyKind::Page };
            let fetcher = self.fetcher.clone();
            self.tasks.spawn(async move {
                let outcome = read_page(fetcher.get(&request).await, |fetched| listing::ofsted_provider(&fetched.body, &fetched.final_url));
                Arrival::Provider(Box::new(ProviderAnswer { source, provider, outcome }))
            });
        }
        self.start_files(source, store)
    }

    pub(super) fn take_provider(&mut self, page: ProviderAnswer, store: &mut Store) -> Result<(), Halt> {
        let (now, gazetteer) = (self.now, self.gazetteer);
        let ProviderAnswer { source, provider, outcome } = page;
        let (urn, url) = (provider.urn.as_str(), provider.url.as_str());
        let job = Job::Provider(urn.to_owned());
        let listed = still_listed(store, urn)?;
        let outcome = outcome.and_then(|(read, validators)| {
            match read.as_ref().and_then(|read| not_his(read, urn).or_else(|| emptied(read, &listed, provider.listed_latest))) {
                Some(reason) => Err(Failure::new(FailureKind::Unreadable, format!("{} ({}) {reason}", provider.name, shown_text(url)))),
                None => Ok((read, validators)),
            }
        });
        let losses = outcome.as_ref().ok().and_then(|(read, _)| Some(read.as_ref()?.losses.clone()));
        match outcome {
            Err(failure) => {
                store.write(|writer| settle(writer, &job, FULL_PASS, &Outcome::Theirs(failure.clone()), now))?;
                self.lose_part(source, url, failure);
                return Ok(());
            }
            Ok((read, validators)) => {
                self.counts.unchanged += u32::from(read.is_none());
                store.write(|writer| {
                    let publications = read.as_ref().map_or(listed, |read| plausible(&read.publications, now));
                    let came = writer.provider_read(urn, &publications, now)?;
                    for file in came.new.iter().chain(&came.back) {
                        want_file(writer, file, now)?;
                    }
                    for report in &came.redated {
                        rejudge(writer, report, gazetteer)?;
                    }
                    match read {
                        Some(_) => writer.set_validators(url, &validators, now)?,
                        None => writer.set_not_modified(url, &validators, now)?,
                    }
                    settle(writer, &job, FULL_PASS, &Outcome::Got(None), now)
                })?;
            }
        }
        let tally = &mut self.tallies[source];
        tally.good_parts += 1;
        if let Some(losses) = losses {
            let whose = told_of(&provider);
            tally.doubts.retain(|doubt| !doubt.starts_with(&whose));
            tally.doubts.extend(losses.iter().map(|loss| format!("{whose}{loss}")));
        }
        self.start_files(source, store)
    }
}

/// True where a provider page or a report file is due.
pub(super) fn has_work(store: &Store, source: &Source, now: Timestamp) -> Result<bool, Halt> {
    Ok(!store.due_jobs(JobKind::Provider, now, 1)?.is_empty() || !files::due(store, source, now, 1)?.is_empty())
}

/// Wants a file that is listed, unless a report of it is stored: then its own time comes.
fn want_file(writer: &Writer<'_>, url: &str, now: Timestamp) -> Result<(), Halt> {
    let stored = writer.publication_of_url(url)?.is_some_and(|listed| matches!(listed.file, FileState::Stored(_)));
    if stored { Ok(()) } else { want(writer, &Job::File(url.to_owned()), now) }
}

/// The stories that may be about a report are looked at again.
fn rejudge(writer: &Writer<'_>, report: &ReportId, gazetteer: &Gazetteer) -> Result<(), Halt> {
    if let Some(authority) = writer.report_card(report)?.and_then(|card| card.authority) {
        writer.mark_pending_for_authorities(&lineage(gazetteer, &authority))?;
    }
    Ok(())
}

/// A list that named many councils and now names few or none is no list that shrank.
fn degraded(rows: usize, known: usize) -> Option<Failure> {
    (rows * 2 < known || rows == 0).then(|| {
        let detail = match (rows, known) {
            (0, 0) => "the list names no council".to_owned(),
            (0, _) => format!("the list names no council, and named {known} before"),
            _ => format!("the list names {rows} councils, and named {known} before"),
        };
        Failure::new(FailureKind::Unreadable, detail)
    })
}

/// A page that names nothing, where what is known goes on behind the pages before it; unless the list says that it ends there.
fn emptied_page(pages: &[ListPage], known: usize, stated: Option<usize>) -> Option<Failure> {
    let ends = |before: usize| stated.is_some_and(|stated| stated > 0 && stated <= before);
    let is_empty = |part: &ListPage| part.page.as_ref().is_some_and(|page| page.rows.is_empty());
    let at = (1..pages.len()).find(|at| is_empty(&pages[*at]) && known > at * ROWS && !ends(at * ROWS))?;
    Some(Failure::new(FailureKind::Unreadable, format!("page {} of the list names no council, and {known} were named before", at + 1)))
}

/// What the list had to leave out, and where it names fewer councils than it did: those are not asked any more.
fn told_of_list(pages: &[ListPage], rows: usize, known: &[Provider]) -> Vec<String> {
    let losses = pages.iter().filter_map(|part| part.page.as_ref()).flat_map(|page| &page.losses).map(ToString::to_string);
    let fewer = (rows + MOVING < known.len()).then(|| format!("the list names {rows} councils, and named {} before", known.len()));
    losses.chain(fewer).collect()
}

/// How a doubt begins that is one of a council's page.
fn told_of(provider: &Provider) -> String {
    format!("{} ({}): ", provider.name, provider.urn)
}

/// The list says how many councils it names, and names fewer; one or two may move from page to page while it is asked for.
fn short_of(rows: usize, stated: Option<usize>) -> Option<Failure> {
    let stated = stated.filter(|stated| rows + MOVING < *stated)?;
    Some(Failure::new(FailureKind::Unreadable, format!("the list names {rows} of the {stated} councils that it says it has")))
}

/// Why a page is not that of the provider whose address it stands at.
fn not_his(read: &ProviderPage, urn: &str) -> Option<String> {
    let other = read.urn.as_deref().filter(|other| *other != urn)?;
    Some(format!("gives the page of another provider ({other})"))
}

/// Why a provider page cannot be what it was: a shell without content, a new layout, or a timeline that lost most of what
/// it had. What is stored is kept, and the page is asked for again.
fn emptied(read: &ProviderPage, listed: &[Publication], latest: Option<Date>) -> Option<String> {
    if !read.has_timeline {
        return Some("has no list of publications".to_owned());
    }
    if let Some(loss) = read.losses.iter().find(|loss| loss.hides_items()) {
        return Some(format!("was not read whole: {loss}"));
    }
    if let (true, true, Some(latest)) = (read.publications.is_empty(), listed.is_empty(), latest) {
        return Some(format!("lists no publication, though the list speaks of one of {latest}"));
    }
    let gone = listed.iter().filter(|known| read.publications.iter().all(|publication| publication.url != known.url)).count();
    match (gone, listed.len()) {
        (0, _) => None,
        (gone, all) if read.publications.is_empty() || (gone > 1 && gone * 2 > all) => {
            Some(format!("no longer lists {gone} of the {all} publications it had"))
        }
        _ => None,
    }
}

/// What a page lists, without days that no publication can have.
fn plausible(publications: &[Publication], now: Timestamp) -> Vec<Publication> {
    let published = |publication: &Publication| publication.published.filter(|day| day::is_plausible_day(*day, now));
    publications.iter().map(|publication| Publication { published: published(publication), ..publication.clone() }).collect()
}

fn still_listed(store: &Store, urn: &str) -> Result<Vec<Publication>, Halt> {
    Ok(store.publications(urn)?.into_iter().filter(|listed| listed.gone_since.is_none()).map(|listed| listed.publication).collect())
}

/// A page that was read, or nothing where it has not changed.
fn read_page<T>(answer: Answer, read: impl FnOnce(&Fetched) -> Result<T, Unreadable>) -> Result<(Option<T>, Validators), Failure> {
    match answer {
        Answer::Failed(failure) => Err(failure),
        Answer::NotModified { validators, .. } => Ok((None, validators)),
        Answer::Fresh(fetched) => read(&fetched).map(|page| (Some(page), fetched.validators)).map_err(|error| unreadable(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn publication(number: u32) -> Publication {
        let url = Url::parse(&format!("https://files.example/v1/file/{number}")).unwrap();
        Publication { url, label: "Children’s services inspection".to_owned(), published: None, event: None }
    }

    #[test]
    fn a_list_that_lost_its_councils_is_degraded() {
        for (rows, known, wanted) in
            [(0, 0, true), (0, 153, true), (5, 153, true), (76, 153, true), (77, 153, false), (152, 153, false), (153, 0, false)]
        {
            assert_eq!(degraded(rows, known).is_some(), wanted, "{rows} of {known}");
        }
    }

    #[test]
    fn a_timeline_that_lost_its_publications_is_no_timeline() {
        let had: Vec<Publication> = (0..4).map(publication).collect();
        let page = |has_timeline, numbers: &[u32]| ProviderPage {
            has_timeline,
            publications: numbers.iter().copied().map(publication).collect(),
            ..ProviderPage::default()
        };
        for (now, wanted) in [
            (page(true, &[0, 1, 2, 3]), false),
            (page(true, &[0, 1, 2]), false),
            (page(true, &[0, 1, 9]), false),
            (page(true, &[0]), true),
            (page(true, &[]), true),
            (page(false, &[0, 1, 2, 3]), true),
        ] {
            assert_eq!(emptied(&now, &had, None).is_some(), wanted, "{:?}", now.publications.len());
        }
        assert!(emptied(&page(true, &[]), &had[..1], None).is_some(), "the only one of one");
        assert!(emptied(&page(true, &[7]), &had[..1], None).is_none(), "one replaced by another");
        assert!(emptied(&page(true, &[]), &[], None).is_none(), "a council without a report");
        assert!(emptied(&page(true, &[]), &[], Some(date(2025, 11, 7))).is_some(), "a council whose report the list knows");
    }

    #[test]
    fn a_list_keeps_its_word() {
        for (rows, stated, wanted) in
            [(153, Some(153), false), (151, Some(153), false), (150, Some(153), true), (3, Some(153), true), (3, None, false)]
        {
            assert_eq!(short_of(rows, stated).is_some(), wanted, "{rows} of {stated:?}");
        }
    }

    #[test]
    fn a_page_says_whose_it_is() {
        let page = |urn: Option<&str>| ProviderPage { urn: urn.map(str::to_owned), ..ProviderPage::default() };
        assert!(not_his(&page(Some("80562")), "80437").is_some());
        assert!(not_his(&page(Some("80437")), "80437").is_none() && not_his(&page(None), "80437").is_none());
    }
}
