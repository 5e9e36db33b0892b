//! ISO 4217 currencies, kept as their numeric code.

use core::fmt;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// A currency, stored and compared by its ISO 4217 numeric code: the number never changes its
/// meaning, so it may be written to disk.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency(u16);

impl Currency {
    /// Euro.
    pub const EUR: Currency = Currency(978);
    /// US dollar.
    pub const USD: Currency = Currency(840);
    /// Pound sterling.
    pub const GBP: Currency = Currency(826);
    /// Indian rupee.
    pub const INR: Currency = Currency(356);
    /// Japanese yen (no minor unit).
    pub const JPY: Currency = Currency(392);
    /// Kuwaiti dinar (three decimals).
    pub const KWD: Currency = Currency(414);
    /// ISO's own code for "no currency".
    pub const XXX: Currency = Currency(999);

    /// The currency of an alphabetic code, in any case and with blanks around it.
    pub fn from_code(code: &str) -> Option<Currency> {
        let code = code.trim();
        let mut upper = [0u8; 3];
        if code.len() != 3 || !code.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        for (to, from) in upper.iter_mut().zip(code.bytes()) {
            *to = from.to_ascii_uppercase();
        }
        let upper = core::str::from_utf8(&upper).ok()?;
        iso_currency::Currency::from_code(upper).map(|c| Currency(c.numeric()))
    }

    /// The currency of an ISO numeric code, if there is one.
    pub fn from_numeric(numeric: u16) -> Option<Currency> {
        iso_currency::Currency::from_numeric(numeric).map(|c| Currency(c.numeric()))
    }

    /// The ISO 4217 numeric code.
    pub const fn numeric(self) -> u16 {
        self.0
    }

    fn iso(self) -> iso_currency::Currency {
        // The number was checked when the value was made, so the other branch is not reached;
        // XXX is ISO's own code for "no currency".
        iso_currency::Currency::from_numeric(self.0).unwrap_or(iso_currency::Currency::XXX)
    }

    /// The three-letter code.
    pub fn code(self) -> &'static str {
        self.iso().code()
    }

    /// The English name.
    pub fn name(self) -> String {
        self.iso().name().to_owned()
    }

    /// How many decimals the minor unit has: EUR 2, JPY 0, KWD 3, CLF 4. Codes for which ISO
    /// names no minor unit (metals, XXX) count as 2.
    pub fn exponent(self) -> u8 {
        match self.0 {
            // What nearly every row of nearly every file is in.
            978 | 840 | 826 | 356 => 2,
            _ => self
                .iso()
                .exponent()
                .and_then(|e| u8::try_from(e).ok())
                .unwrap_or(2),
        }
    }

    /// Minor units in one major unit: 10 to the power of the exponent.
    pub fn minor_per_major(self) -> i64 {
        10i64.pow(u32::from(self.exponent()))
    }

    /// The currencies a sign such as `€`, `$` or `Rs.` may stand for, most used first. More than
    /// one means that the sign alone does not tell: ask, or look at the rest of the file.
    pub fn from_symbol(symbol: &str) -> Vec<Currency> {
        let symbol = symbol.trim();
        SYMBOLS
            .iter()
            .find(|(s, _)| s.to_lowercase() == symbol.to_lowercase())
            .map(|(_, codes)| {
                codes
                    .iter()
                    .filter_map(|c| Currency::from_code(c))
                    .collect()
            })
            .unwrap_or_default()
    }

    /// The sign to print before an amount, where one is usual and short; else the code.
    pub fn symbol(self) -> &'static str {
        let code = self.code();
        SYMBOLS
            .iter()
            .find(|(s, codes)| codes.first() == Some(&code) && !s.ends_with('.'))
            .map_or(code, |(s, _)| s)
    }
}

/// Signs found in amount cells, longest first where one begins another. The first currency listed
/// is the one that uses the sign most.
pub(crate) const SYMBOLS: &[(&str, &[&str])] = &[
    ("US$", &["USD"]),
    ("AU$", &["AUD"]),
    ("CA$", &["CAD"]),
    ("NZ$", &["NZD"]),
    ("HK$", &["HKD"]),
    ("NT$", &["TWD"]),
    ("MX$", &["MXN"]),
    ("RD$", &["DOP"]),
    ("TT$", &["TTD"]),
    ("A$", &["AUD"]),
    ("C$", &["CAD", "NIO"]),
    ("S$", &["SGD", "SBD"]),
    ("R$", &["BRL"]),
    ("$U", &["UYU"]),
    (
        "$",
        &[
            "USD", "CAD", "AUD", "SGD", "NZD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD", "TTD",
            "JMD", "BBD", "BSD", "BZD", "FJD", "XCD", "KYD", "BMD", "BND", "GYD", "LRD", "NAD",
            "SRD", "UYU", "DOP",
        ],
    ),
    ("€", &["EUR"]),
    ("£", &["GBP", "EGP", "FKP", "GIP", "SHP"]),
    ("¥", &["JPY", "CNY"]),
    ("円", &["JPY"]),
    ("元", &["CNY"]),
    ("₹", &["INR"]),
    ("Rs.", &["INR", "PKR", "LKR", "NPR", "MUR", "SCR"]),
    ("Rs", &["INR", "PKR", "LKR", "NPR", "MUR", "SCR"]),
    ("₨", &["PKR", "INR", "LKR", "NPR", "MUR"]),
    ("₩", &["KRW", "KPW"]),
    ("₽", &["RUB"]),
    ("₺", &["TRY"]),
    ("₴", &["UAH"]),
    ("₸", &["KZT"]),
    ("₫", &["VND"]),
    ("₪", &["ILS"]),
    ("₱", &["PHP", "CUP"]),
    ("₦", &["NGN"]),
    ("฿", &["THB"]),
    ("৳", &["BDT"]),
    ("₲", &["PYG"]),
    ("₡", &["CRC"]),
    ("₾", &["GEL"]),
    ("₼", &["AZN"]),
    ("GH₵", &["GHS"]),
    ("zł", &["PLN"]),
    ("Kč", &["CZK"]),
    ("Ft", &["HUF"]),
    ("kr.", &["DKK", "SEK", "NOK", "ISK"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    ("SFr.", &["CHF"]),
    ("SFr", &["CHF"]),
    ("Fr.", &["CHF"]),
    ("Fr", &["CHF"]),
    ("lei", &["RON", "MDL"]),
    ("лв.", &["BGN"]),
    ("лв", &["BGN"]),
    ("RM", &["MYR"]),
    ("Rp", &["IDR"]),
    ("KSh", &["KES"]),
    ("TSh", &["TZS"]),
    ("USh", &["UGX"]),
    ("Dhs.", &["AED"]),
    ("Dhs", &["AED"]),
    ("Dh", &["AED", "MAD"]),
    ("S/", &["PEN"]),
    ("B/.", &["PAB"]),
    ("KD", &["KWD"]),
    ("RO", &["OMR"]),
    ("QR", &["QAR"]),
    ("SR", &["SAR", "SCR"]),
    ("BD", &["BHD"]),
    ("R", &["ZAR"]),
];

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl<C> Encode<C> for Currency {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.u16(self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Currency {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        Currency::from_numeric(d.u16()?)
            .ok_or_else(|| decode::Error::message("not an ISO 4217 numeric code").at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_exponents_and_numbers() {
        for (code, numeric, exponent) in [
            ("EUR", 978, 2),
            ("JPY", 392, 0),
            ("KRW", 410, 0),
            ("KWD", 414, 3),
            ("BHD", 48, 3),
            ("TND", 788, 3),
            ("CLF", 990, 4),
            ("INR", 356, 2),
            ("HRK", 191, 2),
        ] {
            let c = Currency::from_code(code).expect(code);
            assert_eq!(
                (c.numeric(), c.exponent(), c.code()),
                (numeric, exponent, code)
            );
            assert_eq!(Currency::from_numeric(numeric), Some(c));
        }
        assert_eq!(Currency::from_code(" usd\u{a0}"), Some(Currency::USD));
        for bad in ["", "US", "USDX", "ZZZ", "€", "1234", "éa"] {
            assert_eq!(Currency::from_code(bad), None, "{bad}");
        }
        assert_eq!(Currency::from_numeric(1), None);
    }

    #[test]
    fn symbols_name_real_currencies_and_say_when_they_are_ambiguous() {
        for (symbol, codes) in SYMBOLS {
            assert_eq!(Currency::from_symbol(symbol).len(), codes.len(), "{symbol}");
        }
        assert_eq!(Currency::from_symbol("€"), [Currency::EUR]);
        assert_eq!(Currency::from_symbol("₹"), [Currency::INR]);
        assert!(Currency::from_symbol("$").len() > 1);
        assert!(Currency::from_symbol("?").is_empty());
        assert_eq!(Currency::USD.symbol(), "US$");
        assert_eq!(Currency::KWD.symbol(), "KD");
    }

    /// A stored book holds these numbers for ever: a dependency that forgets one must not pass.
    #[test]
    fn no_currency_is_forgotten() {
        let known = (0..1000)
            .filter(|n| Currency::from_numeric(*n).is_some())
            .count();
        assert!(known >= 183, "{known}");
        for old in [191, 694, 931, 932, 975] {
            assert!(Currency::from_numeric(old).is_some(), "{old}");
        }
    }

    #[test]
    fn cbor_is_the_number_and_refuses_an_unknown_one() {
        let bytes = minicbor::to_vec(Currency::INR).expect("encodes");
        assert_eq!(bytes, minicbor::to_vec(356u16).expect("encodes"));
        assert_eq!(
            minicbor::decode::<Currency>(&bytes).expect("decodes"),
            Currency::INR
        );
        let unknown = minicbor::to_vec(1u16).expect("encodes");
        assert!(minicbor::decode::<Currency>(&unknown).is_err());
    }
}
