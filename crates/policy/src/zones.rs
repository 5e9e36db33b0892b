//! The zones of a country, for customers whose own is not known (CP-01).
//!
//! Source: the IANA time zone database, `zone.tab` (countries by ISO 3166-1 alpha-2), read down to
//! business use: zones that keep the same clock all year stand once, and of a country with several
//! clocks those of its places of business. Countries that are not here are not known.

/// ISO code, names in lower case beside it, zones.
type Line = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const COUNTRIES: [Line; 80] = [
    ("AE", &["uae", "united arab emirates"], &["Asia/Dubai"]),
    ("AR", &["argentina"], &["America/Argentina/Buenos_Aires"]),
    ("AT", &["austria", "österreich"], &["Europe/Vienna"]),
    (
        "AU",
        &["australia"],
        &[
            "Australia/Sydney",
            "Australia/Brisbane",
            "Australia/Adelaide",
            "Australia/Darwin",
            "Australia/Perth",
        ],
    ),
    ("BD", &["bangladesh"], &["Asia/Dhaka"]),
    (
        "BE",
        &["belgium", "belgië", "belgique"],
        &["Europe/Brussels"],
    ),
    ("BG", &["bulgaria"], &["Europe/Sofia"]),
    ("BH", &["bahrain"], &["Asia/Bahrain"]),
    (
        "BR",
        &["brazil", "brasil"],
        &["America/Sao_Paulo", "America/Manaus", "America/Rio_Branco"],
    ),
    (
        "CA",
        &["canada"],
        &[
            "America/St_Johns",
            "America/Halifax",
            "America/Toronto",
            "America/Winnipeg",
            "America/Regina",
            "America/Edmonton",
            "America/Vancouver",
        ],
    ),
    (
        "CH",
        &["switzerland", "schweiz", "suisse"],
        &["Europe/Zurich"],
    ),
    ("CL", &["chile"], &["America/Santiago", "Pacific/Easter"]),
    ("CN", &["china"], &["Asia/Shanghai"]),
    ("CO", &["colombia"], &["America/Bogota"]),
    ("CR", &["costa rica"], &["America/Costa_Rica"]),
    ("CZ", &["czechia", "czech republic"], &["Europe/Prague"]),
    ("DE", &["germany", "deutschland"], &["Europe/Berlin"]),
    ("DK", &["denmark", "danmark"], &["Europe/Copenhagen"]),
    ("EE", &["estonia"], &["Europe/Tallinn"]),
    ("EG", &["egypt"], &["Africa/Cairo"]),
    (
        "ES",
        &["spain", "españa"],
        &["Europe/Madrid", "Atlantic/Canary"],
    ),
    ("FI", &["finland", "suomi"], &["Europe/Helsinki"]),
    ("FR", &["france"], &["Europe/Paris"]),
    (
        "GB",
        &[
            "uk",
            "united kingdom",
            "great britain",
            "england",
            "scotland",
            "wales",
        ],
        &["Europe/London"],
    ),
    ("GH", &["ghana"], &["Africa/Accra"]),
    ("GR", &["greece"], &["Europe/Athens"]),
    ("HK", &["hong kong"], &["Asia/Hong_Kong"]),
    ("HR", &["croatia"], &["Europe/Zagreb"]),
    ("HU", &["hungary"], &["Europe/Budapest"]),
    (
        "ID",
        &["indonesia"],
        &["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"],
    ),
    ("IE", &["ireland"], &["Europe/Dublin"]),
    ("IL", &["israel"], &["Asia/Jerusalem"]),
    ("IN", &["india"], &["Asia/Kolkata"]),
    ("IS", &["iceland"], &["Atlantic/Reykjavik"]),
    ("IT", &["italy", "italia"], &["Europe/Rome"]),
    ("JO", &["jordan"], &["Asia/Amman"]),
    ("JP", &["japan"], &["Asia/Tokyo"]),
    ("KE", &["kenya"], &["Africa/Nairobi"]),
    ("KR", &["south korea", "korea"], &["Asia/Seoul"]),
    ("KW", &["kuwait"], &["Asia/Kuwait"]),
    ("LI", &["liechtenstein"], &["Europe/Vaduz"]),
    ("LK", &["sri lanka"], &["Asia/Colombo"]),
    ("LT", &["lithuania"], &["Europe/Vilnius"]),
    ("LU", &["luxembourg"], &["Europe/Luxembourg"]),
    ("LV", &["latvia"], &["Europe/Riga"]),
    ("MA", &["morocco"], &["Africa/Casablanca"]),
    ("MT", &["malta"], &["Europe/Malta"]),
    ("MU", &["mauritius"], &["Indian/Mauritius"]),
    (
        "MX",
        &["mexico", "méxico"],
        &[
            "America/Cancun",
            "America/Mexico_City",
            "America/Hermosillo",
            "America/Tijuana",
        ],
    ),
    ("MY", &["malaysia"], &["Asia/Kuala_Lumpur"]),
    ("NG", &["nigeria"], &["Africa/Lagos"]),
    (
        "NL",
        &["netherlands", "the netherlands", "nederland"],
        &["Europe/Amsterdam"],
    ),
    ("NO", &["norway", "norge"], &["Europe/Oslo"]),
    ("NP", &["nepal"], &["Asia/Kathmandu"]),
    (
        "NZ",
        &["new zealand"],
        &["Pacific/Auckland", "Pacific/Chatham"],
    ),
    ("OM", &["oman"], &["Asia/Muscat"]),
    ("PA", &["panama"], &["America/Panama"]),
    ("PE", &["peru"], &["America/Lima"]),
    ("PH", &["philippines"], &["Asia/Manila"]),
    ("PK", &["pakistan"], &["Asia/Karachi"]),
    ("PL", &["poland", "polska"], &["Europe/Warsaw"]),
    ("PT", &["portugal"], &["Europe/Lisbon", "Atlantic/Azores"]),
    ("QA", &["qatar"], &["Asia/Qatar"]),
    ("RO", &["romania"], &["Europe/Bucharest"]),
    ("RS", &["serbia"], &["Europe/Belgrade"]),
    (
        "RU",
        &["russia", "russian federation"],
        &[
            "Europe/Kaliningrad",
            "Europe/Moscow",
            "Asia/Yekaterinburg",
            "Asia/Novosibirsk",
            "Asia/Vladivostok",
            "Asia/Kamchatka",
        ],
    ),
    ("SA", &["saudi arabia"], &["Asia/Riyadh"]),
    ("SE", &["sweden", "sverige"], &["Europe/Stockholm"]),
    ("SG", &["singapore"], &["Asia/Singapore"]),
    ("SI", &["slovenia"], &["Europe/Ljubljana"]),
    ("SK", &["slovakia"], &["Europe/Bratislava"]),
    ("TH", &["thailand"], &["Asia/Bangkok"]),
    ("TN", &["tunisia"], &["Africa/Tunis"]),
    ("TR", &["turkey", "türkiye"], &["Europe/Istanbul"]),
    ("TW", &["taiwan"], &["Asia/Taipei"]),
    ("UA", &["ukraine"], &["Europe/Kyiv"]),
    (
        "US",
        &["usa", "united states", "united states of america"],
        &[
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Phoenix",
            "America/Los_Angeles",
            "America/Anchorage",
            "Pacific/Honolulu",
        ],
    ),
    ("UY", &["uruguay"], &["America/Montevideo"]),
    ("VN", &["vietnam", "viet nam"], &["Asia/Ho_Chi_Minh"]),
    ("ZA", &["south africa"], &["Africa/Johannesburg"]),
];

/// The zones of a country given by its code, with or without a part of it ("US-CA"), or its name;
/// empty where it is not known.
pub fn zones_of(country: &str) -> &'static [&'static str] {
    let given = country.trim().to_lowercase();
    let code = given.split('-').next().unwrap_or_default();
    let found = COUNTRIES.iter().find(|(iso, names, _)| {
        iso.eq_ignore_ascii_case(code.trim()) || names.contains(&given.as_str())
    });
    found.map_or(&[], |(_, _, zones)| zones)
}

/// The one zone of a country; `None` where it has several or is not known.
pub fn zone_of_country(country: &str) -> Option<&'static str> {
    match zones_of(country) {
        [zone] => Some(zone),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cp_01_a_country_with_one_clock_gives_the_zone() {
        for (given, zone) in [
            ("GB", "Europe/London"),
            (" gb ", "Europe/London"),
            ("United Kingdom", "Europe/London"),
            ("DE", "Europe/Berlin"),
            ("DE-BY", "Europe/Berlin"),
            ("Japan", "Asia/Tokyo"),
            ("IN", "Asia/Kolkata"),
            ("France", "Europe/Paris"),
        ] {
            assert_eq!(zone_of_country(given), Some(zone), "{given}");
        }
        for several in ["US", "usa", "Canada", "AU", "US-CA"] {
            assert_eq!(zone_of_country(several), None);
            assert!(zones_of(several).len() > 1, "{several}");
        }
        assert_eq!(zones_of("Atlantis"), [""; 0]);
        assert_eq!(zones_of(""), [""; 0]);
    }

    #[test]
    fn each_country_stands_once_in_order_with_zones() {
        assert!(COUNTRIES.windows(2).all(|w| w[0].0 < w[1].0));
        let mut names: Vec<&str> = COUNTRIES.iter().flat_map(|c| c.1).copied().collect();
        assert!(names.iter().all(|n| *n == n.to_lowercase()));
        duebook_money::order::sort(&mut names);
        assert!(names.windows(2).all(|w| w[0] != w[1]));
        assert!(COUNTRIES.iter().all(|c| !c.2.is_empty()));
    }
}
