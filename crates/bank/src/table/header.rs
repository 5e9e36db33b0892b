//! Where the header is and what its columns are.

use duebook_exchange::read::{GridRow, fold};

/// Rows in which the header is looked for.
pub(super) const SEARCH_ROWS: usize = 80;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Day of booking; of payment, for a remittance.
    Date,
    /// Value date.
    ValueDate,
    /// Signed amount.
    Amount,
    /// Money out.
    Debit,
    /// Money in.
    Credit,
    /// `D` or `C` beside the amount.
    Side,
    /// Balance after the entry.
    Balance,
    /// Currency code.
    Currency,
    /// Amount in the currency it was ordered in.
    OriginalAmount,
    /// Fee taken beside the amount.
    Fee,
    /// Name of who paid.
    Payer,
    /// Name of who was paid.
    Payee,
    /// Name of the other party.
    Party,
    /// Number of the customer who paid, as we or the processor know it.
    PayerId,
    /// Account of the other party.
    Account,
    /// Bank's reference or id.
    BankReference,
    /// Customer's reference, cheque number.
    Reference,
    /// Words; any number of columns.
    Text,
    /// Number of the document paid.
    Document,
    /// Kind of the document.
    DocumentKind,
    /// Date of the document.
    DocumentDate,
    /// What was paid of it.
    Paid,
    /// Amount of the document.
    Gross,
    /// Discount taken.
    Discount,
    /// Tax withheld.
    Withheld,
    /// Another deduction.
    Adjustment,
    /// Its reason.
    Reason,
    /// Purchase order.
    PurchaseOrder,
    /// Number of the payment, cheque or trace.
    Payment,
    /// Not read.
    Ignore,
}

impl Column {
    /// The columns of a statement with their short, stable names.
    pub const OF_STATEMENT: [(Column, &'static str); 19] = [
        (Column::Date, "date"),
        (Column::ValueDate, "value-date"),
        (Column::Amount, "amount"),
        (Column::Credit, "in"),
        (Column::Debit, "out"),
        (Column::Side, "side"),
        (Column::Party, "party"),
        (Column::Payer, "payer"),
        (Column::Payee, "payee"),
        (Column::Account, "account"),
        (Column::PayerId, "payer-id"),
        (Column::Reference, "reference"),
        (Column::Text, "text"),
        (Column::BankReference, "bank-id"),
        (Column::Balance, "balance"),
        (Column::Currency, "currency"),
        (Column::OriginalAmount, "original"),
        (Column::Fee, "fee"),
        (Column::Ignore, "ignore"),
    ];

    /// The short name of a statement's column; of any other, that of one that is not read.
    pub fn name(self) -> &'static str {
        let known = Self::OF_STATEMENT.iter().find(|(c, _)| *c == self);
        known.map_or("ignore", |(_, name)| name)
    }

    /// The column of a short name.
    pub fn of_name(name: &str) -> Option<Column> {
        let known = Self::OF_STATEMENT.iter().find(|(_, n)| *n == name);
        known.map(|(column, _)| *column)
    }
}

/// What a column was taken for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnUse {
    /// Its header as written.
    pub header: String,
    /// What it was taken for; `None`: nothing.
    pub column: Option<Column>,
    /// The first of its values; empty where it has none.
    pub example: String,
}

use Column::*;

/// Folded names of a statement's columns, surest first.
const STATEMENT: &[(Column, &str)] = &[
    (
        ValueDate,
        "value date|value dt|valuta|wertstellung|valutadatum|wertstellungsdatum|fecha valor|data valuta|date valeur|date de valeur|valeur|valuedate|rentedatum|interest date|val date",
    ),
    (
        Date,
        "booking date|date|buchungsdatum|buchungstag|buchung|transaction date|posting date|posted date|post date|posted|trans date|txn date|tran date|fecha|fecha operacion|fecha contable|fecha de operacion|data|data operazione|data contabile|data movimento|date operation|date comptable|date d operation|datum|boekdatum|boekingsdatum|belegdatum|completed date|date posted|entry date|operation date|date de l operation|data lancamento|bokforingsdag|bogforingsdato|dato|dtposted|transactiedatum|started date",
    ),
    (
        Debit,
        "debit|debits|debit amount|withdrawal|withdrawals|withdrawal amt|withdrawal amount|withdrawal amount inr|paid out|money out|soll|belastung|belastungen|cargo|cargos|dare|uscite|debito|debitos|dr amount|debet|montant debit|outgoing|amount debit|dr",
    ),
    (
        Credit,
        "credit|credits|credit amount|deposit|deposits|deposit amt|deposit amount|deposit amount inr|paid in|money in|haben|gutschrift|gutschriften|abono|abonos|avere|entrate|credito|creditos|cr amount|kredit|montant credit|incoming|amount credit|receipts|cr",
    ),
    (
        OriginalAmount,
        "amount currency|original amount|foreign amount|ursprunglicher betrag|originalbetrag|betrag in fremdwahrung|importo originale|montant d origine|transaction currency amount|local amount",
    ),
    (
        Amount,
        "amount|betrag|importe|importo|montant|bedrag|transaction amount|amt|monto|valor|belopp|belob|kwota|umsatz|net amount|signed amount|betrag eur|total amount|value|trnamt|amount eur|paid amount",
    ),
    (
        Side,
        "d c|dc|c d|cr dr|dr cr|debit credit|credit debit|debit credit indicator|credit debit indicator|soll haben|s h|sh|af bij|af of bij|sign|indicator|db cr|debit credit mark|cdt dbt ind",
    ),
    (
        Balance,
        "balance|closing balance|running balance|saldo|solde|balance after|ledger balance|kontostand|saldo nach buchung|saldo contable|balance amount|available balance|saldo na mutatie|saldo disponible",
    ),
    (
        Currency,
        "currency|ccy|wahrung|waehrung|devise|divisa|moneda|munt|muntsoort|currency code|curr|waluta|moeda|valuuta",
    ),
    (
        Fee,
        "fee|fees|charges|commission|gebuhr|gebuhren|frais|commissioni|bank charges",
    ),
    (
        Payer,
        "payer|payer name|remitter|remitter name|sender|sender name|auftraggeber|ordering party|from name|ordering customer|zahler|zahlungspflichtiger|originator|debtor|debtor name|name zahlungsbeteiligter",
    ),
    (
        Payee,
        "empfanger|beneficiary|beneficiary name|recipient|to name|begunstigter|creditor|creditor name|zahlungsempfanger",
    ),
    (
        Party,
        "partner name|name|payee|counterparty|counterparty name|naam|naam tegenpartij|naam omschrijving|nombre|contraparte|tiers|customer name|auftraggeber begunstigter|begunstigter zahlungspflichtiger|beguenstigter zahlungspflichtiger|auftraggeber empfanger|merchant|controparte|contrepartie|other party|naam tegenrekening",
    ),
    (
        Account,
        "bank account|counterparty account|counterparty iban|iban|kontonummer|kontonummer iban|tegenrekening|tegenrekening iban|partner account|account number|partner iban|konto|cuenta|iban zahlungsbeteiligter|iban auftraggeberkonto|other account|account no",
    ),
    (
        PayerId,
        "customer id|customer number|customer no|payer id|debtor id|debtor number|kundennummer|kunden nr|debitor|debitorennummer|client number|numero client|numero de client|codigo cliente|codice cliente|klantnummer|virtual account|virtual account number",
    ),
    (
        BankReference,
        "transaction id|unique id|operation number|bank reference|id|transaction number|transaction ref|entry reference|fitid|statement reference|txn id|transaction reference|volgnr|numero operation|bank ref|payment id|receipt id|receipt number|deposit id",
    ),
    (
        Reference,
        "reference|ref|chq ref no|chq ref number|cheque no|check number|cheque number|cheque|check no|ref no|ref no cheque no|utr|utr no|utr number|customer reference|kundenreferenz|end to end id|end to end reference|reference number|kenmerk|referencia|riferimento|mandatsreferenz|instrument no|instrument id|check or slip number|betalingskenmerk",
    ),
    (
        Text,
        "description|narration|label|details|detail|particulars|memo|text|verwendungszweck|buchungstext|beschreibung|concepto|descrizione|causale|libelle|omschrijving|mededelingen|remarks|remittance information|additional information|buchungsdetails|umsatzart|type|message|communication|transaction description|narrative|payment details|transaction remarks|transaction type|descripcion|descricao|historico|note|notes|category|omschrijving 1|omschrijving 2|omschrijving 3|mutatiesoort|code|information|vorgang|transaktionstyp|bank reference text|transaction details|remittance|remittance text|remittance info|remittance details|payment information|unstructured remittance",
    ),
];

/// Folded names of a remittance's columns.
const REMITTANCE: &[(Column, &str)] = &[
    (
        Document,
        "invoice|invoice number|invoice no|inv no|inv number|inv|invoice id|document number|document no|doc no|doc number|bill no|bill number|document|rechnung|rechnungsnummer|rechnungsnr|rechnung nr|belegnummer|facture|numero de facture|n facture|no facture|factura|numero factura|fattura|numero fattura|factuur|factuurnummer|supplier invoice|supplier invoice number|vendor invoice|your reference|your invoice|invoice ref|invoice reference|reference number|reference|ref|voucher|voucher number",
    ),
    (
        Paid,
        "amount paid|paid|paid amount|payment amount|net|net amount|net paid|net payment|amount remitted|remitted|this payment|bezahlt|zahlbetrag|montant paye|montant regle|importe pagado|importo pagato|betaald|amount|betrag|paid inr|payment amt|amount applied|applied amount",
    ),
    (
        Gross,
        "gross|gross amount|invoice amount|original amount|bill amount|invoice total|inv amount|total|rechnungsbetrag|bruttobetrag|brutto|montant facture|importe factura|invoice value|document amount|amount due|open amount|gross amt",
    ),
    (
        Discount,
        "discount|discount taken|cash discount|skonto|escompte|descuento|sconto|disc|discount amount|korting|early payment discount",
    ),
    (
        Withheld,
        "tds|tds amount|withholding|withholding tax|wht|tax withheld|tax deducted|retention|tds deducted|less tds",
    ),
    (
        Adjustment,
        "adjustment|adjustments|deduction|deductions|short pay|abzug|chargeback|deduction amount|adjustment amount|other deductions|less|credits taken",
    ),
    (
        Reason,
        "reason|reason code|deduction code|adjustment reason|deduction reason|grund|motif|motivo",
    ),
    (
        DocumentDate,
        "invoice date|document date|doc date|bill date|rechnungsdatum|date de facture|date facture|fecha factura|data fattura|inv date|factuurdatum|belegdatum|date",
    ),
    (
        DocumentKind,
        "type|document type|doc type|transaction type|belegart",
    ),
    (
        PurchaseOrder,
        "po|po number|po no|purchase order|order number|bestellnummer|purchase order number|customer po",
    ),
    (
        Payment,
        "payment number|payment no|payment ref|payment reference|payment id|check number|check no|check|cheque no|cheque number|cheque|utr|utr number|utr no|trace|trace number|eft number|eft no|zahlungsnummer|payment document|remittance number|remittance id|wire reference|transaction id",
    ),
    (
        Date,
        "payment date|paid on|pay date|check date|cheque date|zahlungsdatum|value date|remittance date|date paid|date de paiement|fecha de pago|settlement date",
    ),
    (
        Payer,
        "payer|payer name|customer|customer name|from|paid by|company|company name|remitter",
    ),
    (
        Currency,
        "currency|ccy|wahrung|devise|moneda|curr|currency code",
    ),
    (
        Text,
        "description|comment|comments|remarks|note|notes|text|memo|narration|details|beschreibung",
    ),
];

/// A header row with its columns.
#[derive(Debug, Clone)]
pub(super) struct Header {
    /// Position among the rows.
    pub at: usize,
    pub columns: Vec<Option<Column>>,
    /// The currency named in the amount's header (`Betrag (EUR)`).
    pub currency: Option<duebook_money::Currency>,
}

impl Header {
    pub fn position(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|c| *c == Some(column))
    }
    pub fn has(&self, column: Column) -> bool {
        self.position(column).is_some()
    }
    /// The cell of a column in a row; empty where there is none.
    pub fn cell<'r>(&self, row: &'r GridRow, column: Column) -> &'r str {
        self.position(column)
            .and_then(|at| row.cells.get(at))
            .map_or("", String::as_str)
    }
    /// The cells of all columns of a kind.
    pub fn cells<'r>(&self, row: &'r GridRow, column: Column) -> impl Iterator<Item = &'r str> {
        let columns = self.columns.clone();
        row.cells
            .iter()
            .enumerate()
            .filter(move |(i, _)| columns.get(*i) == Some(&Some(column)))
            .map(|(_, c)| c.as_str())
    }
    pub fn uses(&self, rows: &[GridRow]) -> Vec<ColumnUse> {
        let cells = rows
            .get(self.at)
            .map(|r| r.cells.as_slice())
            .unwrap_or_default();
        let used = |(i, header): (usize, &String)| ColumnUse {
            header: header.clone(),
            column: self
                .columns
                .get(i)
                .copied()
                .flatten()
                .filter(|c| *c != Ignore),
            example: rows
                .iter()
                .skip(self.at + 1)
                .filter_map(|r| r.cells.get(i))
                .find(|c| !c.is_empty())
                .cloned()
                .unwrap_or_default(),
        };
        cells.iter().enumerate().map(used).collect()
    }
}

/// Whether the columns are an advice's: a document column under a name that is no bank's, and
/// something that was paid.
pub(super) fn is_remittance(header: &Header) -> bool {
    let beside = [
        Gross,
        Discount,
        Withheld,
        DocumentDate,
        Payment,
        PurchaseOrder,
        DocumentKind,
    ];
    header.has(Document)
        && (header.has(Paid) || header.has(Gross))
        && beside.iter().any(|c| header.has(*c))
}

/// Whether the table is a list of open items: no bank and no payer writes when something is due.
pub(super) fn is_ledger(rows: &[GridRow]) -> bool {
    const NAMES: [&str; 16] = [
        "due date",
        "net due date",
        "due",
        "due in date",
        "falligkeit",
        "falligkeitsdatum",
        "nettofalligkeit",
        "date d echeance",
        "echeance",
        "fecha vencimiento",
        "fecha de vencimiento",
        "vencimiento",
        "data scadenza",
        "scadenza",
        "days past due",
        "days overdue",
    ];
    let names = |r: &GridRow| {
        r.cells
            .iter()
            .any(|c| c.len() < 40 && NAMES.contains(&fold(c).as_str()))
    };
    rows.iter()
        .take(SEARCH_ROWS)
        .any(|r| r.cells.len() > 3 && names(r))
}

/// The row with most columns known, if they suffice.
pub(super) fn find(
    rows: &[GridRow],
    remittance: bool,
    chosen: &[(String, Column)],
) -> Option<Header> {
    let names = if remittance { REMITTANCE } else { STATEMENT };
    let mut best: Option<(usize, Header)> = None;
    for (at, row) in rows.iter().take(SEARCH_ROWS).enumerate() {
        let header = map(at, row, rows, names, chosen);
        let enough = if remittance {
            header.has(Document)
                && (header.has(Paid) || header.has(Gross))
                && sure_document(row, &header)
        } else {
            // One of money in and money out is enough where the user says so.
            let one = !chosen.is_empty() && (header.has(Debit) || header.has(Credit));
            let amount = one || header.has(Amount) || (header.has(Debit) && header.has(Credit));
            amount && (header.has(Date) || header.has(ValueDate))
        };
        let score = header.columns.iter().flatten().count();
        if enough && score >= 2 && best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, header));
        }
    }
    let (_, mut header) = best?;
    if !remittance {
        settle(&mut header);
    }
    Some(header)
}

/// A row as the header of a statement, whatever is known of it.
pub(super) fn at(rows: &[GridRow], at: usize, chosen: &[(String, Column)]) -> Header {
    let none = Header {
        at,
        columns: Vec::new(),
        currency: None,
    };
    rows.get(at)
        .map_or(none, |row| map(at, row, rows, STATEMENT, chosen))
}

/// `Reference` alone says nothing about a document: a bank's statement has one as well.
fn sure_document(row: &GridRow, header: &Header) -> bool {
    let name = fold(header.cell(row, Document));
    !matches!(
        name.as_str(),
        "reference" | "ref" | "reference number" | "document" | "voucher"
    ) || header.has(Gross)
        || header.has(Discount)
}

fn map(
    at: usize,
    row: &GridRow,
    rows: &[GridRow],
    names: &[(Column, &str)],
    chosen: &[(String, Column)],
) -> Header {
    let mut header = Header {
        at,
        columns: vec![None; row.cells.len()],
        currency: None,
    };
    let mut claims: Vec<(usize, usize, Column)> = Vec::new();
    let mut left: Vec<&(String, Column)> = chosen.iter().collect();
    for (i, cell) in row.cells.iter().enumerate() {
        // Two columns of one name are said one after the other.
        if let Some(said) = left.iter().position(|(h, _)| h.trim() == cell) {
            let column = left.remove(said).1;
            if matches!(column, Amount | Credit | Debit | Balance) {
                let named = without_currency(&fold(cell)).1;
                header.currency = header.currency.or(named);
            }
            header.columns[i] = Some(column);
            continue;
        }
        if cell.is_empty()
            || cell.chars().count() > 60
            || cell.starts_with(|c: char| c.is_ascii_digit())
        {
            continue;
        }
        let folded = fold(cell);
        let (bare, currency) = without_currency(&folded);
        for (column, list) in names {
            let place = list.split('|').position(|n| n == folded || n == bare);
            if let Some(place) = place {
                if currency.is_some() && matches!(column, Amount | Credit | Paid | Balance) {
                    header.currency = header.currency.or(currency);
                }
                claims.push((place, i, *column));
            }
        }
    }
    // Each column is claimed once, by its surest name; only words may repeat.
    claims.sort_by_key(|c| (c.0, c.1));
    for (_, i, column) in claims {
        let free = header.columns[i].is_none();
        if free && (column == Text || !header.has(column)) && fits(column, i, &rows[at + 1..]) {
            header.columns[i] = Some(column);
        }
    }
    header
}

/// Values that contradict a name: `Valuta` with codes is the currency, `Type` with D and C the side.
fn fits(column: Column, at: usize, below: &[GridRow]) -> bool {
    let cells = || {
        below
            .iter()
            .take(50)
            .filter_map(|r| r.cells.get(at))
            .filter(|c| !c.is_empty())
    };
    let codes =
        cells().count() > 0 && cells().all(|c| duebook_money::Currency::from_code(c).is_some());
    match column {
        ValueDate | Date | Amount | Debit | Credit | Balance => !codes,
        Currency => codes || cells().count() == 0,
        _ => true,
    }
}

/// What the names leave open: the currency beside an original amount is that amount's; a value date
/// alone is the date.
fn settle(header: &mut Header) {
    if !header.has(Date)
        && let Some(at) = header.position(ValueDate)
    {
        header.columns[at] = Some(Date);
    }
    // Debit and Credit beside a signed amount: the amount tells it all.
    if header.has(Amount) && (!header.has(Debit) || !header.has(Credit)) {
        for column in &mut header.columns {
            if matches!(column, Some(Debit | Credit)) {
                *column = None;
            }
        }
    }
}

/// Takes an ISO code off a folded header: `amount eur` is (`amount`, EUR).
fn without_currency(folded: &str) -> (&str, Option<duebook_money::Currency>) {
    let code = |word: &str| {
        duebook_money::Currency::from_code(word).filter(|_| !matches!(word, "all" | "top" | "try"))
    };
    if let Some((head, last)) = folded.rsplit_once(' ')
        && let Some(currency) = code(last)
    {
        return (head, Some(currency));
    }
    if let Some((first, tail)) = folded.split_once(' ')
        && let Some(currency) = code(first)
    {
        return (tail, Some(currency));
    }
    (folded, None)
}
