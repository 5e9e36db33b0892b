//! Countries of the sample: their currency, clock, telephone numbers that nobody has, and words to
//! invent companies and people from. No company here is meant to exist.

use duebook_money::{Currency, Day};

/// Summer time of a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Summer {
    None,
    /// Last Sunday of March to last Sunday of October.
    Europe,
    /// Second Sunday of March to first Sunday of November.
    America,
}

/// A country of the sample.
#[derive(Debug)]
pub(crate) struct Place {
    pub code: &'static str,
    /// Of a thousand customers.
    pub weight: u32,
    pub currency: u16,
    /// IANA zones with their offset from UTC in winter, minutes.
    pub zones: &'static [(&'static str, i16)],
    pub summer: Summer,
    pub language: &'static str,
    /// A number range kept for films and tests where the country has one; `#` is a digit.
    pub phone: &'static str,
    pub stems: &'static [&'static str],
    pub sectors: &'static [&'static str],
    pub forms: &'static [&'static str],
    pub first: &'static [&'static str],
    pub last: &'static [&'static str],
}

pub(crate) const AED: u16 = 784;
pub(crate) const EUR: u16 = 978;
pub(crate) const GBP: u16 = 826;
pub(crate) const INR: u16 = 356;
pub(crate) const JPY: u16 = 392;
pub(crate) const KWD: u16 = 414;
pub(crate) const USD: u16 = 840;

/// A currency by its ISO number; the numbers above exist.
pub(crate) fn currency(numeric: u16) -> Currency {
    Currency::from_numeric(numeric).unwrap_or(Currency::XXX)
}

const ENGLISH_SECTORS: &[&str] = &[
    "Logistics",
    "Foods",
    "Packaging",
    "Medical Supply",
    "Fabrication",
    "Textiles",
    "Retail Group",
    "Components",
    "Coatings",
    "Media",
    "Energy Services",
    "Paper",
    "Machinery",
    "Studios",
    "Facilities",
    "Instruments",
];

#[rustfmt::skip]
pub(crate) const PLACES: &[Place] = &[
    Place {
        code: "US", weight: 230, currency: USD, summer: Summer::America, language: "en-US", phone: "+1 312 555 01##",
        zones: &[("America/New_York", -300), ("America/Chicago", -360), ("America/Los_Angeles", -480)],
        stems: &["Larkhollow", "Tamberline", "Quillstone", "Redfinch Bay", "Ostermark", "Bluefenn", "Ironlark", "Copperfell", "Wrenfield", "Stonevane", "Junipeak", "Cindervale", "Foxmantle", "Prairie Anchor"],
        sectors: ENGLISH_SECTORS, forms: &["Inc.", "LLC", "Corp.", "Co., The"],
        first: &["Denise", "Marcus", "Kayla", "Terrence", "Lori", "Andre", "Paula", "Brent"], last: &["Whitcomb", "Okafor", "Delgado", "Hartsell", "Nguyen", "Brandvold", "Pruitt", "Castellano"],
    },
    Place {
        code: "GB", weight: 170, currency: GBP, summer: Summer::Europe, language: "en-GB", phone: "+44 20 7946 0###",
        zones: &[("Europe/London", 0)],
        stems: &["Harrowmere", "Marrowgate", "Millbrace", "Penhallick", "Thistlewood Quay", "Ashcombe Vale", "Brindlemoor", "Netherby Cross", "Oldwick", "Saltmarsh & Dunn", "Kestrelbrook"],
        sectors: ENGLISH_SECTORS, forms: &["Ltd", "PLC", "LLP"],
        first: &["Fiona", "Gareth", "Priya", "Nigel", "Siân", "Callum", "Harriet", "Owen"], last: &["Ackroyd", "Llewellyn", "Battacharya", "Tamsin-Reed", "Mott", "O'Dowd", "Penrose", "Fairweather"],
    },
    Place {
        code: "DE", weight: 130, currency: EUR, summer: Summer::Europe, language: "de", phone: "+49 30 23125 ###",
        zones: &[("Europe/Berlin", 60)],
        stems: &["Quellwerk", "Tannbrück", "Möwenfels", "Eichgrund", "Silberkamp", "Hübschlin", "Rübenthal", "Kärstner", "Grünhagen & Söhne", "Löwenmark", "Weißdornhof"],
        sectors: &["Medizintechnik", "Logistik", "Verpackungen", "Maschinenbau", "Lebensmittel", "Druck", "Anlagenbau", "Werkzeuge"], forms: &["GmbH", "GmbH & Co. KG", "AG", "e.K."],
        first: &["Annegret", "Jörg", "Sabine", "Uwe", "Katharina", "Thorsten", "Heike", "Björn"], last: &["Möllenkamp", "Strüver", "Haßler", "Dietzsch", "Öhlmann", "Friedrichs", "Kübler", "Wendtland"],
    },
    Place {
        code: "FR", weight: 90, currency: EUR, summer: Summer::Europe, language: "fr", phone: "+33 1 99 00 ## ##",
        zones: &[("Europe/Paris", 60)],
        stems: &["Valdoré", "Boisperché", "Rivaudière", "Montécluse", "Hautelande", "Ébénor", "Grandpreuil", "Lormeraie", "Noirvent", "L'Œuvre du Cens"],
        sectors: &["Emballages", "Transports", "Boulangerie", "Matériaux", "Énergie", "Textiles", "Imprimerie", "Conseil"], forms: &["SARL", "SAS", "S.A."],
        first: &["Hélène", "Benoît", "Maëlle", "Jérôme", "Françoise", "Cédric", "Noémie", "Thibault"], last: &["Garrigou", "Lefèvre-Dunan", "Perrichon", "Aubépin", "Dessaulx", "Quémener", "Tournadre", "Vasseur"],
    },
    Place {
        code: "PL", weight: 50, currency: EUR, summer: Summer::Europe, language: "pl", phone: "+48 22 555 0# ##",
        zones: &[("Europe/Warsaw", 60)],
        stems: &["Brzegowiec", "Łąkomir", "Świerkol", "Żurawin", "Dębnica Nowa", "Jaźwin", "Krzemionek", "Źródłowa"],
        sectors: &["Logistyka", "Opakowania", "Stal", "Meble", "Żywność", "Transport"], forms: &["Sp. z o.o.", "S.A."],
        first: &["Małgorzata", "Paweł", "Agnieszka", "Łukasz", "Joanna", "Wojciech"], last: &["Wiśniowska", "Drążek", "Zięba", "Kołodziej", "Święcicka", "Gąsior"],
    },
    Place {
        code: "GR", weight: 20, currency: EUR, summer: Summer::Europe, language: "el", phone: "+30 21 0555 0###",
        zones: &[("Europe/Athens", 120)],
        stems: &["Αιγιαλίδα", "Θαλασσινός Όρμος", "Λευκόπετρα", "Μελισσάρη", "Πευκώνας"],
        sectors: &["Τρόφιμα", "Εμπορική", "Ναυτιλιακή", "Συσκευασίες"], forms: &["Α.Ε.", "Ε.Π.Ε."],
        first: &["Ελένη", "Γιώργος", "Δέσποινα", "Νίκος"], last: &["Καλλέργη", "Σταυρίδης", "Μαρκάκη", "Βλάχος"],
    },
    Place {
        code: "IN", weight: 170, currency: INR, summer: Summer::None, language: "en-IN", phone: "+91 22 5550 0###",
        zones: &[("Asia/Kolkata", 330)],
        stems: &["Suryagarh", "Vanshil", "Tejomay", "Kaveripat", "Aranyak", "Madhuvrat", "Rudrapali", "Indrakeel", "Chandravale", "सूर्यपथ", "हरितवन"],
        sectors: &["Exports", "Textiles", "Infra", "Agro", "Pharma Distributors", "Workspaces", "Traders", "Techserve", "Castings"], forms: &["Pvt Ltd", "LLP", "Ltd"],
        first: &["Ananya", "Vikram", "Sunita", "Rahul", "Deepa", "Arjun", "Kavitha", "Imran"], last: &["Deshpande", "Raghunathan", "Chaudhary", "Bhonsle", "Sequeira", "Talwar", "Iyengar", "Qureshi"],
    },
    Place {
        code: "JP", weight: 60, currency: JPY, summer: Summer::None, language: "ja", phone: "+81 3 0000 0###",
        zones: &[("Asia/Tokyo", 540)],
        stems: &["株式会社青葉峰", "株式会社白鷺野", "北斗浜", "株式会社若松瀬", "藤棚台", "Akatsukihama"],
        sectors: &["物流", "食品", "製作所", "商事", "電機", "印刷"], forms: &[""],
        first: &["由美", "健一", "さくら", "大輔", "Naoko"], last: &["早乙女", "黒柳", "五十嵐", "片桐", "Minagawa"],
    },
    Place {
        code: "AE", weight: 60, currency: AED, summer: Summer::None, language: "en-AE", phone: "+971 4 555 0###",
        zones: &[("Asia/Dubai", 240)],
        stems: &["Al Sahra Noor", "Wadi Rimal", "Marsa Lulu", "Jabal Zafran", "Nakhla Gate", "واحة الريم", "مرسى اللؤلؤ"],
        sectors: &["Trading", "Contracting", "Facilities", "Marine", "Foodstuff"], forms: &["LLC", "FZE"],
        first: &["Layla", "Omar", "Reem", "Joseph", "Salma"], last: &["Haddad", "Al Marzan", "Pereira", "Nasser", "Fakhri"],
    },
    Place {
        code: "KW", weight: 20, currency: KWD, summer: Summer::None, language: "ar", phone: "+965 2555 0###",
        zones: &[("Asia/Kuwait", 180)],
        stems: &["Bahr Dana", "Qasr Failak", "Nuwair", "دانة البحر"],
        sectors: &["General Trading", "Contracting", "Catering"], forms: &["W.L.L.", "K.S.C.C."],
        first: &["Dalal", "Yousef", "Maha"], last: &["Al Sabran", "Behbehan", "Al Failak"],
    },
];

fn sunday_on_or_before(day: Day) -> Day {
    let since = (i32::from(day.weekday().index()) + 1) % 7;
    day.plus(-since)
}

/// Whether summer time is in force on a day.
fn is_summer(rule: Summer, day: Day) -> bool {
    let ymd = |month, dom| Day::from_ymd(day.year(), month, dom).unwrap_or(day);
    let (from, to) = match rule {
        Summer::None => return false,
        Summer::Europe => (
            sunday_on_or_before(ymd(3, 31)),
            sunday_on_or_before(ymd(10, 31)),
        ),
        Summer::America => (
            sunday_on_or_before(ymd(3, 14)),
            sunday_on_or_before(ymd(11, 7)),
        ),
    };
    from <= day && day < to
}

impl Place {
    /// Minutes from UTC on a day, for a zone of this place.
    pub fn offset(&self, zone: usize, day: Day) -> i16 {
        let (_, winter) = self.zones[zone];
        winter + if is_summer(self.summer, day) { 60 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cp_01_summer_time_by_rule() {
        let day = |m, d| Day::from_ymd(2026, m, d).expect("a date");
        for (rule, date, summer) in [
            (Summer::Europe, day(3, 28), false),
            (Summer::Europe, day(3, 29), true),
            (Summer::Europe, day(10, 24), true),
            (Summer::Europe, day(10, 25), false),
            (Summer::America, day(3, 7), false),
            (Summer::America, day(3, 8), true),
            (Summer::America, day(10, 31), true),
            (Summer::America, day(11, 1), false),
            (Summer::None, day(7, 1), false),
        ] {
            assert_eq!(is_summer(rule, date), summer, "{rule:?} {date}");
        }
    }

    #[test]
    fn weights_sum_and_currencies_exist() {
        assert_eq!(PLACES.iter().map(|p| p.weight).sum::<u32>(), 1000);
        for p in PLACES {
            assert_eq!(currency(p.currency).numeric(), p.currency);
        }
    }
}
