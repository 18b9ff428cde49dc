//! Made-up reports from plain files: one directive a line, laid out as a PDF by the program's own writer.

use tieback::command::demo::pdf::Layout;

/// Makes the PDF that the directives describe; panics on a directive it does not know.
///
/// `title`, `sub`, `line`, `bold`, `small`: one printed line. `head`, `para`: wrapped. `num N TEXT`, `bullet`, `nested`.
/// `row`, `row-mid`, `row-low LABEL / LABEL | GRADE / GRADE`: a table row, its grade on the first label line, between, or on the last.
/// `footer LINE / LINE`, `note 1 TEXT`, `mark 1`: raised after the last line. `page`, `gap POINTS`, `at X Y SIZE b|r TEXT`.
pub fn pdf(sheet: &str) -> Vec<u8> {
    let mut layout = Layout::new();
    let mut last = (0, 12.0);
    for line in sheet.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("//")) {
        let (directive, text) = line.split_once(' ').unwrap_or((line, ""));
        let text = text.trim();
        let mut print = |size: f32, bold: bool| {
            layout.line(size, bold, text);
            last = (text.chars().count(), size);
        };
        match directive {
            "title" => print(26.0, false),
            "sub" => print(14.0, true),
            "line" => print(12.0, false),
            "bold" => print(12.0, true),
            "small" => print(9.0, false),
            "head" => layout.heading(text),
            "para" => layout.paragraph(text),
            "num" => {
                let (number, text) = text.split_once(' ').unwrap();
                layout.numbered(number, text);
            }
            "bullet" => layout.bullet(0, text),
            "nested" => layout.bullet(1, text),
            "row" => row(&mut layout, text, 0.0),
            "row-mid" => row(&mut layout, text, 0.5),
            "row-low" => row(&mut layout, text, 1.0),
            "footer" => layout.footer(&text.split(" / ").collect::<Vec<_>>()),
            "note" => layout.note(text),
            "mark" => layout.mark(last.0, last.1, text),
            "page" => layout.new_page(),
            "gap" => layout.space(text.parse().unwrap()),
            "at" => {
                let parts: Vec<&str> = text.splitn(5, ' ').collect();
                let number = |at: usize| parts[at].parse::<f32>().unwrap();
                layout.at(number(0), number(1), number(2), parts[3] == "b", parts[4]);
            }
            other => panic!("no directive `{other}`"),
        }
    }
    layout.bytes()
}

fn row(layout: &mut Layout, text: &str, down: f32) {
    let (label, grade) = text.split_once(" | ").unwrap();
    layout.row(&label.split(" / ").collect::<Vec<_>>(), &grade.split(" / ").collect::<Vec<_>>(), down);
}
