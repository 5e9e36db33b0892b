//! What goes where in a client's workbook: proposed, to be corrected, saved as one commit.

use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Looked, Workbook, Ws, look_at};
use duebook_exchange::template::{ColumnOutline, SheetOutline};
use duebook_ledger::event::BlockRef;
use duebook_ledger::template::{
    PlanColumn, PlanOrder, PlanRows, SheetPlan, TemplateFacts, TemplateField,
};
use leptos::prelude::*;
use std::collections::BTreeSet;

const PARTS: [(&str, &str); 4] = [
    ("", "Every open item"),
    ("debits", "Debts only, no credits"),
    ("late", "Past due"),
    ("late-debits", "Debts past due, no credits"),
];
const ORDERS: [(&str, &str, PlanOrder); 4] = [
    ("", "Customer number", PlanOrder::Customer),
    ("name", "Customer name", PlanOrder::Name),
    ("due", "Due date, oldest first", PlanOrder::Due),
    ("open", "Open amount, largest first", PlanOrder::Open),
];

/// The form while a workbook is in hand.
#[derive(Clone, Copy)]
pub struct Form {
    pub ws: Ws,
    pub toasts: Toasts,
    /// It is being looked at.
    pub reading: RwSignal<bool>,
    /// Why it is no template.
    pub told: RwSignal<Option<String>>,
    open: RwSignal<bool>,
    name: RwSignal<String>,
    file: RwSignal<String>,
    sheets: RwSignal<Vec<SheetForm>>,
    /// What is in hand; the template it takes the place of.
    hand: StoredValue<Option<Hand>, LocalStorage>,
}

#[derive(Clone)]
struct Hand {
    workbook: Workbook,
    looked: Looked,
    instead: Option<TemplateFacts>,
}

/// What is said of a sheet.
#[derive(Clone)]
struct SheetForm {
    outline: SheetOutline,
    fill: RwSignal<bool>,
    header: RwSignal<String>,
    last: RwSignal<String>,
    columns: Vec<(ColumnOutline, RwSignal<String>)>,
    part: RwSignal<String>,
    collector: RwSignal<String>,
    currency: RwSignal<String>,
    words: RwSignal<String>,
    order: RwSignal<String>,
}

impl SheetForm {
    fn new(outline: SheetOutline, before: Option<&SheetPlan>, fresh: bool) -> Self {
        let same = before.filter(|p| Some(p.header) == outline.header);
        let field = |c: &ColumnOutline| match before {
            // What was said of a column holds for the column of that header.
            Some(plan) => plan
                .columns
                .iter()
                .find(|p| p.header == c.header)
                .map(|p| p.field),
            None => c.field,
        };
        let columns: Vec<(ColumnOutline, RwSignal<String>)> = outline
            .columns
            .iter()
            .map(|c| {
                let name = field(c).map_or(String::new(), TemplateField::name);
                (c.clone(), RwSignal::new(name))
            })
            .collect();
        let known = outline.columns.iter().filter_map(|c| c.field);
        let lists = known.clone().count() >= 3
            && known
                .clone()
                .any(|f| matches!(f, TemplateField::Number | TemplateField::Open));
        let rows = before.map(|p| p.rows.clone()).unwrap_or_default();
        let part = match (rows.past_due, rows.debits) {
            (false, false) => "",
            (false, true) => "debits",
            (true, false) => "late",
            (true, true) => "late-debits",
        };
        let order = before.map_or(PlanOrder::default(), |p| p.order);
        let order = ORDERS.iter().find(|(_, _, o)| *o == order);
        // Rows that a user corrected stay corrected for the very same bytes.
        let last = same.filter(|_| !fresh).map_or(outline.last, |p| p.last);
        SheetForm {
            fill: RwSignal::new(before.is_some() || (fresh && lists && !outline.hidden)),
            header: RwSignal::new(outline.header.map_or(String::new(), |h| h.to_string())),
            last: RwSignal::new(last.to_string()),
            columns,
            part: RwSignal::new(part.to_owned()),
            collector: RwSignal::new(rows.collector.unwrap_or_default()),
            currency: RwSignal::new(rows.currency.unwrap_or_default()),
            words: RwSignal::new(rows.words),
            order: RwSignal::new(order.map_or("", |(id, ..)| id).to_owned()),
            outline,
        }
    }

    /// The plan, or what keeps it from being one.
    fn plan(&self) -> Result<SheetPlan, String> {
        let sheet = &self.outline.name;
        let header = self.outline.header;
        let header = header.ok_or_else(|| format!("“{sheet}”: say in which row its header is."))?;
        let last = self.last.with(|l| l.trim().parse::<u32>());
        let last = last
            .ok()
            .filter(|l| *l + 1 >= self.outline.first && *l <= 1_048_576);
        let last = last.ok_or_else(|| {
            format!(
                "“{sheet}”: the last row replaced is a number from {}.",
                self.outline.first - 1
            )
        })?;
        let column = |(outline, field): &(ColumnOutline, RwSignal<String>)| {
            Some(PlanColumn {
                at: outline.at,
                header: outline.header.clone(),
                field: field.with(|f| TemplateField::named(f))?,
            })
        };
        let columns: Vec<PlanColumn> = self.columns.iter().filter_map(column).collect();
        if columns.is_empty() {
            return Err(format!("“{sheet}”: say what at least one column holds."));
        }
        let given = |signal: RwSignal<String>| Some(signal.get()).filter(|s| !s.is_empty());
        let part = self.part.get();
        let order = self.order.get();
        let order = ORDERS.iter().find(|(id, ..)| *id == order);
        Ok(SheetPlan {
            sheet: sheet.clone(),
            header,
            first: self.outline.first,
            last,
            columns,
            rows: PlanRows {
                past_due: part.starts_with("late"),
                debits: part.ends_with("debits"),
                collector: given(self.collector),
                currency: given(self.currency),
                entity: None,
                words: self.words.get().trim().to_owned(),
            },
            order: order.map_or(PlanOrder::Customer, |(_, _, o)| *o),
        })
    }
}

impl Form {
    pub fn new(ws: Ws, toasts: Toasts) -> Self {
        Form {
            ws,
            toasts,
            reading: RwSignal::new(false),
            told: RwSignal::new(None),
            open: RwSignal::new(false),
            name: RwSignal::new(String::new()),
            file: RwSignal::new(String::new()),
            sheets: RwSignal::new(Vec::new()),
            hand: StoredValue::new_local(None),
        }
    }

    /// Looks at a workbook and opens the form; `instead` is the template that it changes.
    pub async fn begin(self, workbook: Workbook, file: String, instead: Option<TemplateFacts>) {
        let stem = file.strip_suffix(".xlsx").unwrap_or(&file).to_owned();
        let _ = self
            .name
            .try_set(instead.as_ref().map_or(stem, |t| t.name.clone()));
        let _ = self.file.try_set(file);
        let headers = match (&workbook, &instead) {
            (Workbook::Kept(_), Some(t)) => headers_of(t),
            _ => Vec::new(),
        };
        self.look(workbook, instead, headers).await;
    }

    async fn look(
        self,
        workbook: Workbook,
        instead: Option<TemplateFacts>,
        headers: Vec<(String, u32)>,
    ) {
        let _ = self.reading.try_set(true);
        let _ = self.told.try_set(None);
        let looked = look_at(self.ws, &workbook, headers).await;
        let _ = self.reading.try_set(false);
        let looked = match looked {
            Ok(looked) => looked,
            Err(what) => {
                let _ = self.told.try_set(Some(what));
                return;
            }
        };
        let fresh = matches!(workbook, Workbook::File(_));
        let sheets = looked.outline.sheets.iter().filter(|s| s.fillable);
        let forms = sheets.map(|outline| {
            let plans = instead.iter().flat_map(|t| &t.sheets);
            let before = plans.into_iter().find(|p| p.sheet == outline.name);
            SheetForm::new(outline.clone(), before, fresh)
        });
        let _ = self.sheets.try_set(forms.collect());
        self.hand.try_set_value(Some(Hand {
            workbook,
            looked,
            instead,
        }));
        let _ = self.open.try_set(true);
    }

    /// Looks at it again, with the rows of headers as they are typed.
    fn look_again(self) {
        let Some(hand) = self.hand.get_value() else {
            return;
        };
        let typed = |s: &SheetForm| {
            let row = s.header.get_untracked().trim().parse().ok()?;
            Some((s.outline.name.clone(), row))
        };
        let headers = self
            .sheets
            .with_untracked(|all| all.iter().filter_map(typed).collect());
        leptos::task::spawn_local(self.look(hand.workbook, hand.instead, headers));
    }

    /// The template as the form has it, or what is missing.
    fn facts(self) -> Result<Vec<SheetPlan>, String> {
        if self.name.with(|n| n.trim().is_empty()) {
            return Err("Give it a name.".to_owned());
        }
        let filled: Vec<SheetForm> = self
            .sheets
            .with(|all| all.iter().filter(|s| s.fill.get()).cloned().collect());
        if filled.is_empty() {
            return Err("Choose at least one sheet to be filled.".to_owned());
        }
        filled.iter().map(SheetForm::plan).collect()
    }

    fn save(self) {
        let (Ok(sheets), Some(hand)) = (untrack(|| self.facts()), self.hand.get_value()) else {
            return;
        };
        let kept = hand.instead.as_ref().map(|t| t.block);
        let block = match (&hand.looked.bytes, kept) {
            (Some(bytes), _) => BlockRef::of(bytes, 0),
            (None, Some(block)) => block,
            (None, None) => return,
        };
        let name = self.name.get_untracked().trim().to_owned();
        let facts = TemplateFacts {
            name: name.clone(),
            file: self.file.get_untracked(),
            block,
            sheets,
        };
        self.open.set(false);
        leptos::task::spawn_local(async move {
            match self.ws.keep_template(facts, hand.looked.bytes).await {
                Ok(saved) => {
                    let (ws, toasts) = (self.ws, self.toasts);
                    let undo = Callback::new(move |()| ws.undo(toasts, saved.seq));
                    toasts.done_with(format!("“{name}” is kept"), "Undo", undo);
                }
                Err(error) => self
                    .toasts
                    .error(words::submit_error(Some(self.ws), &error)),
            }
        });
    }
}

fn headers_of(template: &TemplateFacts) -> Vec<(String, u32)> {
    let sheets = template.sheets.iter();
    sheets.map(|s| (s.sheet.clone(), s.header)).collect()
}

/// The dialog.
#[component]
pub fn TemplateDialog(form: Form) -> impl IntoView {
    let refused = Signal::derive(move || form.facts().err());
    let actions = move || {
        view! {
            <Button label="Cancel" kind=ButtonKind::Quiet on_press=move |()| form.open.set(false) />
            <Button label="Keep the workbook" kind=ButtonKind::Primary refused=refused on_press=move |()| form.save() />
        }
    };
    let title = Signal::derive(move || format!("What goes where in {}", form.file.get()));
    view! {
        <Dialog open=form.open title=title actions=actions wide=true>
            <TextField label="Name" value=form.name hint=Some("A workbook of this name is replaced.".to_owned()) />
            <For each=move || form.sheets.get() key=|s| (s.outline.name.clone(), s.outline.header, s.fill) let:sheet>
                <SheetSection form sheet />
            </For>
        </Dialog>
    }
}

fn choices(all: &[(&'static str, &'static str)]) -> Vec<Choice> {
    all.iter()
        .map(|(id, label)| Choice::new(*id, *label))
        .collect()
}

#[component]
fn SheetSection(form: Form, sheet: SheetForm) -> impl IntoView {
    let name = sheet.outline.name.clone();
    let hidden = if sheet.outline.hidden {
        " (hidden)"
    } else {
        ""
    };
    let label = format!("Fill “{name}”{hidden}");
    let fill = sheet.fill;
    let inner = StoredValue::new(sheet);
    view! {
        <section class="panel template-sheet" aria-label=format!("Sheet {name}")>
            <Checkbox label=label value=fill />
            <Show when=move || fill.get()>
                <SheetFields form sheet=inner.get_value() />
            </Show>
        </section>
    }
}

/// The rows in words: what goes and what stays.
fn rows_said(outline: &SheetOutline, last: &str) -> String {
    if outline.header.is_none() {
        return "No row looks like a header. Type the row it is in, and look again.".to_owned();
    }
    let (first, last) = (
        outline.first,
        last.trim().parse::<u32>().unwrap_or(outline.last),
    );
    let gone = match last >= first {
        true => format!("Rows {first} to {last} are replaced"),
        false => format!("Rows are put in from row {first} on"),
    };
    match &outline.below {
        Some((row, text)) if *row > last => {
            format!("{gone}; row {row} (“{text}”) and what is below it stays, and moves with them.")
        }
        _ => format!("{gone}."),
    }
}

#[component]
fn SheetFields(form: Form, sheet: SheetForm) -> impl IntoView {
    let ws = form.ws;
    let (currencies, collectors) = ws.peek(|b| {
        let live = b
            .customer_ids()
            .filter_map(|c| b.customer_facts(c)?.collector.clone());
        let collectors: BTreeSet<String> = live.filter(|c| !c.is_empty()).collect();
        let codes = b
            .items()
            .segments()
            .iter()
            .flat_map(|s| s.data.currency.iter().copied());
        let codes: BTreeSet<u16> = codes.collect();
        (codes, collectors)
    });
    let any = |label: &str| vec![Choice::new("", label)];
    let mut of_currency = any("Every currency");
    let known = currencies
        .into_iter()
        .filter_map(duebook_money::Currency::from_numeric);
    of_currency.extend(known.map(|c| Choice::new(c.code(), c.code())));
    let mut of_collector = any("Every collector");
    of_collector.extend(collectors.into_iter().map(|c| Choice::new(c.clone(), c)));
    let orders: Vec<Choice> = ORDERS
        .iter()
        .map(|(id, label, _)| Choice::new(*id, *label))
        .collect();
    let said = {
        let (outline, last) = (sheet.outline.clone(), sheet.last);
        move || last.with(|l| rows_said(&outline, l))
    };
    let columns = sheet.columns.clone();
    let has_columns = !columns.is_empty();
    view! {
        <p class="muted" aria-live="polite">{said}</p>
        <p class="muted">"Amounts are the working figures of Items: at source and what of ours waits for it. A column that holds Pending says how much of them waits."</p>
        <div class="form-row">
            <TextField label="Header in row" value=sheet.header />
            <TextField label="Last row replaced" value=sheet.last />
            <div class="field field-button"><Button label="Look again" kind=ButtonKind::Quiet on_press=move |()| form.look_again() /></div>
        </div>
        <div class="form-row">
            <SelectField label="Which items" value=sheet.part choices=Signal::stored(choices(&PARTS)) />
            <SelectField label="Of collector" value=sheet.collector choices=Signal::stored(of_collector) />
            <SelectField label="In currency" value=sheet.currency choices=Signal::stored(of_currency) />
            <TextField label="Holding the words" value=sheet.words optional=true />
            <SelectField label="In the order of" value=sheet.order choices=Signal::stored(orders) />
        </div>
        {has_columns.then(|| view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label="Columns of the sheet">
                <table class="plain-table">
                    <thead><tr><th scope="col">"Column"</th><th scope="col">"Holds"</th><th scope="col">"Under it now"</th></tr></thead>
                    <tbody>
                        {columns.into_iter().map(|(outline, field)| view! { <ColumnRow outline field /> }).collect_view()}
                    </tbody>
                </table>
            </div>
        })}
    }
}

#[component]
fn ColumnRow(outline: ColumnOutline, field: RwSignal<String>) -> impl IntoView {
    let kept = match &outline.formula {
        Some(_) => "Its formula goes on",
        None => "Stays empty",
    };
    let mut list = vec![Choice::new("", kept)];
    let named = TemplateField::NAMED.iter();
    list.extend(named.map(|(_, name)| Choice::new(*name, *name)));
    // Buckets as this column has them, and as the book cuts them.
    let own = outline.field.map(TemplateField::name).into_iter();
    let now = field.get_untracked();
    for bucket in own.chain([now]) {
        if !bucket.is_empty() && !list.iter().any(|c| c.value == bucket) {
            list.push(Choice::new(bucket.clone(), bucket));
        }
    }
    let usual = [
        (None, Some(0)),
        (Some(1), Some(30)),
        (Some(31), Some(60)),
        (Some(61), Some(90)),
        (Some(91), Some(120)),
        (Some(91), None),
        (Some(121), None),
    ];
    for (from, to) in usual {
        let name = TemplateField::Aged { from, to }.name();
        if !list.iter().any(|c| c.value == name) {
            list.push(Choice::new(name.clone(), name));
        }
    }
    let under = match outline.formula {
        Some(formula) => format!("={formula}"),
        None => match duebook_money::date::parse_iso_bytes(outline.sample.as_bytes()) {
            Some(day) => words::day(day),
            None => outline.sample,
        },
    };
    view! {
        <tr>
            <th scope="row">{outline.header.clone()}</th>
            <td><SelectField label=format!("{} holds", outline.header) value=field choices=Signal::stored(list) /></td>
            <td class="muted">{under}</td>
        </tr>
    }
}
