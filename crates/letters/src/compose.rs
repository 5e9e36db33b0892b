//! A letter: a template of the book, a customer's open items, and who writes to whom.

use crate::doc::{Align, Block, Table};
use crate::lines::{Line, Totals, totals};
use crate::merge::{Fields, merge};
use crate::words::Words;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::{Book, CustomerId};
use duebook_money::{Currency, Day};
use duebook_policy::Buckets;
use duebook_policy::letters::{Sender, Template};

/// Who writes to whom. Names come from beside the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// The creditor and who signs; empty names filled in by the caller.
    pub sender: Sender,
    /// Customer's name.
    pub customer: String,
    /// Customer's number.
    pub number: String,
    /// The person written to; empty: nobody is known.
    pub contact: String,
    /// The terms agreed with it, in the grammar of domain.md 1.4 or as its source writes them; empty:
    /// not known.
    pub terms: String,
}

/// The terms of a customer: what its source's code means, else as the source writes them; empty where
/// it gives none.
pub fn terms_of(book: &Book, customer: CustomerId) -> String {
    let facts = book.customer_facts(customer);
    let Some(written) = facts.and_then(|f| f.terms.clone()) else {
        return String::new();
    };
    let source = book.customer_key(customer).map(|k| k.source);
    let source = source.unwrap_or_default();
    let mut codes = book.policies().terms.of(&source);
    let means = codes.find(|(code, _)| *code == written.trim());
    means.map_or(written.clone(), |(_, means)| means.to_owned())
}

/// What a letter lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The lines, credits included.
    pub lines: Vec<Line>,
    /// Credits that are shown and not asked for: payments that wait to be assigned.
    pub credits: Vec<Line>,
    /// Tables instead of the lines' own: a balance-forward statement.
    pub tables: Option<Vec<Table>>,
    /// The day of the last reminder that went out.
    pub last_reminder: Option<Day>,
    /// The customer's cut-off before its next pay run.
    pub cutoff: Option<Day>,
    /// What is asked of each line before its due date.
    pub questions: Vec<String>,
    /// Names of documents attached.
    pub documents: Vec<String>,
    /// What the customer asked for.
    pub query: String,
    /// The last day for an answer to a letter before claim.
    pub answer_by: Option<Day>,
    /// Interest and fixed sums claimed with it, in words.
    pub interest: Option<String>,
}

/// A letter ready to go out in any format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// Language of the template.
    pub language: String,
    /// Subject.
    pub subject: String,
    /// Body.
    pub body: Vec<Block>,
    /// What is asked for, or owed, per currency.
    pub totals: Vec<(Currency, i64)>,
    /// The id by which its figures are found again.
    pub tie: String,
    /// Fields without a value: while there is one, it is no letter.
    pub missing: Vec<String>,
}

/// What kind of table a letter has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// What is asked for: debits, less what is disputed or promised.
    Asking,
    /// A whole account: every open item, with a running note.
    Account,
}

/// Writes a letter.
pub fn compose(
    template: &Template,
    party: &Party,
    listing: &Listing,
    form: Form,
    as_of: Day,
    buckets: &Buckets,
) -> Composed {
    let words = Words::of(&template.language);
    let sums = totals(&listing.lines);
    let mut fields = Fields::default();
    say_figures(&mut fields, words, listing, &sums, form);
    say_people(&mut fields, words, party, as_of);
    let tie = tie(&party.number, as_of, &listing.lines);
    fields.inline.insert("reference", tie.clone());
    let tables = match &listing.tables {
        Some(tables) => tables.clone(),
        None => sums
            .iter()
            .map(|t| items_table(words, listing, t, form))
            .collect(),
    };
    if !tables.is_empty() {
        let blocks = tables.into_iter().map(Block::Table).collect();
        fields.blocks.insert("table", blocks);
    }
    let aging: Vec<Block> = sums
        .iter()
        .filter(|t| t.overdue != 0 || t.not_due != 0)
        .map(|t| Block::Table(aging_table(words, &listing.lines, t, buckets)))
        .collect();
    if !aging.is_empty() {
        fields.blocks.insert("aging", aging);
    }
    let slips = sums
        .iter()
        .filter(|t| t.overdue != 0 || t.not_due != 0)
        .map(|t| Block::Table(slip(words, &listing.lines, t, &party.sender, &tie)));
    let slips: Vec<Block> = slips.collect();
    if !slips.is_empty() {
        fields.blocks.insert("remittance", slips);
    }
    let merged = merge(&template.subject, &template.body, &fields);
    let asked = |t: &Totals| match form {
        Form::Asking => listing
            .lines
            .iter()
            .filter(|l| l.currency == t.currency)
            .fold(0i64, |s, l| s.saturating_add(l.asked())),
        Form::Account => t.balance,
    };
    Composed {
        language: template.language.clone(),
        subject: merged.subject,
        body: merged.body,
        totals: sums.iter().map(|t| (t.currency, asked(t))).collect(),
        tie,
        missing: merged.missing,
    }
}

fn say_figures(fields: &mut Fields, words: Words, listing: &Listing, sums: &[Totals], form: Form) {
    let of = |f: fn(&Totals) -> i64| {
        let all = sums.iter().map(|t| (t.currency, f(t)));
        let some: Vec<(Currency, i64)> = all.clone().filter(|(_, m)| *m != 0).collect();
        // Nothing in any currency is a zero of the first.
        words.sums(&if some.is_empty() {
            all.take(1).collect()
        } else {
            some
        })
    };
    let debits = || listing.lines.iter().filter(|l| l.is_debit());
    let overdue = || debits().filter(|l| l.late > 0);
    let days = overdue().map(|l| l.late).max();
    let oldest = overdue().filter_map(|l| l.due).min();
    let next = debits().filter(|l| l.late <= 0).filter_map(|l| l.due).min();
    let credits = totals(&listing.credits);
    let count = match form {
        Form::Asking if overdue().count() > 0 => overdue().count(),
        _ => debits().count(),
    };
    let day = |d: Option<Day>| d.map_or(String::new(), |d| words.day(d));
    let mut put = |name: &'static str, value: String| _ = fields.inline.insert(name, value);
    put("total", of(|t| t.balance));
    put(
        "overdue",
        match form {
            Form::Asking => of(|t| t.asked),
            Form::Account => of(|t| t.overdue),
        },
    );
    put("not_due", of(|t| t.not_due));
    put("disputed", of(|t| t.disputed));
    put("promised", of(|t| t.promised));
    let credit: Vec<(Currency, i64)> = credits.iter().map(|t| (t.currency, t.credit)).collect();
    put("credit", words.sums(&credit));
    put("count", words.count(count));
    put("oldest_days", days.map_or(String::new(), |d| d.to_string()));
    put("oldest_due", day(oldest));
    put("next_due", day(next));
    put("last_reminder", day(listing.last_reminder));
    put("cutoff", day(listing.cutoff));
    put("query", listing.query.clone());
    put("answer_by", day(listing.answer_by));
    put("documents", listing.documents.join(", "));
    if let Some(interest) = &listing.interest {
        let said = Block::Paragraph(words.interest_claimed(interest));
        fields.blocks.insert("interest", vec![said]);
    }
    if !listing.questions.is_empty() {
        let points = Block::Points(listing.questions.clone());
        fields.blocks.insert("questions", vec![points]);
    }
}

fn say_people(fields: &mut Fields, words: Words, party: &Party, as_of: Day) {
    let s = &party.sender;
    let inline: [(&'static str, &str); 8] = [
        ("customer", &party.customer),
        ("customer_number", &party.number),
        (
            "contact",
            if party.contact.is_empty() {
                &party.customer
            } else {
                &party.contact
            },
        ),
        ("company", &s.company),
        ("sender", &s.name),
        ("sender_role", &s.role),
        ("mailbox", &s.mailbox),
        ("phone", &s.phone),
    ];
    for (name, value) in inline {
        fields
            .inline
            .insert(name, value.split_whitespace().collect::<Vec<_>>().join(" "));
    }
    fields.inline.insert("date", words.day(as_of));
    let lines = |text: &str| -> Vec<String> {
        let all = text.lines().map(|l| l.trim().to_owned());
        all.filter(|l| !l.is_empty()).collect()
    };
    for (name, text) in [
        ("pay_to", &s.pay_to),
        ("disputes", &s.disputes),
        ("address", &s.address),
    ] {
        let lines = lines(text);
        if !lines.is_empty() {
            fields.blocks.insert(name, vec![Block::Lines(lines)]);
        }
    }
    // What was agreed with this customer comes before what is so for all.
    let mut terms: Vec<String> = words.agreed(&party.terms).into_iter().collect();
    terms.extend(lines(&s.terms));
    if !terms.is_empty() {
        fields.blocks.insert("terms", vec![Block::Lines(terms)]);
    }
    let signature = [&s.name, &s.role, &s.company, &s.phone, &s.mailbox];
    let signature: Vec<String> = signature.iter().flat_map(|t| lines(t)).collect();
    if !signature.is_empty() {
        fields
            .blocks
            .insert("signature", vec![Block::Lines(signature)]);
    }
}

/// What is to be said of a line beside its figures.
fn note(words: Words, line: &Line) -> String {
    let mut notes = Vec::new();
    let part = |minor: i64| match minor >= line.open {
        true => String::new(),
        false => format!("{} ", words.figure(minor, line.currency)),
    };
    if line.disputed > 0 {
        notes.push(format!("{}{}", part(line.disputed), words.in_dispute()));
    }
    if let (Some(day), true) = (line.promised_for, line.promised > 0) {
        let part = part(line.promised);
        notes.push(format!("{part}{} {}", words.promised_for(), words.day(day)));
    }
    match line.kind {
        ItemKind::CreditMemo => notes.push(words.credit_note().to_owned()),
        ItemKind::Receipt => notes.push(words.payment().to_owned()),
        ItemKind::OnAccount => notes.push(words.on_account().to_owned()),
        ItemKind::LateCharge => notes.push(words.charge().to_owned()),
        ItemKind::Invoice | ItemKind::DebitMemo => {}
    }
    notes.join(", ")
}

fn items_table(words: Words, listing: &Listing, of: &Totals, form: Form) -> Table {
    let currency = of.currency;
    let lines: Vec<&Line> = listing
        .lines
        .iter()
        .filter(|l| l.currency == currency)
        .collect();
    let day = |d: Option<Day>| d.map_or(String::new(), |d| words.day(d));
    let row = |l: &&Line| {
        let late = if l.is_overdue() {
            l.late.to_string()
        } else {
            String::new()
        };
        vec![
            l.number.clone(),
            l.reference.clone(),
            day(l.issued),
            if l.is_debit() {
                day(l.due)
            } else {
                String::new()
            },
            late,
            words.figure(l.amount, currency),
            words.figure(l.open, currency),
            note(words, l),
        ]
    };
    let foot = |label: &str, minor: i64| {
        let mut cells = vec![String::new(); 8];
        cells[0] = label.to_owned();
        cells[6] = words.figure(minor, currency);
        cells
    };
    let sum = |f: &dyn Fn(&Line) -> i64| lines.iter().fold(0i64, |s, l| s.saturating_add(f(l)));
    let open = sum(&|l| l.open);
    let mut feet = vec![foot(words.total(), open)];
    let (disputed, promised) = (sum(&|l| l.disputed), sum(&|l| l.promised));
    if disputed != 0 {
        feet.push(foot(words.of_which_disputed(), disputed));
    }
    if promised != 0 {
        feet.push(foot(words.of_which_promised(), promised));
    }
    let asked = sum(&|l| l.asked());
    if form == Form::Asking && asked != open {
        feet.push(foot(words.to_pay(), asked));
    }
    let credit: i64 = listing
        .credits
        .iter()
        .filter(|l| l.currency == currency)
        .fold(0i64, |s, l| s.saturating_sub(l.open));
    if credit != 0 {
        feet.push(foot(words.unassigned(), credit.saturating_neg()));
    }
    let head = [
        (words.document(), Align::Left),
        (words.reference(), Align::Left),
        (words.date(), Align::Left),
        (words.due(), Align::Left),
        (words.days_late(), Align::Right),
        (words.amount(), Align::Right),
        (words.open(), Align::Right),
        (words.note(), Align::Left),
    ];
    Table {
        caption: currency.code().to_owned(),
        head: head.iter().map(|(t, a)| ((*t).to_owned(), *a)).collect(),
        rows: lines.iter().map(row).collect(),
        foot: feet,
    }
}

/// The foot of a statement: open debits by age, credits in a column of their own, and what is left
/// (AG-05: the total is that of the account whatever the columns).
fn aging_table(words: Words, lines: &[Line], of: &Totals, buckets: &Buckets) -> Table {
    let currency = of.currency;
    let mut sums = vec![0i64; buckets.count()];
    for l in lines
        .iter()
        .filter(|l| l.currency == currency && l.is_debit())
    {
        if let Some(sum) = sums.get_mut(buckets.index(l.late)) {
            *sum = sum.saturating_add(l.open);
        }
    }
    let right = |t: String| (t, Align::Right);
    let mut head: Vec<(String, Align)> = (0..buckets.count())
        .map(|b| {
            right(match buckets.is_past_due(b) {
                true => format!("{} {}", buckets.label(b), words.days()),
                false => words.not_due().to_owned(),
            })
        })
        .collect();
    let mut row: Vec<String> = sums.iter().map(|s| words.figure(*s, currency)).collect();
    if of.credit != 0 {
        head.push(right(words.credit_note().to_owned()));
        row.push(words.figure(of.credit.saturating_neg(), currency));
    }
    head.push(right(words.balance().to_owned()));
    row.push(words.figure(of.balance, currency));
    Table {
        caption: format!("{}, {}", words.aging(), currency.code()),
        head,
        rows: vec![row],
        foot: Vec::new(),
    }
}

/// What comes back with the money: documents, open amounts, room for what is paid.
fn slip(words: Words, lines: &[Line], of: &Totals, sender: &Sender, tie: &str) -> Table {
    let currency = of.currency;
    let left = |t: &str| (t.to_owned(), Align::Left);
    let debits = lines
        .iter()
        .filter(|l| l.currency == currency && l.is_debit());
    let row = |l: &Line| {
        vec![
            l.number.clone(),
            l.reference.clone(),
            words.figure(l.open, currency),
            String::new(),
        ]
    };
    let mut foot = vec![vec![
        words.tie().to_owned(),
        tie.to_owned(),
        String::new(),
        String::new(),
    ]];
    if !sender.mailbox.is_empty() {
        foot.push(vec![
            words.reply_to().to_owned(),
            sender.mailbox.clone(),
            String::new(),
            String::new(),
        ]);
    }
    Table {
        caption: format!("{}, {}", words.remittance(), currency.code()),
        head: vec![
            left(words.document()),
            left(words.reference()),
            (words.open().to_owned(), Align::Right),
            (words.you_pay().to_owned(), Align::Right),
        ],
        rows: debits.map(row).collect(),
        foot,
    }
}

/// An id of figures: the same lines on the same day have the same one, whoever works it out.
pub fn tie(customer: &str, as_of: Day, lines: &[Line]) -> String {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |bytes: &[u8]| {
        for b in bytes {
            h = (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        h = (h ^ 0xff).wrapping_mul(0x0000_0100_0000_01b3);
    };
    eat(customer.as_bytes());
    for l in lines {
        eat(l.number.as_bytes());
        eat(l.currency.code().as_bytes());
        eat(&l.open.to_le_bytes());
    }
    let (y, m, d) = as_of.ymd();
    let mut code = String::new();
    for n in 0..8 {
        let at = (h >> (n * 5)) as usize & 31;
        code.push(char::from(LETTERS[at]));
    }
    format!("{y:04}{m:02}{d:02}-{code}")
}
