//! Figures, dates and the few fixed words of tables, in the language of the letter. Languages
//! without words of their own here have English ones; their templates are their own.

use duebook_money::terms::{Anchor, Base, Plan};
use duebook_money::{Currency, Day, NumberFormat, Terms};
use duebook_policy::letters::QueryKind;

/// The fixed words of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// Which: "en", "de", "fr", "es".
    pub language: &'static str,
    words: &'static [&'static str; 34],
}

macro_rules! words {
    ($($at:literal $name:ident;)*) => {
        #[allow(missing_docs)] // named as the English words below
        impl Words {
            $(pub fn $name(self) -> &'static str { self.words[$at] })*
        }
    };
}

words! {
    0 document; 1 reference; 2 date; 3 due; 4 days_late; 5 amount; 6 open; 7 note;
    8 total; 9 in_dispute; 10 promised_for; 11 credit_note; 12 payment; 13 on_account; 14 to_pay;
    15 of_which_disputed; 16 of_which_promised; 17 unassigned; 18 not_due; 19 days;
    20 remittance; 21 you_pay; 22 reply_to; 23 opening; 24 closing; 25 other; 26 balance;
    27 and; 28 invoice; 29 invoices; 30 aging; 31 charge; 32 tie; 33 payment_made;
}

const EN: [&str; 34] = [
    "Document",
    "Your reference",
    "Date",
    "Due",
    "Days past due",
    "Amount",
    "Open",
    "Note",
    "Total",
    "in dispute",
    "promised for",
    "credit note",
    "payment not assigned yet",
    "on account",
    "To be paid",
    "of which in dispute",
    "of which promised",
    "Unassigned credit on your account",
    "Not due",
    "days",
    "Payment advice: please return it with your payment",
    "You pay",
    "Send to",
    "Opening balance",
    "Closing balance",
    "Adjustment",
    "Balance",
    "and",
    "invoice",
    "invoices",
    "Age of the open amounts",
    "late charge",
    "Statement reference",
    "payment",
];
const DE: [&str; 34] = [
    "Beleg",
    "Ihre Referenz",
    "Datum",
    "Fällig",
    "Tage überfällig",
    "Betrag",
    "Offen",
    "Hinweis",
    "Summe",
    "strittig",
    "zugesagt zum",
    "Gutschrift",
    "noch nicht zugeordnete Zahlung",
    "Guthaben",
    "Zu zahlen",
    "davon strittig",
    "davon zugesagt",
    "Noch nicht zugeordnetes Guthaben",
    "Nicht fällig",
    "Tage",
    "Zahlungsavis: bitte mit der Zahlung zurücksenden",
    "Sie zahlen",
    "An",
    "Anfangssaldo",
    "Endsaldo",
    "Anpassung",
    "Saldo",
    "und",
    "Rechnung",
    "Rechnungen",
    "Altersstruktur",
    "Verzugskosten",
    "Auszugsreferenz",
    "Zahlung",
];
const FR: [&str; 34] = [
    "Pièce",
    "Votre référence",
    "Date",
    "Échéance",
    "Jours de retard",
    "Montant",
    "Ouvert",
    "Note",
    "Total",
    "en litige",
    "promis pour le",
    "avoir",
    "paiement non affecté",
    "acompte",
    "À payer",
    "dont en litige",
    "dont promis",
    "Crédit non affecté sur votre compte",
    "Non échu",
    "jours",
    "Avis de paiement : à joindre à votre règlement",
    "Vous réglez",
    "À envoyer à",
    "Solde initial",
    "Solde final",
    "Ajustement",
    "Solde",
    "et",
    "facture",
    "factures",
    "Antériorité du solde",
    "frais de retard",
    "Référence du relevé",
    "paiement",
];
const ES: [&str; 34] = [
    "Documento",
    "Su referencia",
    "Fecha",
    "Vencimiento",
    "Días vencidos",
    "Importe",
    "Pendiente",
    "Nota",
    "Total",
    "en disputa",
    "prometido para el",
    "abono",
    "pago sin asignar",
    "a cuenta",
    "A pagar",
    "del cual en disputa",
    "del cual prometido",
    "Saldo a favor sin asignar",
    "No vencido",
    "días",
    "Aviso de pago: devuélvalo con su pago",
    "Usted paga",
    "Enviar a",
    "Saldo inicial",
    "Saldo final",
    "Ajuste",
    "Saldo",
    "y",
    "factura",
    "facturas",
    "Antigüedad de los importes",
    "recargo por mora",
    "Referencia del extracto",
    "pago",
];

impl Words {
    /// Of a language tag.
    pub fn of(language: &str) -> Words {
        let base = language.split(['-', '_']).next().unwrap_or("");
        let (language, words) = match base.to_ascii_lowercase().as_str() {
            "de" => ("de", &DE),
            "fr" => ("fr", &FR),
            "es" => ("es", &ES),
            _ => ("en", &EN),
        };
        Words { language, words }
    }

    /// An amount without its currency; rupees in Indian groups.
    pub fn figure(self, minor: i64, currency: Currency) -> String {
        let format = match self.language {
            "de" | "es" => NumberFormat::CONTINENTAL,
            "fr" => NumberFormat {
                group_mark: '\u{a0}',
                ..NumberFormat::CONTINENTAL
            },
            _ if currency == Currency::INR => NumberFormat::INDIAN,
            _ => NumberFormat::WESTERN,
        };
        format.minor(i128::from(minor), currency.exponent())
    }

    /// An amount with its currency.
    pub fn money(self, minor: i64, currency: Currency) -> String {
        format!("{}\u{a0}{}", self.figure(minor, currency), currency.code())
    }

    /// A day nobody can misread: "21 Nov 2026".
    pub fn day(self, day: Day) -> String {
        let (y, m, d) = day.ymd();
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        match self.language {
            "de" => format!("{d:02}.{m:02}.{y}"),
            "fr" | "es" => format!("{d:02}/{m:02}/{y}"),
            _ => {
                let month = MONTHS.get(usize::from(m).saturating_sub(1)).unwrap_or(&"");
                format!("{d} {month} {y}")
            }
        }
    }

    /// Amounts of several currencies: "100.00 USD and 5.00 EUR".
    pub fn sums(self, sums: &[(Currency, i64)]) -> String {
        let all: Vec<String> = sums.iter().map(|(c, m)| self.money(*m, *c)).collect();
        match all.split_last() {
            None => String::new(),
            Some((one, [])) => one.clone(),
            Some((last, rest)) => format!("{} {} {last}", rest.join(", "), self.and()),
        }
    }

    /// Interest that is claimed beside the debt, as a sentence.
    pub fn interest_claimed(self, sums: &str) -> String {
        match self.language {
            "de" => format!(
                "Hinzu kommen Verzugszinsen und Pauschalen bis heute von {sums}; die Berechnung liegt bei."
            ),
            "fr" => format!(
                "S’y ajoutent les intérêts de retard et indemnités à ce jour : {sums} ; le calcul est joint."
            ),
            "es" => format!(
                "Se añaden los intereses de demora e indemnizaciones hasta hoy: {sums}; se adjunta el cálculo."
            ),
            _ => format!(
                "Interest and compensation for late payment to this day come to {sums}; the calculation is enclosed."
            ),
        }
    }

    /// The terms agreed with a customer, as a sentence: in words where they are so many days from the
    /// invoice's date. `None` where they cannot be read as terms: a code says nothing to a customer.
    pub fn agreed(self, terms: &str) -> Option<String> {
        let terms = terms.trim();
        let read = Terms::parse(terms).ok()?;
        let plain = read.discounts.is_empty() && read.anchor == Anchor::Invoice;
        let said = match (plain, read.plan, self.language) {
            (true, Plan::Single(Base::Days(0)), "de") => {
                "; jede Rechnung ist mit ihrem Datum fällig".to_owned()
            }
            (true, Plan::Single(Base::Days(0)), "fr") => {
                " ; chaque facture est échue à sa date".to_owned()
            }
            (true, Plan::Single(Base::Days(0)), "es") => {
                "; cada factura vence en su fecha".to_owned()
            }
            (true, Plan::Single(Base::Days(0)), _) => {
                ": each invoice is due on its date".to_owned()
            }
            (true, Plan::Single(Base::Days(n)), "de") => {
                format!("; jede Rechnung ist {n} Tage nach ihrem Datum fällig")
            }
            (true, Plan::Single(Base::Days(n)), "fr") => {
                format!(" ; chaque facture est échue {n} jours après sa date")
            }
            (true, Plan::Single(Base::Days(n)), "es") => {
                format!("; cada factura vence {n} días después de su fecha")
            }
            (true, Plan::Single(Base::Days(n)), _) => {
                format!(": each invoice is due {n} days after its date")
            }
            _ => String::new(),
        };
        Some(match self.language {
            "de" => format!("Mit Ihnen vereinbart: {terms}{said}."),
            "fr" => format!("Convenu avec vous : {terms}{said}."),
            "es" => format!("Acordado con ustedes: {terms}{said}."),
            _ => format!("Agreed with you: {terms}{said}."),
        })
    }

    /// "3 invoices".
    pub fn count(self, n: usize) -> String {
        match n {
            1 => format!("1 {}", self.invoice()),
            n => format!("{n} {}", self.invoices()),
        }
    }
}

/// What a customer asks for, in a few words.
pub fn query(kind: QueryKind) -> &'static str {
    match kind {
        QueryKind::InvoiceCopy => "Copy of an invoice",
        QueryKind::ProofOfDelivery => "Proof of delivery",
        QueryKind::BankLetter => "Letter of our bank",
        QueryKind::VendorForm => "Vendor form",
        QueryKind::PortalUpload => "Upload to their portal",
        QueryKind::Statement => "Statement of account",
        QueryKind::Other => "Something else",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreed_terms_are_said_in_words() {
        let said = |language, terms| Words::of(language).agreed(terms);
        assert_eq!(
            said("en", "Net 30").as_deref(),
            Some("Agreed with you: Net 30: each invoice is due 30 days after its date.")
        );
        assert_eq!(
            said("de", "net 14").as_deref(),
            Some(
                "Mit Ihnen vereinbart: net 14; jede Rechnung ist 14 Tage nach ihrem Datum fällig."
            )
        );
        assert_eq!(
            said("en", "2/10 net 30").as_deref(),
            Some("Agreed with you: 2/10 net 30.")
        );
        assert_eq!(said("en", ""), None);
        assert_eq!(said("en", "ZB07"), None);
    }
}
