//! Files to practise on, for whoever has none of his own.

use super::today;
use crate::jobs::{Request, Response, Worker};
use crate::platform::files;
use crate::ui::prelude::*;

/// The programs whose exports there are: id, name.
pub const SHAPES: [(&str, &str); 3] = [
    ("sap", "SAP"),
    ("oracle", "Oracle"),
    ("netsuite", "NetSuite"),
];

/// Makes five mornings of exports that end last week and hands them over as one archive.
pub fn download_mornings(toasts: Toasts, shape: &'static str) {
    let name = format!("practice-mornings-{shape}.zip");
    toasts.done(format!("Making {name}"));
    leptos::task::spawn_local(async move {
        match made(shape).await {
            Ok(bytes) => match files::download(&name, "application/zip", &[bytes]) {
                Ok(()) => toasts.done(format!(
                    "{name}: five mornings, in your downloads. Unpack it; TRUTH.md says what happened."
                )),
                Err(e) => toasts.error(format!("{name} was not handed over: {e}.")),
            },
            Err(what) => toasts.error(format!("{name} was not made: {what}")),
        }
    });
}

async fn made(shape: &str) -> Result<Vec<u8>, String> {
    let worker = Worker::take().map_err(|e| format!("the browser made no worker ({e})."))?;
    // Monday of the week before this one: all five mornings are past.
    let now = today();
    let monday = now.0 - (now.0 + 3).rem_euclid(7) - 7;
    let request = Request::Mornings {
        shape: shape.to_owned(),
        start: monday,
    };
    let answer = worker.call(&request, None, &[], |_| {}).await;
    match answer.map_err(|e| format!("the work broke off ({e})."))? {
        (Response::Bytes, mut bytes) => Ok(bytes.pop().unwrap_or_default()),
        (Response::Failed(what), _) => Err(what),
        (other, _) => Err(format!("the worker answered {other:?}.")),
    }
}
