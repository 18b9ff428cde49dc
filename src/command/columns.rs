//! What each export holds: the columns of its table in their order and the fields of its JSON, each with its meaning.

use crate::cli::ExportWhat;

/// A name, and what it means.
pub type SheetColumn = (&'static str, &'static str);

/// Where something stands in a report, in every export that tells it.
const PAGE: &str = "the page of the report";
const PARAGRAPH: &str = "the number of the paragraph, as text";

/// The columns of a table; new ones are only ever put at the end.
pub fn columns(what: ExportWhat) -> &'static [SheetColumn] {
    match what {
        ExportWhat::Warc => &[],
        ExportWhat::Stories => &[
            ("id", "its id, as `show` takes it"),
            ("published", "when it was published, as its feed or page says; empty where neither does"),
            ("outlet", "who published it"),
            ("title", "its headline"),
            ("author", "as printed"),
            ("url", "where it stands"),
            ("authorities", "the councils that it is about"),
            ("state", "tied, possible, waiting or none, of its piece"),
            ("kind", "coverage, follow-up, round-up, announcement or other"),
            ("review", "new, kept or discarded, by a person"),
            ("relevant", "whether it is about our subject"),
            ("why", "the reason, in words; \"not judged yet\" where no run has got to it"),
            ("ties", "how many ties it has, rejected ones too"),
            ("quotations", "how many quotations it has"),
            ("waiting_for", "the council whose report it waits for"),
            ("waiting_framework", "the kind of that report"),
            ("waiting_around", "the month that it is expected of"),
            ("words", "words of its text"),
            ("walled", "whether a wall cut its text"),
            ("first_seen", "when it was stored"),
            ("changed", "when its text was last seen to differ"),
            ("cluster", "the id of its piece, shared by all copies"),
            ("grades_then", "each council with the overall grade that it had on the day of the story, whatever the story says"),
        ],
        ExportWhat::Reports => &[
            ("id", "its id, as `show` takes it"),
            ("authority", "the council, by the name of the gazetteer"),
            ("framework", "SIF, ILACS, JTAI, Area SEND, focused visit, monitoring visit, LAC inspection 2013 or other"),
            ("published", "the day that Ofsted lists"),
            ("overall", "the overall grade, or the outcome"),
            ("inspected_from", "the first day of the inspection"),
            ("inspected_to", "the last"),
            ("lead_inspector", "as printed"),
            ("title", "as printed"),
            ("pages", "pages of the file"),
            ("paragraphs", "the highest number of a paragraph"),
            ("stories", "how many stories are tied to it and not discarded, copies counted once"),
            ("status", "current, withdrawn, unreadable or not-a-report"),
            ("doubts", "how many doubts its reading left"),
            ("url", "the file"),
            ("provider_url", "the page of Ofsted that lists it"),
            ("urn", "the number of the provider"),
            ("first_seen", "when it was stored"),
            ("parser", "the version of the reading"),
        ],
        ExportWhat::Judgements => &[
            ("report", "the id of the report"),
            ("authority", "its council"),
            ("framework", "its kind"),
            ("published", "its day"),
            ("key", "what is judged: overall, leaders, help_protection, in_care, care_leavers, …"),
            ("label", "the same as printed"),
            ("grade", "the grade"),
            ("printed", "the grade as printed"),
            ("readings", "in how many places of the report it was read"),
            ("agree", "whether those places say the same"),
            ("report_url", "the file of the report"),
        ],
        ExportWhat::Ties => &[
            ("story", "the id of the story"),
            ("outlet", "who published it"),
            ("title", "its headline"),
            ("story_published", "when it was published"),
            ("report", "the id of the report"),
            ("authority", "its council"),
            ("framework", "its kind"),
            ("report_published", "its day"),
            ("overall", "its overall grade, or its outcome"),
            ("state", "auto, possible, confirmed or rejected"),
            ("confidence", "how likely the tie is, from 0 to 1"),
            ("kind", "coverage, follow-up or announcement"),
            ("grade_check", "whether the grade that the story states is the report’s: agrees, disagrees, not-stated or no-grade"),
            ("evidence", "how many pieces of evidence speak for or against it"),
            ("best_evidence", "the best of them in words, with page and paragraph"),
            ("review", "new, kept or discarded, of the story"),
            ("story_url", "where the story stands"),
            ("report_url", "the file of the report"),
        ],
        ExportWhat::Quotations => &[
            ("story", "the id of the story"),
            ("outlet", "who published it"),
            ("title", "its headline"),
            ("story_published", "when it was published"),
            ("text", "what is quoted"),
            ("speaker", "who says it, as the story says"),
            ("found", "whether it stands in a report"),
            ("exact", "whether it stands there word for word"),
            ("report", "the id of that report"),
            ("page", PAGE),
            ("paragraph", PARAGRAPH),
            ("story_url", "where the story stands"),
            ("report_url", "the file of the report"),
        ],
        ExportWhat::Authorities => &[
            ("name", "the name that all outputs use"),
            ("official", "its official name"),
            ("urn", "its number at Ofsted"),
            ("from", "the first day that it was in charge"),
            ("to", "the last"),
            ("predecessors", "the councils that it came of"),
            ("successors", "those that came of it"),
            ("variants", "other names that news use"),
            ("bodies", "trusts and companies that run its services"),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The fields of each JSON that is no row of the table of that name, by their paths.
    const FIELDS: [(&str, &[SheetColumn]); 3] = [
        (
            "stories",
            &[
                ("id", "as in CSV"),
                ("url", "where it stands"),
                ("addresses", "every address that it was seen at"),
                ("outlet", "who published it"),
                ("title", "its headline"),
                ("author", "as printed"),
                ("published", "when it was published; null where nothing says so"),
                ("first_seen", "when it was stored"),
                ("changed", "when its text was last seen to differ"),
                ("words", "words of its text"),
                ("walled", "whether a wall cut its text"),
                ("relevant", "whether it is about our subject"),
                ("why", "the reason, in words; \"not judged yet\" where no run has got to it"),
                ("kind", "coverage, follow-up, round-up, announcement or other"),
                ("authorities", "the councils that it is about"),
                ("cluster", "the id of its piece, shared by all copies"),
                ("state", "tied, possible, waiting or none"),
                ("review", "new, kept or discarded"),
                ("notes", "what people noted"),
                ("stated_grades", "the grades that it says councils have"),
                ("stated_grades[].authority", "the council"),
                ("stated_grades[].grade", "the grade, with hyphens for blanks: requires-improvement"),
                ("stated_grades[].text", "the words that say so"),
                ("ties", "the reports that it is tied to, best first, rejected ones too"),
                ("ties[].report", "the id of the report"),
                ("ties[].report_url", "its file"),
                ("ties[].state", "auto, possible, confirmed or rejected"),
                ("ties[].confidence", "how likely the tie is, from 0 to 1"),
                ("ties[].kind", "coverage, follow-up or announcement"),
                ("ties[].grade_check", "agrees, disagrees, not-stated or no-grade"),
                ("ties[].evidence", "what speaks for and against it"),
                ("ties[].evidence[].kind", "link, quote, shared-text, figure, grade, authority, date or framework"),
                ("ties[].evidence[].story", "the words of the story"),
                ("ties[].evidence[].report", "the words of the report"),
                ("ties[].evidence[].page", PAGE),
                ("ties[].evidence[].paragraph", PARAGRAPH),
                ("ties[].evidence[].weight", "how much it speaks for the tie; below 0 against it"),
                ("mentions", "reports that it recalls, without being about them"),
                ("mentions[].report", "the id of the report"),
                ("mentions[].report_url", "its file"),
                ("mentions[].as", "previous, or another's"),
                ("mentions[].text", "the words that say so"),
                ("quotes", "its quotations"),
                ("quotes[].text", "what is quoted"),
                ("quotes[].speaker", "who says it, as the story says"),
                ("quotes[].found", "whether it stands in a report"),
                ("quotes[].exact", "whether it stands there word for word"),
                ("quotes[].report", "the id of that report"),
                ("quotes[].report_url", "its file"),
                ("quotes[].page", PAGE),
                ("quotes[].paragraph", PARAGRAPH),
                ("waiting_for", "the report that it waits for, null where there is none"),
                ("waiting_for.authority", "the council"),
                ("waiting_for.framework", "the kind of report"),
                ("waiting_for.around", "the month that it is expected of"),
            ],
        ),
        (
            "reports",
            &[
                ("id", "as in CSV"),
                ("url", "the file"),
                ("provider_url", "the page of Ofsted that lists it"),
                ("urn", "the number of the provider"),
                ("authority", "the council"),
                ("framework", "its kind"),
                ("title", "as printed"),
                ("inspected_from", "the first day of the inspection"),
                ("inspected_to", "the last"),
                ("published", "the day that Ofsted lists"),
                ("first_seen", "when it was stored"),
                ("lead_inspector", "as printed"),
                ("pages", "pages of the file"),
                ("judgements", "its judgements, in the order of the report"),
                ("judgements[].key", "what is judged"),
                ("judgements[].label", "the same as printed"),
                ("judgements[].grade", "the grade"),
                ("judgements[].printed", "the grade as printed"),
                ("judgements[].readings", "in how many places it was read"),
                ("judgements[].agree", "whether those places say the same"),
                ("recommendations", "what needs to improve"),
                ("recommendations[].n", "its number"),
                ("recommendations[].text", "its words"),
                ("recommendations[].page", "its page"),
                ("paragraphs", "the highest number of a paragraph"),
                ("text_source", "where the text is from: pdf"),
                ("parser", "the version of the reading"),
                ("status", "current, withdrawn, unreadable or not-a-report"),
                ("reason", "why it could not be read"),
                ("doubts", "what its reading left in doubt, in words"),
                ("stories", "the ids of the stories tied to it and not discarded, one of all copies"),
                ("licence", "under which the report may be used"),
            ],
        ),
        (
            "authorities",
            &[
                ("name", "the name that all outputs use"),
                ("official", "its official name"),
                ("urn", "its number at Ofsted"),
                ("from", "the first day that it was in charge"),
                ("to", "the last"),
                ("predecessors", "the councils that it came of"),
                ("successors", "those that came of it"),
                ("variants", "other names that news use"),
                ("bodies", "trusts and companies that run its services"),
                ("bodies[].name", "its name"),
                ("bodies[].from", "its first day"),
                ("bodies[].to", "its last"),
            ],
        ),
    ];

    fn rows(head: &str, told: &[SheetColumn]) -> String {
        let rows: String = told.iter().map(|(name, meaning)| format!("| `{name}` | {meaning} |\n")).collect();
        format!("\n| {head} | meaning |\n|---|---|\n{rows}")
    }

    /// `docs/EXPORTS.md`.
    fn dictionary() -> String {
        let mut out = "# What the exports hold\n\nMade by the test of `src/command/columns.rs` (`UPDATE_GOLDEN=1 cargo test --lib command::columns`). Times are \
                       RFC 3339 in UTC, days\n`2017-11-24`, yes and no `true` and `false`. In CSV what is several names is joined by \"; \", and what is not \
                       known is empty, in JSON null.\nGrades are written as reports print them, in small letters (`requires improvement`), in every export but in \
                       `stated_grades` of the\nJSON of stories, which has hyphens. The JSON of judgements, ties and quotations has the fields of their tables.\n"
            .to_owned();
        for (what, name, about) in TABLES {
            out.push_str(&format!("\n## `export {name}`\n\n{about}\n"));
            out.push_str(&rows("column", columns(what)));
            if let Some((_, fields)) = FIELDS.iter().find(|(of, _)| *of == name) {
                out.push_str("\nAs JSON:\n");
                out.push_str(&rows("field", fields));
            }
        }
        out
    }

    const TABLES: [(ExportWhat, &str, &str); 6] = [
        (ExportWhat::Stories, "stories", "A story a row, its copies too; what hangs on it are `ties` and `quotations`."),
        (ExportWhat::Reports, "reports", "A report a row; what hangs on it is `judgements`."),
        (ExportWhat::Judgements, "judgements", "A judgement of a report a row."),
        (ExportWhat::Ties, "ties", "A tie of a story to a report a row."),
        (ExportWhat::Quotations, "quotations", "A quotation of a story a row."),
        (ExportWhat::Authorities, "authorities", "A council of the gazetteer a row."),
    ];

    #[test]
    fn the_dictionary_is_that_of_the_exports() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/EXPORTS.md");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, dictionary()).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(written == dictionary(), "docs/EXPORTS.md differs: UPDATE_GOLDEN=1 cargo test --lib command::columns");
    }
}
