//! A letter on the screen and on paper: the same parts, styled by classes.

use super::make::Outgoing;
use crate::platform::js::JsFailure;
use duebook_letters::doc::{Align, Block, Table};
use leptos::prelude::*;
use web_sys::Element;

/// The body.
#[component]
pub fn Body(body: Vec<Block>) -> impl IntoView {
    let one = |block: Block| match block {
        Block::Paragraph(text) => view! { <p>{text}</p> }.into_any(),
        Block::Lines(lines) => {
            let lines = lines
                .into_iter()
                .map(|l| view! { {l}<br /> })
                .collect_view();
            view! { <p>{lines}</p> }.into_any()
        }
        Block::Points(points) => {
            let points = points
                .into_iter()
                .map(|p| view! { <li>{p}</li> })
                .collect_view();
            view! { <ul>{points}</ul> }.into_any()
        }
        Block::Table(table) => view! { <Figures table /> }.into_any(),
    };
    view! { <div class="letter-body">{body.into_iter().map(one).collect_view()}</div> }
}

fn side(table: &Table, column: usize) -> &'static str {
    match table.head.get(column) {
        Some((_, Align::Right)) => "num",
        _ => "",
    }
}

#[component]
fn Figures(table: Table) -> impl IntoView {
    let row = |cells: &Vec<String>| {
        let cells = cells
            .iter()
            .enumerate()
            .map(|(n, c)| view! { <td class=side(&table, n)>{c.clone()}</td> });
        view! { <tr>{cells.collect_view()}</tr> }
    };
    let head = table
        .head
        .iter()
        .enumerate()
        .map(|(n, h)| view! { <th scope="col" class=side(&table, n)>{h.0.clone()}</th> });
    view! {
        <table class="letter-table">
            {(!table.caption.is_empty()).then(|| view! { <caption>{table.caption.clone()}</caption> })}
            <thead><tr>{head.collect_view()}</tr></thead>
            <tbody>{table.rows.iter().map(row).collect_view()}</tbody>
            <tfoot>{table.foot.iter().map(row).collect_view()}</tfoot>
        </table>
    }
}

/// The letter as elements for the printer, with sender, address and date.
pub fn element(letter: &Outgoing) -> Result<Element, JsFailure> {
    let words = duebook_letters::words::Words::of(&letter.composed.language);
    let from = format!("{}\n{}", letter.sender.company, letter.sender.address);
    let to = format!("{}\n{}", letter.name, letter.person.name);
    let date = words.day(letter.as_of);
    let head = [
        ("pre", "print-from", from.trim()),
        ("pre", "print-to", to.trim()),
        ("p", "print-date", date.as_str()),
    ];
    let c = &letter.composed;
    paper(&head, &c.language, &c.subject, &c.body)
}

/// A document as elements for the printer: what stands above its title, as tag, class and text; the
/// title; the body.
pub fn paper(
    head: &[(&str, &str, &str)],
    language: &str,
    title: &str,
    body: &[Block],
) -> Result<Element, JsFailure> {
    let document = web_sys::window()
        .and_then(|w| w.document())
        .ok_or_else(|| JsFailure::unsupported("document"))?;
    let make = |tag: &str, class: &str, text: &str| -> Result<Element, JsFailure> {
        let element = document.create_element(tag)?;
        if !class.is_empty() {
            element.set_class_name(class);
        }
        if !text.is_empty() {
            element.set_text_content(Some(text));
        }
        Ok(element)
    };
    let sheet = make("article", "", "")?;
    sheet.set_attribute("lang", language)?;
    for (tag, class, text) in head {
        sheet.append_child(&*make(tag, class, text)?)?;
    }
    sheet.append_child(&*make("h1", "", title)?)?;
    for block in body {
        match block {
            Block::Paragraph(text) => _ = sheet.append_child(&*make("p", "", text)?)?,
            Block::Lines(lines) => _ = sheet.append_child(&*make("pre", "", &lines.join("\n"))?)?,
            Block::Points(points) => {
                let list = make("ul", "", "")?;
                for point in points {
                    list.append_child(&*make("li", "", point)?)?;
                }
                sheet.append_child(&list)?;
            }
            Block::Table(table) => {
                let all = make("table", "letter-table", "")?;
                all.append_child(&*make("caption", "", &table.caption)?)?;
                let parts = [
                    (
                        "thead",
                        "th",
                        vec![table.head.iter().map(|h| h.0.clone()).collect::<Vec<_>>()],
                    ),
                    ("tbody", "td", table.rows.clone()),
                    ("tfoot", "td", table.foot.clone()),
                ];
                for (part, cell, rows) in parts {
                    let part = make(part, "", "")?;
                    for row in rows {
                        let line = make("tr", "", "")?;
                        for (n, text) in row.iter().enumerate() {
                            line.append_child(&*make(cell, side(table, n), text)?)?;
                        }
                        part.append_child(&line)?;
                    }
                    all.append_child(&part)?;
                }
                sheet.append_child(&all)?;
            }
        }
    }
    Ok(sheet)
}
