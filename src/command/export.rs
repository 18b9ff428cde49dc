//! `export`: everything, one object a line, in the shape of the contract.

use std::io::{self, BufWriter, Write};

use serde_json::{Value, json};

use crate::{
    cli::{ExportArgs, ExportFormat, ExportWhat},
    config,
    model::{
        authority::Authority,
        evidence::{Evidence, Quotation},
        overview::{ReportWithStories, StoryCard, TiedReport},
        report::{Judgement, Recommendation},
        wording,
    },
    store::{ReportFilter, StoryFilter},
};

use super::{
    Context, Exit, Trouble, columns, output,
    sheet::{self, Sheet, SheetRow},
    warc,
};

/// # Errors
/// Where there is no database, or stdout cannot be written.
pub fn run(context: &Context, args: &ExportArgs) -> Result<Exit, Trouble> {
    let out = BufWriter::new(io::stdout().lock());
    match args.format {
        _ if args.what == ExportWhat::Warc => archive(context, args, out)?,
        _ if args.gzip => return Err(Trouble::usage("--gzip is for `export warc`")),
        ExportFormat::Jsonl => lines(context, args.what, out)?,
        ExportFormat::Csv => table(context, args.what, out)?,
    }
    Ok(Exit::Well)
}

/// Pages and report files as they were received.
fn archive(context: &Context, args: &ExportArgs, out: impl Write) -> Result<(), Trouble> {
    if args.format != ExportFormat::Jsonl {
        return Err(Trouble::usage("WARC is a format of its own, and no table"));
    }
    warc::write(&context.stored()?, context.now, args.gzip, out)
}

fn lines(context: &Context, what: ExportWhat, mut out: impl Write) -> Result<(), Trouble> {
    let mut put = |value: Value| -> Result<(), Trouble> { Ok(writeln!(out, "{}", output::armoured(&value.to_string()))?) };
    match what {
        ExportWhat::Stories => context.stored()?.each_story_card(&StoryFilter::default(), |card| put(story(&card)))?,
        ExportWhat::Reports => {
            let store = context.stored()?;
            store.each_report(&ReportFilter::default(), |found| put(report(&found, &store.recommendations(&found.report.id)?)))?;
        }
        ExportWhat::Authorities => config::gazetteer()?.all().iter().try_for_each(|found| put(authority(found)))?,
        ExportWhat::Judgements | ExportWhat::Ties | ExportWhat::Quotations | ExportWhat::Warc => {
            each_row(context, what, |row| put(sheet::object(row)))?;
        }
    }
    Ok(out.flush()?)
}

fn table(context: &Context, what: ExportWhat, out: impl Write) -> Result<(), Trouble> {
    let mut sheet = Sheet::new(out, columns::columns(what))?;
    each_row(context, what, |row| sheet.put(&row))?;
    sheet.finish()
}

/// The rows of a table, in the order in which what they hang on is exported.
fn each_row(context: &Context, what: ExportWhat, mut put: impl FnMut(SheetRow) -> Result<(), Trouble>) -> Result<(), Trouble> {
    match what {
        ExportWhat::Warc => Ok(()),
        ExportWhat::Authorities => config::gazetteer()?.all().iter().try_for_each(|found| put(sheet::authority(found))),
        ExportWhat::Reports => context.stored()?.each_report(&ReportFilter::default(), |found| put(sheet::report(&found))),
        ExportWhat::Judgements => context
            .stored()?
            .each_report(&ReportFilter::default(), |found| sheet::judgements(&found.report).into_iter().try_for_each(&mut put)),
        ExportWhat::Stories => {
            let store = context.stored()?;
            store.each_story_card(&StoryFilter::default(), |card| put(sheet::story(&card, &store.grades_then(&card.id)?)))
        }
        ExportWhat::Ties => {
            context.stored()?.each_story_card(&StoryFilter::default(), |card| sheet::ties(&card).into_iter().try_for_each(&mut put))
        }
        ExportWhat::Quotations => {
            context.stored()?.each_story_card(&StoryFilter::default(), |card| sheet::quotations(&card).into_iter().try_for_each(&mut put))
        }
    }
}

/// A story as the contract shows it.
pub fn story(card: &StoryCard) -> Value {
    json!({
        "id": card.id,
        "url": card.url,
        "addresses": card.addresses,
        "outlet": card.outlet,
        "title": card.title,
        "author": card.author,
        "published": card.published,
        "first_seen": card.first_seen,
        "changed": card.changed,
        "words": card.words,
        "walled": card.walled,
        "relevant": card.relevant,
        "why": why(card),
        "kind": card.kind,
        "authorities": card.authorities,
        "cluster": card.piece,
        "state": card.state,
        "review": card.review,
        "notes": card.notes,
        "stated_grades": card.stated_grades.iter().map(|said| json!({
            "authority": said.authority, "grade": said.grade.as_str().replace(' ', "-"), "text": said.text,
        })).collect::<Vec<_>>(),
        "ties": card.ties.iter().map(tie).collect::<Vec<_>>(),
        "mentions": card.mentions.iter().map(|mentioned| json!({
            "report": mentioned.mention.report, "report_url": mentioned.url, "as": mentioned.mention.mentioned, "text": mentioned.mention.text,
        })).collect::<Vec<_>>(),
        "quotes": card.quotations.iter().map(|quotation| quote(quotation, card)).collect::<Vec<_>>(),
        "waiting_for": card.waiting_for,
    })
}

/// Why it is about our subject or not, or that it was not looked at yet.
pub fn why(card: &StoryCard) -> &str {
    if card.judged { &card.why } else { wording::NOT_JUDGED }
}

fn tie(tied: &TiedReport) -> Value {
    json!({
        "report": tied.report.id,
        "report_url": tied.report.url,
        "state": tied.tie.state,
        "confidence": tied.tie.confidence,
        "kind": tied.tie.kind,
        "grade_check": tied.tie.grade_check,
        "evidence": tied.tie.evidence.iter().map(evidence).collect::<Vec<_>>(),
    })
}

fn evidence(piece: &Evidence) -> Value {
    json!({
        "kind": piece.kind, "story": piece.story, "report": piece.report, "page": piece.page, "paragraph": piece.paragraph, "weight": piece.weight,
    })
}

fn quote(quotation: &Quotation, card: &StoryCard) -> Value {
    let tied = card.ties.iter().map(|tied| (&tied.report.id, &tied.report.url));
    let mut spoken = tied.chain(card.mentions.iter().map(|mentioned| (&mentioned.mention.report, &mentioned.url)));
    let url = quotation.report.as_ref().and_then(|id| spoken.find(|(report, _)| *report == id)).map(|(_, url)| url);
    json!({
        "text": quotation.text,
        "speaker": quotation.speaker,
        "found": quotation.found,
        "exact": quotation.exact,
        "report": quotation.report,
        "report_url": url,
        "page": quotation.page,
        "paragraph": quotation.paragraph,
    })
}

/// A report as the contract shows it.
pub fn report(found: &ReportWithStories, recommendations: &[Recommendation]) -> Value {
    let card = &found.report;
    json!({
        "id": card.id,
        "url": card.url,
        "provider_url": card.provider_url,
        "urn": card.urn,
        "authority": card.authority,
        "framework": card.framework,
        "title": card.title,
        "inspected_from": card.inspected_from,
        "inspected_to": card.inspected_to,
        "published": card.published,
        "first_seen": card.first_seen,
        "lead_inspector": card.lead_inspector,
        "pages": card.pages,
        "judgements": card.judgements.iter().map(judgement).collect::<Vec<_>>(),
        "recommendations": recommendations,
        "paragraphs": card.last_paragraph,
        "text_source": "pdf",
        "parser": card.parser,
        "status": card.status,
        "reason": card.reason,
        "doubts": card.doubts,
        "stories": found.stories,
        "licence": "Open Government Licence v3.0",
    })
}

fn judgement(judgement: &Judgement) -> Value {
    json!({
        "key": judgement.key, "label": judgement.label, "grade": judgement.grade, "printed": judgement.printed,
        "readings": judgement.readings, "agree": judgement.agree,
    })
}

/// An authority of the gazetteer.
pub fn authority(authority: &Authority) -> Value {
    json!({
        "name": authority.name,
        "official": authority.official,
        "urn": authority.urn,
        "from": authority.from,
        "to": authority.to,
        "predecessors": authority.predecessors,
        "successors": authority.successors,
        "variants": authority.variants,
        "bodies": authority.bodies.iter().map(|body| json!({"name": body.name, "from": body.from, "to": body.to})).collect::<Vec<_>>(),
    })
}
