//! The names columns go by: English, German, French, Spanish, and the exports of SAP (FBL5N and
//! technical names), Oracle, NetSuite, QuickBooks, Xero, Zoho, Tally, Dynamics, HighRadius, the IBM
//! sample and a few public data sets. Written in the folded form of [`fold`].

use super::mapping::Field;
use Field::*;

/// Every field's names; a name stands for one field only.
pub(crate) const SYNONYMS: &[(Field, &str)] = &[
    (
        Entity,
        "company code|company|entity|business code|cocd|bukrs|buchungskreis|legal entity|subsidiary|operating unit|business unit|org|organization|societe|sociedad|mandant|firm|companycode|company id|co code|bus unit|data area|area business|org id",
    ),
    (
        CustomerNumber,
        "customer id|customer number|customer no|customer|cust number|cust no|cust id|customer code|customer account|account number|account no|account|acct|acct no|kunnr|kunde|kundennummer|kundennr|kunden nr|debitor|debitorennummer|debitor nr|debitorennr|client id|client number|client no|client code|code client|numero client|no client|n client|codigo cliente|numero cliente|cliente|cod cliente|party code|party id|bill to|bill to number|bill to customer|sold to|payer|custaccount|customerid|account id|custno|debtor|debtor number|debtor code|business partner|customer ref|entity id|contact number|cust account|accountnum|order account",
    ),
    (
        CustomerName,
        "customer name|name|name 1|name1|name customer|cust name|customer full name|kundenname|name des kunden|nom client|nom du client|raison sociale|nombre cliente|nombre del cliente|nombre|razon social|client name|client|party name|party s name|partys name|particulars|company name|account name|contact name|contactname|bill to name|payer name|debtor name|display name|customer job|customer business name|party|organization name|sold to name|debitorname|firma|short name|account holder",
    ),
    (
        Country,
        "country|country code|countrycode|country key|land|landkz|land1|pays|pais|customer country|country region|billing country|cty|nation",
    ),
    (
        Segment,
        "segment|customer segment|customer group|customer type|kundengruppe|groupe client|grupo cliente|industry|tier|customer class|category|customer category|risk class|branche",
    ),
    (
        Zone,
        "time zone|timezone|tz|zone|iana zone|zeitzone|fuseau horaire|zona horaria",
    ),
    (
        Parent,
        "parent|parent customer|parent number|parent id|parent account|head office|headquarter|konzern|konzernnummer|group account|ultimate parent|maison mere|matriz|top level parent",
    ),
    (
        CreditLimit,
        "credit limit|limit|kreditlimit|limite credit|limite de credit|limite de credito|creditlimit|credit line",
    ),
    (
        Collector,
        "collector|collector name|collector id|collections specialist|collection agent|sachbearbeiter|bearbeiter|acctg clerk|accounting clerk|busab|agent recouvrement|gestor|gestor de cobros|credit controller|collection specialist|collector code|assigned to",
    ),
    (
        AccountManager,
        "account manager|sales rep|salesperson|sales person|sales representative|key account manager|kam|vertreter|vertriebsbeauftragter|commercial|comercial|vendedor|salesperson name|rep|sales employee|account owner|owner",
    ),
    (
        Number,
        "invoice no|invoice number|invoice num|invoicenumber|invoice|inv no|inv number|inv num|document number|document no|doc no|doc number|documentno|document|belnr|belegnummer|beleg nr|belegnr|beleg|rechnungsnummer|rechnungsnr|rechnung nr|rechnung|rg nr|numero facture|no facture|n facture|numero de facture|facture|facture no|numero factura|numero de factura|n factura|no factura|num factura|factura|transaction number|trx number|transaction no|num|bill number|bill no|voucher|voucher no|voucher number|vch no|ref no|no|tran id|number|document number id|numero piece|piece|numero documento|num documento|ledger voucher|transaction num|trans no|trans|bill id|bill ref|bill reference|doc id|invoice id",
    ),
    (
        Line,
        "line|line no|line number|line item|item|itm|buzei|position|pos|instalment|installment|instalment no|installment number|payment schedule|term line|sequence|seq|rate nr|echeance no|terms sequence number|sub line",
    ),
    (
        FiscalYear,
        "fiscal year|year|gjahr|geschaftsjahr|buisness year|business year|exercice|ejercicio|ano fiscal|fy|fisc year",
    ),
    (
        DocType,
        "doc type|document type|type|transaction type|txn type|trans type|blart|belegart|ty|typ|type de piece|type document|type de document|tipo documento|tipo de documento|tipo|clase de documento|voucher type|vch type|record type|invoice type|class code|trx type|dt|posting type|entry type|class",
    ),
    (
        DocDate,
        "invoice date|document date|doc date|date|bill date|issue date|date issued|bldat|belegdatum|rechnungsdatum|rg datum|datum|date facture|date de facture|date piece|date de piece|fecha factura|fecha de factura|fecha documento|fecha de documento|fecha|transaction date|trx date|invoicedate|voucher date|vch date|document create date|inv date|txn date|tran date|billing date|invoice issue date|date d emission|fecha emision|fecha de emision|created date|docdate|ausstellungsdatum|fakturadatum",
    ),
    (
        PostingDate,
        "posting date|gl date|pstng date|budat|buchungsdatum|date comptable|date de comptabilisation|fecha contabilizacion|fecha contable|fecha de contabilizacion|accounting date|booking date|posted date|post date|entry date",
    ),
    (
        BaselineDate,
        "baseline date|baseline payment date|baseline payment dte|base line date|zfbdt|basisdatum|zahlungsbasisdatum|baseline create date|bline date|date de base|fecha base|baseline pmt dte|net baseline",
    ),
    (
        DueDate,
        "due date|net due date|due in date|due|duedate|maturity|maturity date|netdt|faelligkeit|falligkeit|falligkeitsdatum|faelligkeitsdatum|nettofalligkeit|netto falligkeit|fallig am|fallig|faellig am|zahlbar bis|date echeance|date d echeance|echeance|fecha vencimiento|fecha de vencimiento|vencimiento|fecha vto|payment due date|due on|net due dt|pay by|date due|payment due|net due",
    ),
    (
        TermsDays,
        "terms days|credit days|payment days|days credit|net days|zahlungsziel tage|zahlungsziel in tagen|ziel tage|delai|dias|dias credito|dias de credito|zbd1t|credit period",
    ),
    (
        Terms,
        "terms|payment terms|payment term|pay terms|cust payment terms|terms of payment|payt|pay t|zterm|zahlungsbedingung|zahlungsbedingungen|zahlungsziel|zahlungskondition|conditions de paiement|condition paiement|delai de paiement|condiciones de pago|condicion de pago|terminos de pago|terms code|payment terms code|term|payt terms|pmt terms|term name|terms name",
    ),
    (
        ClearingDate,
        "clearing date|clear date|cleared date|settled date|settlement date|settleddate|augdt|ausgleichsdatum|ausgleich|ausgl datum|date de rapprochement|date lettrage|date de lettrage|fecha compensacion|fecha de compensacion|closed date|date closed|close date|paid date|date paid|payment received date|fully paid on date|bezahlt am|date de reglement|fecha pago total|clearing|last settlement date|gl date closed|clrng date|clearing dt",
    ),
    (
        ClearingDoc,
        "clearing document|clearing doc|clrng doc|clearing document number|augbl|ausgleichsbeleg|ausgl beleg|piece de rapprochement|documento compensacion|documento de compensacion|cleared by|lettrage|clrng doc no|applying transaction",
    ),
    (
        LastPayment,
        "last payment date|last payment|last paid date|letzte zahlung|dernier paiement|date dernier paiement|ultimo pago|fecha ultimo pago|last payment received|last receipt date",
    ),
    (
        AgingAnchor,
        "aging date|ageing date|aging anchor|age from|aging basis date",
    ),
    (
        Currency,
        "currency|currency code|curr|curr code|ccy|doc currency|document currency|invoice currency|transaction currency|waers|wahrung|waehrung|wahrungscode|belegwahrung|devise|monnaie|moneda|divisa|cur|crcy|currency id|invoice currency code|iso currency|entered currency|currencycode|wrg|doc curr",
    ),
    (
        Amount,
        "amount|invoice amount|original amount|amount in doc curr|amount in document currency|amt in doc curr|amount in doc currency|wrbtr|total|invoice total|total amount|gross amount|document amount|doc amount|betrag|betrag in belegwahrung|rechnungsbetrag|belegbetrag|bruttobetrag|ursprungsbetrag|originalbetrag|gesamtbetrag|montant|montant ttc|montant facture|montant en devise|montant en devise piece|importe|importe total|importe factura|importe documento|importe en moneda doc|monto|total factura|invoiceamount|invoice amt|amount due original|orig amount|original value|invoice value|bill amount|value|amt|net amount|amount foreign currency|amount transaction currency|entered amount|original amt|converted usd|total open amount|grand total|transaction amount|amount cur|invoiced|original balance|amount in transaction currency|amount foreign|invoice gross amount",
    ),
    (
        OpenAmount,
        "open amount|outstanding|outstanding amount|open balance|balance|balance due|amount due|amount remaining|remaining amount|remaining|open|open amt|outstanding balance|offener betrag|offen|restbetrag|saldo|offener posten|offener saldo|solde|solde du|montant du|reste a payer|montant restant|montant ouvert|saldo pendiente|pendiente|importe pendiente|monto pendiente|importe abierto|amount outstanding|unpaid amount|unpaid|amount due remaining|balance amount|due amount|pending amount|closing balance|amount open|remaining balance|amountdue|open value|current balance|invoice balance|balance owed|restant du|offen in belegwahrung|open amount doc curr|remain amount cur|invoice amount due|balance in transaction currency|amount remaining foreign currency",
    ),
    (
        Paid,
        "paid|paid amount|amount paid|amountpaid|payments|payments received|received|received amount|bezahlt|gezahlt|gezahlter betrag|paye|montant paye|regle|montant regle|pagado|importe pagado|cobrado|collected|applied|applied amount|settled amount|amount applied|invoice amount paid|settle amount cur",
    ),
    (
        Debit,
        "debit|debit amount|dr|soll|sollbetrag|debe|debits|charges|debit amt|dr amount",
    ),
    (
        Credit,
        "credit|credit amount|cr|haben|habenbetrag|haber|credits|credit amt|cr amount",
    ),
    (
        DebitCredit,
        "debit credit indicator|d c|dc|dr cr|d c indicator|debit credit|soll haben|soll haben kennzeichen|shkzg|s h|sens|indicateur debit credit|indicador debe haber|debe haber|dc indicator|sign|dr cr flag|dbcr|posting side",
    ),
    (
        LocalAmount,
        "amount in local currency|amount in local curr|amt in loc cur|amount in lc|amount in company code currency|local amount|local currency amount|base amount|functional amount|functional currency amount|dmbtr|betrag in hauswahrung|betrag hauswahrung|hauswahrungsbetrag|betrag in hw|montant en devise interne|montant devise locale|montant en monnaie locale|importe en moneda local|importe moneda local|accounted amount|amount mst|amount accounting currency|amount home|home amount|amount base currency|amount in base currency|amount local currency|lc amount|acctd amount|bcy total|acctd amount due remaining|amount in accounting currency|balance in accounting currency",
    ),
    (
        LocalCurrency,
        "local currency|lcurr|local curr|hauswahrung|company currency|company code currency|base currency|functional currency|devise interne|devise locale|moneda local|hwaer|home currency|accounting currency|hauswahr",
    ),
    (
        GroupAmount,
        "group amount|amount in group currency|group currency amount|reporting amount|amount in reporting currency|dmbe2|betrag in konzernwahrung|betrag konzernwahrung|amount in group curr|amount in loc curr 2|lc2 amount|amount reporting currency|global amount|amount in global currency|montant en devise groupe|importe en moneda de grupo",
    ),
    (
        GroupCurrency,
        "group currency|group curr|reporting currency|konzernwahrung|lcur2|devise groupe|moneda de grupo|hwae2",
    ),
    (
        Tax,
        "tax|tax amount|vat|vat amount|gst|gst amount|sales tax|mwst|mwst betrag|steuer|steuerbetrag|tva|montant tva|iva|importe iva|mwsts|tax total|total tax",
    ),
    (
        Reference,
        "reference|reference no|reference number|ref|reference document|xblnr|referenz|referenznummer|referenz nr|reference client|referencia|ref number|customer reference|your reference|external reference|external document no|assignment|zuordnung|zuonr|ref number customer|reference num|invoice reference|billing document|bill doc|vbeln|other reference|reference key|inv ref|previous trx number|created from",
    ),
    (
        Po,
        "po|po number|po no|po num|purchase order|purchase order number|purchase order no|customer po|cust po|bestellnummer|bestellung|bestell nr|bestellnr|numero commande|bon de commande|n commande|commande|orden de compra|pedido|numero pedido|p o number|p o|order number|bstnk|purchaseorder|po ref|customer purchase order|purchase order ref|your order|po check number",
    ),
    (
        Contract,
        "contract|contract number|contract no|contract id|agreement|agreement number|vertrag|vertragsnummer|vertragsnr|contrat|numero contrat|contrato|numero contrato|lease|lease number|schedule|schedule number|subscription|subscription id|contract schedule",
    ),
    (
        Status,
        "status|invoice status|state|document status|item status|statut|estado|is open|isopen|cleared open items symbol|payment status|bill status|stage|status code|symbol",
    ),
    (
        Reason,
        "reason|reason code|dispute reason|rsn code|rstgr|grund|abweichungsgrund|differenzgrund|motif|motif litige|motivo|codigo motivo|dispute code|deduction reason|dispute|disputed|dispute category|payment block|pmt block|zahlsperre|zlspr",
    ),
    (
        Text,
        "text|description|item text|sgtxt|positionstext|memo|comment|comments|remark|remarks|note|notes|buchungstext|bemerkung|kommentar|libelle|texte|designation|texto|descripcion|concepto|observaciones|narration|details|memo description|line description|header text|bktxt",
    ),
    (
        ReceivableType,
        "receivable type|charge type|revenue type|item type|product type|billing type|forderungsart|type de creance|tipo de cobro|line type|special g l ind|special gl ind|special gl indicator|umskz|sonderhauptbuchkennzeichen|charge code",
    ),
    (
        ContactName,
        "contact|contact person|contact full name|ansprechpartner|interlocuteur|persona de contacto|contacto|first last name|primary contact|attention|attn|full name|person",
    ),
    (
        Role,
        "role|contact role|job title|title|position title|funktion|fonction|cargo|puesto|contact type|department|abteilung",
    ),
    (
        Mailbox,
        "email|e mail|email address|emailaddress|mail|e mail address|contact email|mailadresse|e mail adresse|adresse mail|adresse e mail|courriel|correo|correo electronico|primary email|smtp addr|mailbox|main email|emailid|email id",
    ),
    (
        Phone,
        "phone|phone number|telephone|telephone number|phone no|tel|tel no|telefon|telefonnummer|telefon nr|telefono|numero de telephone|main phone|mobile|mobile phone|mobile number|cell|handy|contact phone|telf1|primary phone|phonenumber|direct dial",
    ),
    (
        Language,
        "language|language code|language key|lang|sprache|sprachenschlussel|spras|langue|idioma|preferred language|correspondence language",
    ),
    (
        PaymentNumber,
        "payment id|payment number|payment no|payment num|receipt number|receipt no|receipt id|zahlungsnummer|zahlungsbeleg|numero paiement|numero de pago|cheque number|check number|check no|receipt|payment reference|receipt num|payment ref|paymentid",
    ),
    (
        PaymentDate,
        "payment date|receipt date|value date|date received|received date|valuta|zahlungsdatum|zahlungseingang|date paiement|date de paiement|date reglement|fecha pago|fecha de pago|fecha cobro|fecha valor|date of payment|deposit date|paymentdate|remittance date|valutadatum",
    ),
    (
        PaymentAmount,
        "payment amount|receipt amount|amount received|zahlungsbetrag|zahlung|montant paiement|montant du paiement|importe pago|importe cobrado|monto pagado|payment amt|cash received|paymentamount|payment|remitted amount",
    ),
    (
        PaymentMethod,
        "payment method|method|payment type|payment mode|receipt method|zahlweg|zahlungsart|zahlungsmethode|mode de paiement|mode paiement|moyen de paiement|forma de pago|metodo de pago|pymt meth|zlsch|payment channel",
    ),
    (
        Month,
        "month|period|sales month|monat|periode|mois|mes|periodo|posting period|year month|yearmonth|revenue month|fiscal period",
    ),
    (
        SalesAmount,
        "sales|net sales|gross sales|revenue|turnover|umsatz|nettoumsatz|chiffre d affaires|ca|ventes|ventas|facturacion|credit sales|monthly sales|sales amount|billed|billings|invoiced amount|net revenue",
    ),
    (
        Keep,
        "account code|gl account|g l account|ledger account|sales account|inventory item code",
    ),
    (
        Ignore,
        "icon|symbol icon|net due date symbol|due net symbol|row|row no|row number|index|sl no|s no|sr no|lfd nr|days late|days overdue|days past due|overdue days|days to settle|daystosettle|dayslate|age|age in days|aging|aging bucket|ageing bucket|bucket|arrears after net due date|arrears|arrears for discount|arrears by net due date|verzugstage|verzug|jours de retard|dias de retraso|dias vencidos|tage uberfallig|invoice month|net due date sym|overdue by days|age of bill in days|document create date 1|is open symbol",
    ),
];

/// Lower case, without accents, camel case split, everything but letters and digits one blank:
/// `Fälligkeits-Datum` is `falligkeits datum`, `InvoiceDate` is `invoice date`.
pub fn fold(header: &str) -> String {
    let mut out = String::with_capacity(header.len() + 4);
    let mut previous = ' ';
    let mut chars = header.chars().peekable();
    while let Some(c) = chars.next() {
        let next_lower = chars.peek().is_some_and(|n| n.is_lowercase());
        let camel = c.is_uppercase()
            && (previous.is_lowercase()
                || (previous.is_uppercase() && next_lower && out.len() > 3));
        if camel && !out.ends_with(' ') {
            out.push(' ');
        }
        previous = c;
        for l in c.to_lowercase() {
            push_plain(l, &mut out);
        }
    }
    let len = out.trim_end().len();
    out.truncate(len);
    out
}

fn push_plain(c: char, out: &mut String) {
    let plain = match c {
        'a'..='z' | '0'..='9' => c,
        'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' | 'ą' => 'a',
        'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ů' => 'u',
        'ç' | 'č' | 'ć' => 'c',
        'ñ' | 'ń' => 'n',
        'ł' => 'l',
        'š' | 'ś' => 's',
        'ž' | 'ź' | 'ż' => 'z',
        'ß' => return out.push_str("ss"),
        'œ' => return out.push_str("oe"),
        'æ' => return out.push_str("ae"),
        // "n°", "No." and "º" mean number and are folded to a blank like other signs; a combining
        // accent belongs to the letter before it.
        '\u{300}'..='\u{36f}' => return,
        c if c.is_alphanumeric() => c,
        _ => ' ',
    };
    if plain != ' ' || !(out.is_empty() || out.ends_with(' ')) {
        out.push(plain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_fold() {
        assert_eq!(fold("Fälligkeits-Datum"), "falligkeits datum");
        assert_eq!(fold("InvoiceDate"), "invoice date");
        assert_eq!(fold("customerID"), "customer id");
        assert_eq!(fold("*ContactName"), "contact name");
        assert_eq!(fold("PO Number"), "po number");
        assert_eq!(fold("  Date d'échéance "), "date d echeance");
    }

    #[test]
    fn names_are_folded_and_stand_for_one_field() {
        let mut seen = std::collections::BTreeMap::new();
        for (field, names) in SYNONYMS {
            for name in names.split('|') {
                assert_eq!(fold(name), name, "{field:?}");
                if let Some(other) = seen.insert(name, field) {
                    panic!("{name} is {other:?} and {field:?}");
                }
            }
        }
    }
}
