//! A small PDF writer: pages of text at positions, and a layout in the manner of Ofsted's reports, for invented reports.

use std::fmt::Write as _;

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;

const MARGIN: f32 = 71.0;
const TOP: f32 = 760.0;
const BOTTOM: f32 = 80.0;
const LEADING: f32 = 14.5;
const BODY: f32 = 12.0;
/// Where the grades of a table stand.
const GRADES: f32 = 375.0;
/// Characters of body text to a line at the margin; Helvetica runs at about half an em.
const LINE_CHARS: usize = 76;

/// A PDF of text lines in Helvetica and Helvetica-Bold, encoded in WinAnsi.
#[derive(Debug, Default)]
pub struct Pdf {
    pages: Vec<Vec<u8>>,
}

impl Pdf {
    /// Begins a page; text goes onto the last one begun.
    pub fn page(&mut self) {
        self.pages.push(Vec::new());
    }

    /// Writes one line with its baseline at `y` points from the foot of the page.
    pub fn text(&mut self, x: f32, y: f32, size: f32, bold: bool, text: &str) {
        if self.pages.is_empty() {
            self.page();
        }
        let Some(page) = self.pages.last_mut() else { return };
        let font = if bold { "B" } else { "R" };
        page.extend(format!("BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm (").bytes());
        for byte in text.chars().map(win_ansi) {
            if matches!(byte, b'(' | b')' | b'\\') {
                page.push(b'\\');
            }
            page.push(byte);
        }
        page.extend(b") Tj ET\n");
    }

    /// The file.
    pub fn bytes(&self) -> Vec<u8> {
        let font = |name: &str| format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>").into_bytes();
        let kids: String = (0..self.pages.len()).map(|at| format!("{} 0 R ", 5 + 2 * at)).collect();
        let mut objects = vec![
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", self.pages.len()).into_bytes(),
            font("Helvetica"),
            font("Helvetica-Bold"),
        ];
        for (at, content) in self.pages.iter().enumerate() {
            let fonts = "<< /Font << /R 3 0 R /B 4 0 R >> >>";
            let number = 6 + 2 * at;
            objects.push(
                format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources {fonts} /Contents {number} 0 R >>")
                    .into_bytes(),
            );
            objects.push([format!("<< /Length {} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat());
        }
        assemble(&objects)
    }
}

/// Numbers the objects and adds the table of their places.
fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut places = String::new();
    for (at, object) in objects.iter().enumerate() {
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        file.extend(format!("{} 0 obj\n", at + 1).bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let (start, count) = (file.len(), objects.len() + 1);
    file.extend(
        format!("xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n")
            .bytes(),
    );
    file
}

/// The byte of a character in Windows code page 1252; "?" for what it lacks.
fn win_ansi(char: char) -> u8 {
    match char {
        '€' => 0x80,
        '…' => 0x85,
        '‘' => 0x91,
        '’' => 0x92,
        '“' => 0x93,
        '”' => 0x94,
        '•' => 0x95,
        '–' => 0x96,
        '—' => 0x97,
        ' '..='~' | '\u{a0}'..='\u{ff}' => char as u8,
        _ => b'?',
    }
}

/// Lays text out as the reports do: running footers, hanging numbers, wrapped table rows, footnotes at the foot of the page.
#[derive(Debug)]
pub struct Layout {
    pdf: Pdf,
    y: f32,
    page: u32,
    footer: Vec<String>,
    notes: Vec<String>,
}

impl Default for Layout {
    fn default() -> Self {
        Self::new()
    }
}

impl Layout {
    pub fn new() -> Self {
        let mut pdf = Pdf::default();
        pdf.page();
        Self { pdf, y: TOP, page: 1, footer: Vec::new(), notes: Vec::new() }
    }

    /// The lines that stand at the foot of every page from the second on; the page number follows the last.
    pub fn footer(&mut self, lines: &[&str]) {
        self.footer = lines.iter().map(|line| (*line).to_owned()).collect();
    }

    /// Ends the page.
    pub fn new_page(&mut self) {
        self.end_page();
        self.pdf.page();
        (self.y, self.page) = (TOP, self.page + 1);
    }

    fn end_page(&mut self) {
        for (at, note) in std::mem::take(&mut self.notes).iter().enumerate() {
            let y = BOTTOM - 4.0 - 11.0 * at as f32;
            let (mark, text) = note.split_once(' ').unwrap_or(("1", note));
            self.pdf.text(MARGIN, y + 3.0, 6.0, false, mark);
            self.pdf.text(MARGIN + 5.0, y, 9.0, false, text);
        }
        let mut y = 30.0 + 10.0 * self.footer.len() as f32;
        if self.page > 1 {
            for line in &self.footer {
                self.pdf.text(MARGIN, y, 8.0, false, line);
                y -= 10.0;
            }
        }
        self.pdf.text(515.0, 24.0, 14.0, false, &self.page.to_string());
    }

    /// Leaves room: points of white space.
    pub fn space(&mut self, points: f32) {
        self.y -= points;
    }

    /// One printed line at the margin.
    pub fn line(&mut self, size: f32, bold: bool, text: &str) {
        self.line_at(MARGIN, size, bold, text);
    }

    fn make_room(&mut self) {
        if self.y < BOTTOM + 11.0 * self.notes.len() as f32 {
            self.new_page();
        }
    }

    fn line_at(&mut self, x: f32, size: f32, bold: bool, text: &str) {
        self.make_room();
        self.pdf.text(x, self.y, size, bold, text);
        self.y -= size * LEADING / BODY;
    }

    /// A heading with room around it.
    pub fn heading(&mut self, text: &str) {
        self.space(14.0);
        for line in wrap(text, LINE_CHARS - 14) {
            self.line(14.0, true, &line);
        }
        self.space(10.0);
    }

    /// A paragraph at the margin.
    pub fn paragraph(&mut self, text: &str) {
        for line in wrap(text, LINE_CHARS) {
            self.line(BODY, false, &line);
        }
        self.space(LEADING);
    }

    /// A paragraph that hangs from its number.
    pub fn numbered(&mut self, number: &str, text: &str) {
        self.hanging(number, 0.0, 28.0, text);
        self.space(LEADING);
    }

    /// A bullet of the first or second level.
    pub fn bullet(&mut self, level: u32, text: &str) {
        self.hanging("•", 28.0 * level as f32, 18.0, text);
        self.space(6.0);
    }

    fn hanging(&mut self, mark: &str, left: f32, hang: f32, text: &str) {
        for (at, line) in wrap(text, LINE_CHARS - 5 * (1 + left as usize / 28)).iter().enumerate() {
            self.make_room();
            if at == 0 {
                self.pdf.text(MARGIN + left, self.y, BODY, false, mark);
            }
            self.line_at(MARGIN + left + hang, BODY, false, line);
        }
    }

    /// A row of a table: the lines of its two cells, the right one moved down by so many lines.
    pub fn row(&mut self, label: &[&str], grade: &[&str], down: f32) {
        let top = self.y;
        for line in label {
            self.pdf.text(MARGIN, self.y, BODY, false, line);
            self.y -= LEADING;
        }
        for (at, line) in grade.iter().enumerate() {
            self.pdf.text(GRADES, top - LEADING * (at as f32 + down), BODY, false, line);
        }
        self.y = self.y.min(top - LEADING * (grade.len() as f32 + down)) - LEADING;
    }

    /// A footnote at the foot of this page: "1 This is …".
    pub fn note(&mut self, text: &str) {
        self.notes.push(text.to_owned());
    }

    /// A raised mark after text of that many characters on the line just written.
    pub fn mark(&mut self, after: usize, size: f32, mark: &str) {
        let y = self.y + size * LEADING / BODY + 4.0;
        self.pdf.text(MARGIN + after as f32 * size * 0.5, y, size * 0.6, false, mark);
    }

    /// Text anywhere on the page.
    pub fn at(&mut self, x: f32, y: f32, size: f32, bold: bool, text: &str) {
        self.pdf.text(x, y, size, bold, text);
    }

    /// The file.
    pub fn bytes(mut self) -> Vec<u8> {
        self.end_page();
        self.pdf.bytes()
    }
}

/// Lines of at most `width` characters; a hyphenated word may break after its hyphen.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let pieces = text.split(' ').flat_map(|word| word.split_inclusive('-').enumerate());
    for (at, piece) in pieces {
        let Some(line) = lines.last_mut() else { break };
        let space = if at == 0 && !line.is_empty() { " " } else { "" };
        if line.chars().count() + piece.chars().count() + space.len() > width && !line.is_empty() {
            lines.push(piece.to_owned());
        } else {
            line.push_str(space);
            line.push_str(piece);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_at_spaces_and_after_hyphens() {
        assert_eq!(wrap("a multi-agency plan", 8), ["a multi-", "agency", "plan"]);
        assert_eq!(wrap("", 8), [""]);
    }

    #[test]
    fn what_is_written_can_be_read() {
        let mut pdf = Pdf::default();
        pdf.text(71.0, 700.0, 12.0, true, "Children’s “voice” (a – b) \\ £5");
        let text = crate::read::pdf::text(&pdf.bytes()).unwrap();
        assert_eq!(text.pages[0].lines[0].text, "Children’s “voice” (a – b) \\ £5");
        assert!(text.pages[0].lines[0].bold);
    }
}
