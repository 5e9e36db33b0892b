//! DOCX of a letter: plain WordprocessingML, the parts of a package that a zip writer puts together.

use crate::doc::{Align, Block, Table};
use crate::html::escape;

/// The parts of a document: path in the package and XML.
pub fn parts(title: &str, body: &[Block]) -> Vec<(&'static str, String)> {
    let mut out = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
        "\n",
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>"#
    ));
    for block in body {
        match block {
            Block::Paragraph(text) => paragraph(&mut out, text, ""),
            Block::Lines(lines) => {
                let texts: Vec<String> = lines.iter().map(|l| run(l, false)).collect();
                let joined = texts.join("<w:r><w:br/></w:r>");
                out.push_str(&format!("<w:p>{SPACED}{joined}</w:p>"));
            }
            Block::Points(points) => points.iter().for_each(|p| {
                paragraph(&mut out, &format!("•  {p}"), r#"<w:ind w:left="360"/>"#);
            }),
            Block::Table(t) => table(&mut out, t),
        }
    }
    out.push_str(concat!(
        r#"<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>"#,
        r#"<w:pgMar w:top="1134" w:right="1020" w:bottom="1134" w:left="1020" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>"#,
        "</w:body></w:document>"
    ));
    let core = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></cp:coreProperties>"#,
        escape(title)
    );
    vec![
        ("[Content_Types].xml", TYPES.to_owned()),
        ("_rels/.rels", RELS.to_owned()),
        ("docProps/core.xml", core),
        ("word/document.xml", out),
    ]
}

const SPACED: &str = r#"<w:pPr><w:spacing w:after="160"/></w:pPr>"#;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#;

const RELS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;

fn run(text: &str, bold: bool) -> String {
    let look = if bold { "<w:rPr><w:b/></w:rPr>" } else { "" };
    format!(
        r#"<w:r>{look}<w:t xml:space="preserve">{}</w:t></w:r>"#,
        escape(text)
    )
}

fn paragraph(out: &mut String, text: &str, more: &str) {
    out.push_str(&format!(
        r#"<w:p><w:pPr><w:spacing w:after="160"/>{more}</w:pPr>{}</w:p>"#,
        run(text, false)
    ));
}

fn table(out: &mut String, table: &Table) {
    if !table.caption.is_empty() {
        out.push_str(&format!("<w:p>{}</w:p>", run(&table.caption, true)));
    }
    let edge = |side: &str| format!(r#"<w:{side} w:val="single" w:sz="4" w:color="B0B0B0"/>"#);
    let edges: String = ["top", "left", "bottom", "right", "insideH", "insideV"]
        .iter()
        .map(|s| edge(s))
        .collect();
    out.push_str(&format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr><w:tblGrid>"#
    ));
    table.head.iter().for_each(|_| out.push_str("<w:gridCol/>"));
    out.push_str("</w:tblGrid>");
    let side = |column: usize| match table.head.get(column) {
        Some((_, Align::Right)) => r#"<w:pPr><w:jc w:val="right"/></w:pPr>"#,
        _ => "",
    };
    let mut row = |cells: &mut dyn Iterator<Item = &str>, bold: bool, head: bool| {
        let repeat = match head {
            true => "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>",
            false => "<w:trPr><w:cantSplit/></w:trPr>",
        };
        out.push_str(&format!("<w:tr>{repeat}"));
        for (column, cell) in cells.enumerate() {
            let (side, text) = (side(column), run(cell, bold));
            out.push_str(&format!("<w:tc><w:p>{side}{text}</w:p></w:tc>"));
        }
        out.push_str("</w:tr>");
    };
    row(&mut table.head.iter().map(|h| h.0.as_str()), true, true);
    for cells in &table.rows {
        row(&mut cells.iter().map(String::as_str), false, false);
    }
    for cells in &table.foot {
        row(&mut cells.iter().map(String::as_str), true, false);
    }
    out.push_str("</w:tbl><w:p/>");
}
