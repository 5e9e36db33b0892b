//! A template filled: each part rewritten where it has to be, copied as stored where not.

use super::below::{Totals, cleared, merged};
use super::error::TemplateError;
use super::package::Package;
use super::part::{self, Moves, Patch};
use super::refs::{self, Shift, column_name};
use super::rows::{self, shift_of};
use super::sheet::{Cell, Layout, Row, cells};
use super::styles::Styles;
use super::xml::{Is, Tag, escaped, tags, with_attribute, without_attribute};
use super::{Filled, Since, Written};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Fills a template; answers the workbook and what was written.
///
/// # Errors
/// [`TemplateError`].
pub fn fill(bytes: &[u8], filled: &[Filled<'_, '_>]) -> Result<(Vec<u8>, Written), TemplateError> {
    let mut package = Package::open(bytes)?;
    let mut job = Job::new(&mut package, filled)?;
    job.sheets(&mut package)?;
    job.beside(&mut package)?;
    job.whole(&mut package)?;
    let written = job.written;
    Ok((packed(&mut package, job.changed)?, written))
}

struct Job<'p, 's> {
    filled: BTreeMap<String, Filled<'p, 's>>,
    moves: Moves,
    since: Since,
    styles: Styles,
    styles_path: Option<String>,
    /// Parts that are written anew; `None`: left out.
    changed: BTreeMap<String, Option<String>>,
    written: Written,
}

impl<'p, 's> Job<'p, 's> {
    fn new(package: &mut Package<'_>, filled: &[Filled<'p, 's>]) -> Result<Self, TemplateError> {
        let mut by_path = BTreeMap::new();
        let mut moves = Vec::new();
        for one in filled {
            let name = &one.place.sheet;
            let no_sheet = || TemplateError::NoSheet {
                sheet: name.clone(),
            };
            let part = package.sheets.iter().find(|s| s.name == *name);
            let path = part.and_then(|p| p.path.clone()).ok_or_else(no_sheet)?;
            if by_path.insert(path, *one).is_some() || one.place.first <= one.place.header {
                return Err(no_sheet());
            }
            moves.push((name.clone(), shift_of(one)?));
        }
        let main = package.workbook.clone();
        let relations = package.relations(&main)?;
        let styles_path = relations.into_iter().find(|r| r.kind == "styles");
        let styles_path = styles_path.map(|r| r.path).filter(|p| package.has(p));
        let styles = match &styles_path {
            Some(path) => package.text(path)?,
            None => String::new(),
        };
        Ok(Job {
            filled: by_path,
            moves: Moves(moves),
            since: match package.since_1904 {
                true => Since::Y1904,
                false => Since::Y1900,
            },
            styles: Styles::read(styles),
            styles_path,
            changed: BTreeMap::new(),
            written: Written::default(),
        })
    }

    /// The sheets filled, and those whose formulas may follow from them.
    fn sheets(&mut self, package: &mut Package<'_>) -> Result<(), TemplateError> {
        let mut others = Vec::new();
        for part in package.sheets.clone() {
            let Some(path) = part.path else { continue };
            let xml = package.text(&path)?;
            match self.filled.get(&path).copied() {
                Some(filled) => {
                    let new = self.filled_sheet(&xml, &part.name, filled)?;
                    self.changed.insert(path, Some(new));
                }
                None => others.push((part.name, path, xml)),
            }
        }
        let touched = self.touched(package, &others)?;
        for (name, path, xml) in others {
            if touched.contains(&name.to_lowercase())
                && let Some(new) = self.other_sheet(&xml, &name)?
            {
                self.changed.insert(path, Some(new));
            }
        }
        Ok(())
    }

    /// Lower-case names of sheets that may follow from those filled.
    fn touched(
        &self,
        package: &mut Package<'_>,
        others: &[(String, String, String)],
    ) -> Result<BTreeSet<String>, TemplateError> {
        let lower = |name: &str| escaped(name).to_lowercase();
        let mut names: BTreeSet<String> = self.moves.0.iter().map(|(n, _)| lower(n)).collect();
        for path in self.filled.keys() {
            for relation in package
                .relations(path)?
                .iter()
                .filter(|r| r.kind == "table")
            {
                let xml = package.text(&relation.path)?;
                let table = tags(&xml).find(|t| t.begins("table"));
                names.extend(
                    table
                        .and_then(|t| t.attribute("displayName"))
                        .map(str::to_lowercase),
                );
            }
        }
        let main = package.workbook.clone();
        let main = package.text(&main)?;
        let mut texts: Vec<(String, String)> = Vec::new();
        for (start, end) in part::blocks(&main, "definedName") {
            let block = &main[start..end];
            let name = tags(block).next().and_then(|t| t.attribute("name"));
            texts.push((
                name.unwrap_or_default().to_lowercase(),
                block.to_lowercase(),
            ));
        }
        let has_formula = |xml: &str| tags(xml).any(|t| t.begins("f"));
        let sheets = others.iter().filter(|(.., xml)| has_formula(xml));
        texts.extend(sheets.map(|(name, _, xml)| (lower(name), xml.to_lowercase())));
        loop {
            let before = names.len();
            for (name, text) in &texts {
                if text.contains("indirect(") || names.iter().any(|n| text.contains(n.as_str())) {
                    names.insert(name.clone());
                }
            }
            if names.len() == before {
                break;
            }
        }
        let of = others.iter().map(|(name, ..)| name);
        Ok(of
            .filter(|n| names.contains(&lower(n)))
            .map(|n| n.to_lowercase())
            .collect())
    }

    fn filled_sheet(
        &mut self,
        xml: &str,
        name: &str,
        filled: Filled<'_, '_>,
    ) -> Result<String, TemplateError> {
        let layout = read(xml, name)?;
        let shift = shift_of(&filled)?;
        let moves = &self.moves;
        let moved = |text: &str| moves.row_formula(name, text);
        let (styles, counts) = (&mut self.styles, &mut self.written);
        let new = rows::write(&layout, &filled, shift, self.since, styles, counts, &moved)?;
        let last = layout.rows.last().map_or(0, |r| r.number);
        if last > shift.last
            && u64::from(last - shift.last) + u64::from(shift.now) > u64::from(refs::LAST_ROW)
        {
            return Err(TemplateError::TooManyRows {
                sheet: name.to_owned(),
                rows: u64::from(last - shift.last) + u64::from(shift.now),
            });
        }
        let mut out = String::with_capacity(xml.len() + new.xml.len());
        let head = &xml[..layout.start];
        out.push_str(
            &part::moved(head, name, Some(shift), moves).unwrap_or_else(|| head.to_owned()),
        );
        let prefix = layout.prefix;
        out.push_str(&format!("<{prefix}sheetData>"));
        let totals = Totals {
            sums: &new.sums,
            place: (filled.place.header, shift),
        };
        let above = layout.rows.iter().filter(|r| r.number < shift.first);
        above.for_each(|row| out.push_str(&self.row(&layout, row, name, Some(shift), None)));
        out.push_str(&new.xml);
        let below = layout.rows.iter().filter(|r| r.number > shift.last);
        below.for_each(|row| {
            out.push_str(&self.row(&layout, row, name, Some(shift), Some(&totals)))
        });
        out.push_str(&format!("</{prefix}sheetData>"));
        let tail = cleared(&xml[layout.end..], shift, &new);
        let tail = part::moved(&tail, name, Some(shift), &self.moves).unwrap_or(tail);
        out.push_str(&merged(&tail, prefix, shift, &new).unwrap_or(tail));
        Ok(out)
    }

    fn other_sheet(&self, xml: &str, name: &str) -> Result<Option<String>, TemplateError> {
        let layout = read(xml, name)?;
        let mut out = String::with_capacity(xml.len());
        let piece = |text: &str| {
            part::moved(text, name, None, &self.moves).unwrap_or_else(|| text.to_owned())
        };
        out.push_str(&piece(&xml[..layout.start]));
        let mut copied = layout.start;
        for row in &layout.rows {
            out.push_str(&xml[copied..row.start]);
            out.push_str(&self.row(&layout, row, name, None, None));
            copied = row.end;
        }
        out.push_str(&xml[copied..layout.end]);
        out.push_str(&piece(&xml[layout.end..]));
        Ok((out != xml).then_some(out))
    }

    /// A row that stays, or moves, with its formulas.
    fn row(
        &self,
        layout: &Layout<'_>,
        row: &Row,
        sheet: &str,
        shift: Option<Shift>,
        totals: Option<&Totals<'_>>,
    ) -> String {
        let raw = layout.raw(row);
        let number = shift.map_or(row.number, |s| s.below(row.number));
        let mut patch = Patch::of(raw);
        if number != row.number
            && let Some(open) = tags(raw).next()
        {
            patch.put(
                0,
                open.end,
                &with_attribute(open.raw, "r", &number.to_string()),
            );
        }
        for cell in cells(raw) {
            let place = format!("{}{number}", column_name(cell.column));
            let mut tag = cell.tag.to_owned();
            if number != row.number && cell.tag.contains(" r=") {
                tag = with_attribute(&tag, "r", &place);
            }
            let end = cell.start + cell.raw.len();
            match layout.formula_of(&cell, row.number) {
                None => patch.put(cell.start, cell.start + cell.tag.len(), &tag),
                Some(text) => {
                    let new =
                        self.formula_cell(layout.prefix, &cell, tag, text, sheet, (shift, totals));
                    patch.put(cell.start, end, &new);
                }
            }
        }
        patch.whole()
    }

    /// A cell with a formula; its result is taken out, unless it is a sum that is known.
    fn formula_cell(
        &self,
        prefix: &str,
        cell: &Cell<'_>,
        tag: String,
        text: String,
        sheet: &str,
        (shift, totals): (Option<Shift>, Option<&Totals<'_>>),
    ) -> String {
        let moved = self.moves.formula(sheet, &text);
        let known = cell
            .formula
            .filter(|f| f.shared.is_none() && moved.is_none());
        let mut open = match cell.formula {
            Some(f) if f.shared.is_none() => f.tag.to_owned(),
            _ => format!("<{prefix}f>"),
        };
        if let Some(shift) = shift
            && let Some(range) = tags(&open).next().and_then(|t| t.attribute("ref"))
        {
            open = with_attribute(&open, "ref", &part::ranges(range, shift, false));
        }
        let text = moved.unwrap_or(text);
        let total = totals.and_then(|t| t.of(&text));
        let tag = without_attribute(&tag, "t");
        let raw = known.map_or_else(|| escaped(&text), |f| f.text.to_owned());
        let formula = match open.ends_with("/>") {
            true => open,
            false => format!("{open}{raw}</{prefix}f>"),
        };
        let value = total.map_or(String::new(), |t| format!("<{prefix}v>{t}</{prefix}v>"));
        format!("{tag}{formula}{value}</{prefix}c>")
    }

    /// Parts that hang on the sheets filled: tables, comments, drawings.
    fn beside(&mut self, package: &mut Package<'_>) -> Result<(), TemplateError> {
        let filled: Vec<(String, String)> = self
            .filled
            .iter()
            .map(|(path, f)| (path.clone(), f.place.sheet.clone()))
            .collect();
        for (path, sheet) in filled {
            let Some(shift) = self.moves.of(&sheet) else {
                continue;
            };
            for relation in package.relations(&path)? {
                if !package.has(&relation.path) {
                    continue;
                }
                let xml = match relation.kind.as_str() {
                    "table" => {
                        let xml = package.text(&relation.path)?;
                        part::moved(&xml, &sheet, Some(shift), &self.moves)
                    }
                    "comments" | "threadedComment" | "vmlDrawing" => {
                        part::hung(&package.text(&relation.path)?, shift)
                    }
                    "drawing" => part::anchored(&package.text(&relation.path)?, shift),
                    _ => None,
                };
                if let Some(xml) = xml {
                    self.changed.insert(relation.path, Some(xml));
                }
            }
        }
        Ok(())
    }

    /// Parts of the whole workbook: names, charts, pivots, styles, the order of reckoning.
    fn whole(&mut self, package: &mut Package<'_>) -> Result<(), TemplateError> {
        let main = package.workbook.clone();
        let xml = package.text(&main)?;
        let moved = part::moved(&xml, "", None, &self.moves).unwrap_or(xml);
        self.changed.insert(main.clone(), Some(reckoned(&moved)));
        for path in package.paths()? {
            let chart = path.contains("/charts/") && path.ends_with(".xml");
            if chart {
                let xml = package.text(&path)?;
                if let Some(xml) = part::moved(&xml, "", None, &self.moves) {
                    self.changed.insert(path, Some(xml));
                }
            } else if path.contains("pivotCacheDefinition") && path.ends_with(".xml") {
                let xml = package.text(&path)?;
                if let Some(xml) = self.pivot(&xml) {
                    self.changed.insert(path, Some(xml));
                }
            }
        }
        let chain = package
            .relations(&main)?
            .into_iter()
            .find(|r| r.kind == "calcChain");
        if let Some(chain) = chain {
            self.drop_part(package, &main, &chain.path)?;
        }
        if let (Some(path), Some(xml)) = (&self.styles_path, self.styles.changed()) {
            self.changed.insert(path.clone(), Some(xml));
        }
        Ok(())
    }

    /// A pivot over the rows takes them all, and looks at them when it is opened.
    fn pivot(&self, xml: &str) -> Option<String> {
        let mut patch = Patch::of(xml);
        let root = tags(xml).find(|t| t.begins("pivotCacheDefinition"))?;
        let source = tags(xml).find(|t| t.begins("worksheetSource"))?;
        let sheet = super::xml::plain(source.attribute("sheet").unwrap_or_default());
        let shift = self.moves.of(&sheet);
        if shift.is_none() && source.attribute("name").is_none() {
            return None;
        }
        patch.put(
            root.start,
            root.end,
            &with_attribute(root.raw, "refreshOnLoad", "1"),
        );
        if let (Some(shift), Some(range)) = (shift, source.attribute("ref")) {
            let moved = part::ranges(range, shift, true);
            patch.put(
                source.start,
                source.end,
                &with_attribute(source.raw, "ref", &moved),
            );
        }
        patch.changed()
    }

    /// Leaves a part out, and everything that names it.
    fn drop_part(
        &mut self,
        package: &mut Package<'_>,
        main: &str,
        path: &str,
    ) -> Result<(), TemplateError> {
        self.changed.insert(path.to_owned(), None);
        let types = "[Content_Types].xml";
        let name = format!("/{path}");
        let xml = package.text(types)?;
        let of_part = |t: &Tag<'_>| t.attribute("PartName") == Some(&name);
        self.changed
            .insert(types.to_owned(), Some(without(&xml, of_part)));
        let (folder, file) = main.rsplit_once('/').unwrap_or(("", main));
        let slash = if folder.is_empty() { "" } else { "/" };
        let beside = format!("{folder}{slash}_rels/{file}.rels");
        let xml = package.text(&beside)?;
        let chain = |t: &Tag<'_>| {
            t.attribute("Type")
                .is_some_and(|k| k.ends_with("/calcChain"))
        };
        self.changed.insert(beside, Some(without(&xml, chain)));
        Ok(())
    }
}

/// A part without the empty elements that `gone` names.
fn without(xml: &str, gone: impl Fn(&Tag<'_>) -> bool) -> String {
    let mut patch = Patch::of(xml);
    for tag in tags(xml).filter(|t| t.is == Is::Empty && gone(t)) {
        patch.put(tag.start, tag.end, "");
    }
    patch.whole()
}

fn read<'x>(xml: &'x str, name: &str) -> Result<Layout<'x>, TemplateError> {
    Layout::read(xml).ok_or_else(|| TemplateError::broken(format!("the sheet {name}")))
}

/// The workbook's part, told to reckon every formula when it is opened.
fn reckoned(xml: &str) -> String {
    let mut patch = Patch::of(xml);
    if let Some(tag) = tags(xml).find(|t| t.begins("calcPr")) {
        patch.put(
            tag.start,
            tag.end,
            &with_attribute(tag.raw, "fullCalcOnLoad", "1"),
        );
        return patch.whole();
    }
    // It stands after these, in this order.
    let before = [
        "definedNames",
        "externalReferences",
        "functionGroups",
        "sheets",
    ];
    let ends = |name: &str| {
        tags(xml)
            .filter(|t| t.name() == name && t.is != Is::Open)
            .last()
            .map(|t| (t.end, t.prefix()))
    };
    if let Some((at, prefix)) = before.into_iter().find_map(ends) {
        patch.put(at, at, &format!("<{prefix}calcPr fullCalcOnLoad=\"1\"/>"));
    }
    patch.whole()
}

/// The archive with its parts as they are now.
fn packed(
    package: &mut Package<'_>,
    mut changed: BTreeMap<String, Option<String>>,
) -> Result<Vec<u8>, TemplateError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // The default time is a fixed one, so the same book gives the same bytes.
    let entry = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(2));
    for path in package.paths()? {
        match changed.remove(&path) {
            Some(None) => {}
            Some(Some(xml)) => {
                zip.start_file(path.as_str(), entry)?;
                zip.write_all(xml.as_bytes())?;
            }
            None => package.copy(&path, &mut zip)?,
        }
    }
    Ok(zip.finish()?.into_inner())
}
