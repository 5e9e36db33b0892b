//! Help: the user guide, and the keys as the app knows them.

mod guide;

use crate::intents::{ACCOUNT, EVERYWHERE, Key, PAGES, WORK};
use crate::ui::prelude::*;
use guide::{Block, Run, blocks, runs};
use leptos::prelude::*;

const GUIDE: &str = include_str!("../../../docs/guide.md");

/// In an open book.
#[component]
pub fn HelpPage() -> impl IntoView {
    view! {
        <PageHead title="Help" facts=Signal::stored(format!("Build {}", crate::build_id())) />
        <div class="help-page"><Guide /></div>
    }
}

/// Without a book.
#[component]
pub fn HelpAlone() -> impl IntoView {
    let home = format!("{}/", crate::app::base());
    view! {
        <main class="help-page help-alone">
            <p><a href=home>"Show my books"</a></p>
            <h1>"Duebook help"</h1>
            <Guide />
        </main>
    }
}

#[component]
fn Guide() -> impl IntoView {
    let all = blocks(GUIDE);
    let titles: Vec<(usize, String)> = all
        .iter()
        .enumerate()
        .filter_map(|(n, b)| match b {
            Block::Heading(2, title) => Some((n, title.clone())),
            _ => None,
        })
        .collect();
    view! {
        <nav class="help-contents" aria-label="Contents">
            {titles.into_iter().map(|(n, title)| jump(format!("help-{n}"), title)).collect_view()}
            {jump("help-keys".to_owned(), "Keys".to_owned())}
        </nav>
        <article class="help-text">
            {all.into_iter().enumerate().map(|(n, block)| show(n, block)).collect_view()}
            <Keys />
        </article>
    }
}

/// A button and not a link: the address is the view, and the base of the page is not its own.
fn jump(id: String, title: String) -> impl IntoView {
    let go = move |_| {
        if let Some(heading) = document().get_element_by_id(&id) {
            heading.scroll_into_view();
        }
        crate::ui::dom::focus_id(&id);
    };
    view! { <button type="button" class="link" on:click=go>{title}</button> }
}

fn show(n: usize, block: Block) -> AnyView {
    match block {
        // The page has its own title.
        Block::Heading(1, _) => ().into_any(),
        Block::Heading(2, text) => view! { <h2 id=format!("help-{n}") tabindex="-1">{text}</h2> }.into_any(),
        Block::Heading(_, text) => view! { <h3>{text}</h3> }.into_any(),
        Block::Paragraph(text) => view! { <p>{inline(&text)}</p> }.into_any(),
        Block::List(numbered, entries) => {
            let entries = entries.iter().map(|e| view! { <li>{inline(e)}</li> }).collect_view();
            if numbered { view! { <ol>{entries}</ol> }.into_any() } else { view! { <ul>{entries}</ul> }.into_any() }
        }
        Block::Table(head, rows) => view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label="Table">
                <table class="plain-table">
                    <thead><tr>{head.iter().map(|c| view! { <th scope="col">{inline(c)}</th> }).collect_view()}</tr></thead>
                    <tbody>
                        {rows.iter().map(|row| view! {
                            <tr>{row.iter().map(|c| view! { <td>{inline(c)}</td> }).collect_view()}</tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
        }
        .into_any(),
    }
}

fn inline(text: &str) -> Vec<AnyView> {
    let one = |run: Run| match run {
        Run::Plain(text) => text.into_any(),
        Run::Strong(text) => view! { <strong>{text}</strong> }.into_any(),
        Run::Code(text) => view! { <code>{text}</code> }.into_any(),
    };
    runs(text).into_iter().map(one).collect()
}

#[component]
fn Keys() -> impl IntoView {
    let pages = PAGES
        .iter()
        .map(|p| (p.keys, format!("Go to {}", p.label)))
        .collect::<Vec<_>>();
    let told = |keys: &[Key]| {
        keys.iter()
            .map(|k| (k.keys, k.does.to_owned()))
            .collect::<Vec<_>>()
    };
    view! {
        <h2 id="help-keys" tabindex="-1">"Keys"</h2>
        <p>"Single keys do nothing while you type, and can be switched off in Settings."</p>
        <KeyTable title="On every page" keys=told(EVERYWHERE) />
        <KeyTable title="On Work" keys=told(WORK) />
        <KeyTable title="On an account" keys=told(ACCOUNT) />
        <KeyTable title="Pages: press one key, then the other" keys=pages />
    }
}

#[component]
fn KeyTable(title: &'static str, keys: Vec<(&'static str, String)>) -> impl IntoView {
    view! {
        <h3>{title}</h3>
        <table class="plain-table help-keys">
            <tbody>
                {keys.into_iter().map(|(keys, does)| view! {
                    <tr><th scope="row"><Kbd keys=keys.to_owned() /></th><td>{does}</td></tr>
                }).collect_view()}
            </tbody>
        </table>
    }
}
