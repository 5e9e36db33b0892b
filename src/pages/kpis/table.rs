//! The table of figures, family by family.

use super::{Figure, Page, why_key, wording};
use crate::ui::prelude::*;
use duebook_insight::kpi::{Family, family_name};
use leptos::prelude::*;

/// A line of the table: the head of a family, or the place of a figure.
#[derive(Clone, Copy, PartialEq)]
enum Line {
    Head(Family),
    Figure(usize),
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Figure", 250).grow(6),
        Column::number("value", "Value", 104),
        Column::number("target", "Target", 136).hide_below(640),
        Column::number("prior", "Before", 96).hide_below(520),
        Column::number("change", "Change", 84).hide_below(760),
        Column::number("n", "n", 76).hide_below(700),
        Column::number("numerator", "Divided", 160).hide_below(900),
        Column::number("denominator", "By", 160).hide_below(900),
        Column::text("id", "Definition", 132).hide_below(1380),
        // What a figure lacks is said before what it is called.
        Column::text("note", "Note", 160).grow(2).hide_below(1180),
    ]
}

fn toned(tone: Tone, text: String) -> CellView {
    CellView::Toned(tone, text)
}

fn cell(page: Page, figure: &Figure, column: usize) -> CellView {
    let now = &figure.now;
    let name = || {
        page.shown.with(|s| {
            let labels = s.as_ref().map(|s| s.labels.clone()).unwrap_or_default();
            now.definition.row_name(now.bucket, &labels)
        })
    };
    match column {
        0 => CellView::Text(name()),
        1 if now.value.ratio().is_none() => CellView::Faint(wording::value(now)),
        1 => match figure.target.and_then(|t| now.reaches(t)) {
            Some(true) => toned(Tone::Good, wording::value(now)),
            Some(false) => toned(Tone::Warn, wording::value(now)),
            None => CellView::Strong(wording::value(now)),
        },
        2 => match figure.target {
            Some(t) => {
                let reached = match now.reaches(t) {
                    Some(true) => " reached",
                    Some(false) => " missed",
                    None => "",
                };
                CellView::Text(format!(
                    "{}{reached}",
                    wording::target(t, now.definition.unit)
                ))
            }
            None => CellView::Empty,
        },
        3 => match &figure.before {
            Some(before) => CellView::Faint(wording::value(before)),
            None => CellView::Empty,
        },
        4 => {
            let before = figure.before.as_ref();
            let moved =
                before.and_then(|b| Some((wording::change(now, b)?, wording::is_better(now, b))));
            match moved {
                Some((text, Some(true))) => toned(Tone::Good, text),
                Some((text, Some(false))) => toned(Tone::Warn, text),
                Some((text, None)) => CellView::Faint(text),
                None => CellView::Empty,
            }
        }
        5 => CellView::Text(wording::part(&duebook_insight::kpi::Part::Count(
            i128::from(now.n),
        ))),
        6 => now
            .numerator
            .as_ref()
            .map_or(CellView::Empty, |p| CellView::Text(wording::part(p))),
        7 => now
            .denominator
            .as_ref()
            .map_or(CellView::Empty, |p| CellView::Text(wording::part(p))),
        8 => CellView::Faint(now.definition.id.to_owned()),
        9 => CellView::Faint(wording::note(now)),
        _ => CellView::Empty,
    }
}

/// The grid.
#[component]
pub fn Figures(page: Page) -> impl IntoView {
    let lines = Memo::new(move |_| {
        let mut out = Vec::new();
        page.shown.with(|s| {
            let mut last = None;
            for (at, figure) in s.iter().flat_map(|s| s.figures.iter()).enumerate() {
                let family = figure.now.definition.family;
                if last != Some(family) {
                    out.push(Line::Head(family));
                    last = Some(family);
                }
                out.push(Line::Figure(at));
            }
        });
        out
    });
    let line = move |row: usize| lines.with(|l| l.get(row).copied());
    let figure = move |at: usize| {
        page.shown
            .with(|s| s.as_ref().and_then(|s| s.figures.get(at).cloned()))
    };
    let source = GridSource::new(
        move || lines.with(Vec::len),
        move |row| match line(row) {
            Some(Line::Figure(at)) => at as u64,
            Some(Line::Head(family)) => 1_000 + family as u64,
            None => u64::MAX,
        },
        move |row, column| match line(row) {
            Some(Line::Head(family)) if column == 0 => {
                CellView::Strong(family_name(family).to_owned())
            }
            Some(Line::Figure(at)) => match figure(at) {
                Some(figure) => cell(page, &figure, column),
                None => CellView::Empty,
            },
            _ => CellView::Empty,
        },
    );
    let handle = GridHandle::new();
    let open = move |key: u64| {
        if let Some(figure) = untrack(|| figure(key as usize)) {
            page.set_open.run(Some(figure.id()));
        }
    };
    why_key(handle, open);
    view! {
        <Grid
            label="Key figures"
            source=source
            columns=Signal::stored(columns())
            handle=handle
            on_open=Callback::new(open)
            empty=move || view! {
                <Empty icon=Icon::Gauge title="No figures" text=Signal::stored("Import a file of open items first.".to_owned()) />
            }
        />
    }
}
