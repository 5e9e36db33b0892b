//! The styles of cells: which show days, and copies of them where a value needs one of its own.

use super::xml::{Is, plain, tags, with_attribute};
use std::collections::BTreeMap;

/// What a value asks of its cell's style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Need {
    /// Shows a day.
    Day,
    /// Stays text when it is edited, though it begins as a formula does.
    Quoted,
}

/// The cell styles of a workbook, and those added.
pub(super) struct Styles {
    /// The part as it is; empty where the workbook has none.
    xml: String,
    /// Where the formats of cells begin and end.
    formats: Option<(usize, usize)>,
    /// Each format: its XML, and whether it shows a day.
    known: Vec<(String, bool)>,
    added: Vec<String>,
    made: BTreeMap<(u32, Need), u32>,
}

impl Styles {
    pub fn read(xml: String) -> Styles {
        let mut codes: BTreeMap<u32, bool> = BTreeMap::new();
        let mut known = Vec::new();
        let mut formats = None;
        let mut inside: Option<usize> = None;
        let mut begun: Option<(usize, u32)> = None;
        for tag in tags(&xml) {
            if tag.begins("numFmt") && inside.is_none() {
                let code = plain(tag.attribute("formatCode").unwrap_or_default());
                codes.insert(tag.number("numFmtId").unwrap_or(0), shows_day(&code));
            } else if tag.name() == "cellXfs" {
                match tag.is {
                    Is::Open => inside = Some(tag.start),
                    Is::Close => formats = inside.take().map(|start| (start, tag.end)),
                    Is::Empty => {}
                }
            } else if inside.is_some() && tag.name() == "xf" {
                let format = tag.number("numFmtId").unwrap_or(0);
                let day = |id: u32| codes.get(&id).copied().unwrap_or(is_day(id));
                match tag.is {
                    Is::Open => begun = Some((tag.start, format)),
                    Is::Empty => known.push((tag.raw.to_owned(), day(format))),
                    Is::Close => {
                        if let Some((start, format)) = begun.take() {
                            known.push((xml[start..tag.end].to_owned(), day(format)));
                        }
                    }
                }
            }
        }
        Styles {
            xml,
            formats,
            known,
            added: Vec::new(),
            made: BTreeMap::new(),
        }
    }

    /// Whether a style shows a day.
    pub fn is_day(&self, style: u32) -> bool {
        self.known.get(style as usize).is_some_and(|(_, day)| *day)
    }

    /// The style for a value in a cell of a style: that style, or a copy that has what is needed.
    pub fn fit(&mut self, style: u32, need: Need) -> u32 {
        let Some((format, day)) = self.known.get(style as usize) else {
            return style;
        };
        if need == Need::Day && *day {
            return style;
        }
        let next = (self.known.len() + self.added.len()) as u32;
        *self.made.entry((style, need)).or_insert_with(|| {
            let end = format.find('>').map_or(format.len(), |n| n + 1);
            let (tag, rest) = format.split_at(end);
            let tag = match need {
                // 14 is the day as the reader's own country writes it.
                Need::Day => {
                    let tag = with_attribute(tag, "numFmtId", "14");
                    with_attribute(&tag, "applyNumberFormat", "1")
                }
                Need::Quoted => with_attribute(tag, "quotePrefix", "1"),
            };
            self.added.push(format!("{tag}{rest}"));
            next
        })
    }

    /// The part with what was added; `None` where nothing was.
    pub fn changed(&self) -> Option<String> {
        let (start, end) = self.formats.filter(|_| !self.added.is_empty())?;
        let block = &self.xml[start..end];
        let open = block.find('>')? + 1;
        let close = block.rfind('<')?;
        let count = (self.known.len() + self.added.len()).to_string();
        let mut out = String::with_capacity(self.xml.len() + 200 * self.added.len());
        out.push_str(&self.xml[..start]);
        out.push_str(&with_attribute(&block[..open], "count", &count));
        out.push_str(&block[open..close]);
        self.added.iter().for_each(|xf| out.push_str(xf));
        out.push_str(&block[close..]);
        out.push_str(&self.xml[end..]);
        Some(out)
    }
}

/// The built-in formats that show a day.
fn is_day(id: u32) -> bool {
    matches!(id, 14..=17 | 22 | 27..=31 | 36 | 50..=54 | 57..=58)
}

/// Whether a format's code shows a day: a letter of days or years outside quotes and brackets.
fn shows_day(code: &str) -> bool {
    let (mut quoted, mut bracket, mut escaped) = (false, false, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracket = true,
            ']' => bracket = false,
            _ if bracket => {}
            'd' | 'D' | 'y' | 'Y' => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const XML: &str = r##"<styleSheet><numFmts count="2"><numFmt numFmtId="164" formatCode="dd\-mmm\-yy"/><numFmt numFmtId="165" formatCode="#,##0.00 &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" xfId="0"/><xf numFmtId="164"><alignment horizontal="left"/></xf><xf numFmtId="165"/></cellXfs><cellStyles/></styleSheet>"##;

    #[test]
    fn days_get_a_style_that_shows_them() {
        let mut styles = Styles::read(XML.to_owned());
        assert_eq!(styles.fit(1, Need::Day), 1);
        assert_eq!(styles.changed(), None);
        assert_eq!(styles.fit(2, Need::Day), 3);
        assert_eq!(styles.fit(0, Need::Quoted), 4);
        assert_eq!(styles.fit(2, Need::Day), 3);
        assert_eq!(styles.fit(1, Need::Quoted), 5);
        assert_eq!(styles.fit(9, Need::Day), 9);
        let xml = styles.changed().expect("added");
        assert!(xml.contains(r#"<cellXfs count="6">"#));
        assert!(xml.contains(r#"<xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="0" xfId="0" quotePrefix="1"/><xf numFmtId="164" quotePrefix="1"><alignment horizontal="left"/></xf></cellXfs><cellStyles/>"#));
    }

    #[test]
    fn codes_of_days() {
        for (code, day) in [
            ("yyyy-mm-dd", true),
            ("[$-409]d-mmm-yy;@", true),
            ("[Red]#,##0.00", false),
            ("0 \"days\"", false),
            ("General", false),
            ("#,##0.00_);(#,##0.00)", false),
            ("\\d0", false),
        ] {
            assert_eq!(shows_day(code), day, "{code}");
        }
    }
}
