//! The upload file: written for one source, marked as sent only once the user says it was uploaded.

use super::{Page, line, wording};
use crate::jobs::OutboxAsk;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use duebook_insight::outbox::{OutboxLine, Stage};
use leptos::prelude::*;

/// What goes into one file: postings have other columns than the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Postings,
    Facts,
}

/// A file that was handed over and may have been uploaded.
#[derive(Clone, PartialEq)]
struct Handed {
    file: String,
    lines: Vec<OutboxLine>,
}

/// What is selected, or all that is listed; only what is to be told.
fn wanted(page: Page, part: Part) -> Vec<OutboxLine> {
    let selected = page.selected();
    let lines = match selected.is_empty() {
        true => page.shown.with(|s| s.to_vec()),
        false => selected,
    };
    let of_part = |l: &OutboxLine| l.kind.is_posting() == (part == Part::Postings);
    let open = |l: &OutboxLine| l.stage != Stage::Sent;
    lines
        .into_iter()
        .filter(|l| of_part(l) && open(l))
        .collect()
}

/// The menu, and the question after it.
#[component]
pub fn SaveMenu(page: Page) -> impl IntoView {
    let handed = RwSignal::new(None::<Handed>);
    let save = move |part: Part, format: &'static str| {
        Callback::new(move |()| {
            let lines = untrack(|| wanted(page, part));
            let ask = OutboxAsk {
                source: page.source.get_untracked(),
                lines: lines.iter().map(|l| l.key).collect(),
            };
            page.ws.export_outbox(page.toasts, ask, format, move |file, rows| {
                if rows == lines.len() as u64 {
                    handed.set(Some(Handed { file, lines }));
                } else {
                    page.toasts.error(format!(
                        "{file} has {}, and the list had {}: it changed meanwhile. Do not upload it; save it again.",
                        plural(usize::try_from(rows).unwrap_or(usize::MAX), "row", "rows", Default::default()),
                        lines.len()
                    ));
                }
            });
        })
    };
    let items = Signal::derive_local(move || {
        let none = |part| {
            wanted(page, part)
                .is_empty()
                .then(|| "Nothing of this is listed".to_owned())
        };
        let (postings, facts) = (none(Part::Postings), none(Part::Facts));
        vec![
            MenuItem::new("Postings as CSV", save(Part::Postings, "csv")).refused(postings.clone()),
            MenuItem::new("Postings as Excel", save(Part::Postings, "xlsx")).refused(postings),
            MenuItem::new("Fields, promises, notes as CSV", save(Part::Facts, "csv"))
                .refused(facts.clone()),
            MenuItem::new(
                "Fields, promises, notes as Excel",
                save(Part::Facts, "xlsx"),
            )
            .refused(facts),
        ]
    });
    view! {
        <Menu label="Save upload file" items=items />
        <Uploaded page handed />
    }
}

/// Asked once the file is in the user's downloads.
#[component]
fn Uploaded(page: Page, handed: RwSignal<Option<Handed>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let reference = RwSignal::new(String::new());
    Effect::new(move |_| {
        let any = handed.with(Option::is_some);
        if any {
            reference.set(String::new());
        }
        open.set(any);
    });
    let count = move || handed.with(|h| h.as_ref().map_or(0, |h| h.lines.len()));
    let file = move || handed.with(|h| h.as_ref().map_or(String::new(), |h| h.file.clone()));
    let mark = move |()| {
        let Some(sent) = handed.get_untracked() else {
            return;
        };
        handed.set(None);
        line::submit(
            page,
            &sent.lines,
            &reference.get_untracked(),
            &sent.file,
            false,
        );
    };
    let label =
        Signal::derive(move || format!("Uploaded: mark {} as told", wording::lines(count())));
    let actions = move || {
        view! {
            <Button label="Not uploaded" on_press=move |()| handed.set(None) />
            <Button label=label kind=ButtonKind::Primary on_press=mark />
        }
    };
    view! {
        <Dialog open=open title="Was it uploaded?" actions=actions on_close=move |()| handed.set(None)>
            <p>{move || format!("{} is in your downloads. Upload it to the ERP; only what was uploaded is marked as told.", file())}</p>
            <TextField label="Reference of the batch" value=reference optional=true hint=Some("The number the ERP gave the upload.".to_owned()) />
        </Dialog>
    }
}
