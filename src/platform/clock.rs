//! The clock, and what time it is where somebody else is.

use std::cell::RefCell;
use std::collections::BTreeMap;

use js_sys::{Array, Date, Function};
use wasm_bindgen::{JsCast, JsValue};

use super::js;

const MINUTE_MS: i64 = 60_000;
const DAY_MINUTES: i64 = 24 * 60;

/// Now, in milliseconds since 1970-01-01 UTC.
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// This computer's offset from UTC at an instant, in minutes east.
pub fn local_offset_minutes(at_ms: i64) -> i64 {
    -(Date::new(&JsValue::from_f64(at_ms as f64)).get_timezone_offset() as i64)
}

/// This computer's zone, as `Europe/Paris`; `None` where the browser does not tell.
pub fn local_zone() -> Option<String> {
    let format = formatter(None)?;
    let resolved = js::call(&format, "resolvedOptions", &[]).ok()?;
    js::get(&resolved, "timeZone").ok()?.as_string()
}

/// A wall clock somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Days since 1970-01-01, there.
    pub date: i32,
    /// 0..=23.
    pub hour: u8,
    /// 0..=59.
    pub minute: u8,
    /// 1 = Monday .. 7 = Sunday.
    pub weekday: u8,
}

/// The wall clock at an instant under an offset in minutes east of UTC. `None` beyond any
/// calendar.
pub fn local_time_at(at_ms: i64, offset_minutes: i64) -> Option<LocalTime> {
    let minutes = at_ms.div_euclid(MINUTE_MS).checked_add(offset_minutes)?;
    let date = minutes.div_euclid(DAY_MINUTES);
    let in_day = minutes.rem_euclid(DAY_MINUTES);
    Some(LocalTime {
        date: i32::try_from(date).ok()?,
        hour: u8::try_from(in_day / 60).ok()?,
        minute: u8::try_from(in_day % 60).ok()?,
        // 1970-01-01 was a Thursday.
        weekday: u8::try_from((date + 3).rem_euclid(7) + 1).ok()?,
    })
}

/// What time it is in an IANA zone at an instant; `None` for a zone the browser does not know.
pub fn local_time_in(zone: &str, at_ms: i64) -> Option<LocalTime> {
    local_time_at(at_ms, offset_minutes_in(zone, at_ms)?)
}

/// An IANA zone's offset from UTC at an instant, in minutes east. Ask once a zone, not once a
/// customer.
pub fn offset_minutes_in(zone: &str, at_ms: i64) -> Option<i64> {
    let format = formatter(Some(zone))?;
    let at = Date::new(&JsValue::from_f64(at_ms as f64));
    let parts: Array = js::call(&format, "formatToParts", &[at.into()])
        .ok()?
        .dyn_into()
        .ok()?;
    let mut wall = [None; 5];
    for part in parts.iter() {
        let kind = js::get(&part, "type").ok()?.as_string()?;
        let place = ["year", "month", "day", "hour", "minute"]
            .iter()
            .position(|wanted| *wanted == kind);
        if let Some(place) = place {
            wall[place] = js::get(&part, "value")
                .ok()?
                .as_string()?
                .parse::<u32>()
                .ok();
        }
    }
    let [year, month, day, hour, minute] = wall;
    let date = chrono::NaiveDate::from_ymd_opt(i32::try_from(year?).ok()?, month?, day?)?;
    let there = date.and_hms_opt(hour?, minute?, 0)?.and_utc().timestamp() / 60;
    there.checked_sub(at_ms.div_euclid(MINUTE_MS))
}

thread_local! {
    /// Formatters are slow to make and quick to use.
    static FORMATTERS: RefCell<BTreeMap<Option<String>, Option<JsValue>>> =
        const { RefCell::new(BTreeMap::new()) };
}

fn formatter(zone: Option<&str>) -> Option<JsValue> {
    let key = zone.map(str::to_owned);
    if let Some(known) = FORMATTERS.with_borrow(|map| map.get(&key).cloned()) {
        return known;
    }
    let made = make_formatter(zone);
    FORMATTERS.with_borrow_mut(|map| map.insert(key, made.clone()));
    made
}

fn make_formatter(zone: Option<&str>) -> Option<JsValue> {
    let numeric = || JsValue::from_str("numeric");
    let mut pairs = vec![
        ("calendar", JsValue::from_str("gregory")),
        ("numberingSystem", JsValue::from_str("latn")),
        ("hourCycle", JsValue::from_str("h23")),
        ("year", numeric()),
        ("month", numeric()),
        ("day", numeric()),
        ("hour", numeric()),
        ("minute", numeric()),
    ];
    if let Some(zone) = zone {
        pairs.push(("timeZone", JsValue::from_str(zone)));
    }
    let intl = js::global("Intl").ok()?;
    let class = js::get(&intl, "DateTimeFormat").ok()?;
    let arguments = Array::of2(&JsValue::from_str("en"), &js::options(&pairs).ok()?);
    js_sys::Reflect::construct(class.dyn_ref::<Function>()?, &arguments).ok()
}
