//! One letter: looked at, taken out one key each, and said to be sent.

use super::make::Outgoing;
use super::out::{self, Take};
use super::show::Body;
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::keys::FactKey;
use leptos::prelude::*;

/// The dialog. `letter` is what is shown; `None`: closed. `before` stands above the letter: choices
/// of who opens it.
#[component]
pub fn LetterDialog(
    letter: RwSignal<Option<Outgoing>>,
    #[prop(optional, into)] before: ViewFn,
) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    // The letter as recorded: with the first thing taken out.
    let recorded = RwSignal::new(None::<FactKey>);
    let recording = StoredValue::new(false);
    // Another letter, or another form of it, is recorded anew.
    Effect::new(move |_| {
        open.set(letter.with(Option::is_some));
        recorded.set(None);
        recording.set_value(false);
    });
    let title = Signal::derive(move || {
        letter.with(|l| {
            l.as_ref().map_or(String::new(), |l| {
                format!("{}: {}", l.template.name, l.name)
            })
        })
    });
    let problem = Memo::new(move |_| letter.with(|l| l.as_ref().and_then(Outgoing::problem)));
    let no_mail = move || {
        letter
            .with(|l| l.as_ref().is_some_and(|l| l.person.mail.is_empty()))
            .then(|| {
                "No mailbox is known at this customer. Add a person on the account.".to_owned()
            })
    };
    let record = move |then: Option<Callback<FactKey>>| {
        if let Some(key) = recorded.get_untracked() {
            if let Some(then) = then {
                then.run(key);
            }
            return;
        }
        let Some(now) = letter.get_untracked().filter(|_| !recording.get_value()) else {
            return;
        };
        recording.set_value(true);
        let done = format!(
            "Recorded as produced, not sent: {}, {}",
            now.template.name, now.name
        );
        let made = move |keys: Vec<FactKey>| {
            let key = keys.first().copied();
            _ = recorded.try_set(key);
            if let (Some(key), Some(then)) = (key, then) {
                then.run(key);
            }
        };
        out::produce(ws, toasts, &[now], done, made);
    };
    let take = move |what: Take| {
        if problem.with_untracked(Option::is_some) {
            return;
        }
        if let Some(now) = letter.get_untracked() {
            out::take(toasts, now, what, move || {
                // A subject alone is no letter taken out.
                if !matches!(what, Take::Subject | Take::Recipients) {
                    record(None);
                }
            });
        }
    };
    let sent = move |()| {
        record(Some(Callback::new(move |key| {
            let name =
                letter.with_untracked(|l| l.as_ref().map_or(String::new(), |l| l.name.clone()));
            let done =
                format!("Sent: the ladder, the timeline and the quiet days of {name} moved on");
            out::sent(ws, toasts, vec![key], done, move || {
                _ = letter.try_set(None)
            });
        })));
    };
    let keys = move |event: leptos::ev::KeyboardEvent| {
        let chorded = event.ctrl_key() || event.meta_key() || event.alt_key();
        if chorded
            || crate::ui::dom::is_typing(&event)
            || !crate::pages::shared::single_keys_wanted()
        {
            return;
        }
        let what = match event.key().as_str() {
            "c" => Take::Copy,
            "s" => Take::Subject,
            "r" => Take::Recipients,
            "m" => Take::Mail,
            "o" => Take::Program,
            "p" => Take::Print,
            "w" => Take::Word,
            "x" => Take::Workbook,
            "z" => Take::Archive,
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        take(what);
    };
    let refused = Signal::derive(move || problem.get());
    let mail_refused = Signal::derive(move || problem.get().or_else(no_mail));
    let actions = move || {
        view! {
            <Button label="Close" kind=ButtonKind::Quiet on_press=move |()| letter.set(None) />
            <Button label="It was sent" kind=ButtonKind::Primary icon=Icon::Check refused=refused on_press=sent />
        }
    };
    view! {
        <Dialog open=open title=title actions=actions wide=true on_close=move |()| letter.set(None)>
            <div class="letter-dialog" on:keydown=keys tabindex="-1">
                {before.run()}
                {move || problem.get().map(|p| view! { <Callout tone=Tone::Warn title="Not ready">{p}</Callout> })}
                <div class="button-row" role="group" aria-label="Take it out">
                    <Button label="Copy" keys="c" refused=refused autofocus=true on_press=move |()| take(Take::Copy) />
                    <Button label="Subject" keys="s" on_press=move |()| take(Take::Subject) />
                    <Button label="Recipient" keys="r" refused=Signal::derive(no_mail) on_press=move |()| take(Take::Recipients) />
                    <Button label="Mail file" keys="m" refused=refused on_press=move |()| take(Take::Mail) />
                    <Button label="Mail program" keys="o" refused=mail_refused on_press=move |()| take(Take::Program) />
                    <Button label="Print" keys="p" refused=refused on_press=move |()| take(Take::Print) />
                    <Button label="Word" keys="w" refused=refused on_press=move |()| take(Take::Word) />
                    <Button label="Excel" keys="x" refused=refused on_press=move |()| take(Take::Workbook) />
                    <Show when=move || letter.with(|l| l.as_ref().is_some_and(|l| !l.attachments.is_empty()))>
                        <Button label="ZIP" keys="z" refused=refused on_press=move |()| take(Take::Archive) />
                    </Show>
                </div>
                {move || letter.with(|l| l.as_ref().map(|l| {
                    let to = match (l.person.name.as_str(), l.person.mail.as_str()) {
                        ("", "") => "Nobody is known here".to_owned(),
                        (name, "") => format!("{name}, no mailbox known"),
                        (name, mail) => format!("{name} <{mail}>"),
                    };
                    view! {
                        <dl class="letter-head">
                            <dt>"To"</dt><dd>{to}</dd>
                            <dt>"Subject"</dt><dd>{l.composed.subject.clone()}</dd>
                            <dt>"Reference"</dt>
                            <dd class="num">{format!("{}, template version {}", l.composed.tie, l.template.version)}</dd>
                        </dl>
                        <div class="letter-paper" lang=l.composed.language.clone()><Body body=l.composed.body.clone() /></div>
                    }
                }))}
                <p class="muted">"Nothing goes out by itself. Taking it out records it as produced; “It was sent” makes it a contact and moves the ladder."</p>
            </div>
        </Dialog>
    }
}
