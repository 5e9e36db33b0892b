//! The first page: the books in this browser, and three doors: sample, file, backup.

mod failed;
mod list;
mod new_book;

pub use failed::{CannotOpen, Opening};

use crate::platform::ids;
use crate::ui::prelude::*;
use crate::workspace::{self, NewBook};
use duebook_money::Currency;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use list::BookList;
use new_book::NewBookDialog;
use web_sys::File;

/// Books, and how to begin one.
#[component]
pub fn OpenPage() -> impl IntoView {
    let naming = RwSignal::new(false);
    let busy = RwSignal::new(None::<String>);
    let go = Go::new(busy);
    view! {
        <main class="open-page">
            <header class="open-head">
                <h1>"Duebook"</h1>
                <p>"The collector’s workbench. Everything stays in this browser; nothing is sent anywhere."</p>
            </header>
            <section class="open-doors" aria-label="Begin">
                <div class="door">
                    <h2>"Look around"</h2>
                    <p>"A made-up portfolio: customers in several countries, two years of history, promises kept and broken."</p>
                    <Button label="Open the sample portfolio" kind=ButtonKind::Primary on_press=move |()| go.sample() />
                    <Menu label="Download practice mornings" items=practice() />
                </div>
                <div class="door">
                    <h2>"Begin with a file"</h2>
                    <p>"An export of open items from the ERP: CSV or Excel. You see what it holds before anything is kept."</p>
                    <FileDrop label="Choose a file of open items" hint="or drop it anywhere on this page" on_files=move |files| go.files(files) />
                    <Button label="Begin an empty book" kind=ButtonKind::Quiet on_press=move |()| naming.set(true) />
                </div>
                <div class="door">
                    <h2>"Bring a book"</h2>
                    <p>"A backup made by Duebook, from this or another machine. It is proved before it is opened."</p>
                    <Button label="Restore a backup" on_press=move |()| go.backup() />
                </div>
            </section>
            {move || busy.get().map(|what| view! { <p class="open-busy" role="status">{what}</p> })}
            <BookList />
        </main>
        <NewBookDialog open=naming on_make=move |new| go.make(new) />
    }
}

/// Five mornings of an ERP's files, to be imported one after another.
fn practice() -> Signal<Vec<MenuItem>, LocalStorage> {
    let toasts = use_toasts();
    let item = move |(shape, label): &(&'static str, &'static str)| {
        let shape = *shape;
        let make = Callback::new(move |()| workspace::download_mornings(toasts, shape));
        MenuItem::new(format!("As {label} exports them"), make)
    };
    let items: Vec<MenuItem> = workspace::SHAPES.iter().map(item).collect();
    Signal::derive_local(move || items.clone())
}

/// What the doors do.
#[derive(Clone, Copy)]
struct Go {
    busy: RwSignal<Option<String>>,
    toasts: Toasts,
    to: StoredValue<Box<dyn Fn(String) + 'static>, LocalStorage>,
}

impl Go {
    fn new(busy: RwSignal<Option<String>>) -> Self {
        let navigate = use_navigate();
        let to = move |path: String| navigate(&path, Default::default());
        Go {
            busy,
            toasts: use_toasts(),
            to: StoredValue::new_local(Box::new(to)),
        }
    }
    fn go(self, path: String) {
        self.to.with_value(|to| to(path));
    }
    fn make(self, new: NewBook) {
        self.make_then(new, "import", Vec::new());
    }
    fn files(self, files: Vec<File>) {
        let Some(first) = files.first() else { return };
        let name = first.name();
        let name = name
            .rsplit_once('.')
            .map_or(name.as_str(), |(stem, _)| stem)
            .to_owned();
        if first.name().ends_with(".duebook") {
            self.restore(first.clone());
            return;
        }
        let new = NewBook {
            name,
            currency: Currency::USD,
            own_ledger: false,
            sample: false,
        };
        self.make_then(new, "import", files);
    }
    fn make_then(self, new: NewBook, page: &'static str, files: Vec<File>) {
        self.busy.set(Some("Making the book".to_owned()));
        leptos::task::spawn_local(async move {
            match workspace::create(new).await {
                Ok(ws) => {
                    crate::app::remember(ws);
                    workspace::leave_files(files);
                    self.go(format!("/book/{}/{page}", ids::uuid(&ws.id())));
                }
                Err(error) => self.toasts.error(crate::words::submit_error(None, &error)),
            }
            let _ = self.busy.try_set(None);
        });
    }
    fn sample(self) {
        self.busy
            .set(Some("Making the sample portfolio".to_owned()));
        leptos::task::spawn_local(async move {
            match workspace::create_sample(move |what| _ = self.busy.try_set(Some(what))).await {
                Ok(ws) => {
                    crate::app::remember(ws);
                    self.go(format!("/book/{}/today", ids::uuid(&ws.id())));
                }
                Err(error) => self.toasts.error(crate::words::submit_error(None, &error)),
            }
            let _ = self.busy.try_set(None);
        });
    }
    fn backup(self) {
        leptos::task::spawn_local(async move {
            match crate::platform::files::pick(".duebook", false).await {
                Ok(files) => {
                    if let Some(file) = files.into_iter().next() {
                        self.restore(file);
                    }
                }
                Err(e) => self.toasts.error(format!("No file was chosen: {e}")),
            }
        });
    }
    fn restore(self, file: File) {
        self.busy.set(Some(format!("Proving {}", file.name())));
        leptos::task::spawn_local(async move {
            match workspace::restore(file).await {
                Ok(book) => self.go(format!("/book/{book}/today")),
                Err(what) => self.toasts.error(format!(
                    "The backup was not restored. {what} Nothing was changed."
                )),
            }
            let _ = self.busy.try_set(None);
        });
    }
}
