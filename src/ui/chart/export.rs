//! A chart as a file: SVG as it is, PNG through a canvas.

use super::data::ChartData;
use super::svg::{HEIGHT, Palette, WIDTH, draw};
use crate::platform::files;
use crate::platform::js;
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Pixels of a file for one of the drawing: sharp on paper.
const SHARP: f64 = 3.0;

fn stem(title: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() { c } else { '-' };
    let name: String = title.chars().map(safe).collect();
    name.trim_matches('-').to_lowercase()
}

/// Saves the chart as SVG.
///
/// # Errors
/// What the browser says.
pub fn save_svg(data: &ChartData) -> Result<String, String> {
    let name = format!("{}.svg", stem(&data.title));
    let text = draw(data, &Palette::of_paper(), None);
    files::download(&name, "image/svg+xml", &[text.into_bytes()]).map_err(|e| format!("{e:?}"))?;
    Ok(name)
}

/// Saves the chart as PNG.
///
/// # Errors
/// What the browser says.
pub async fn save_png(data: &ChartData) -> Result<String, String> {
    let said = |e: JsValue| format!("{e:?}");
    let failed = |e: js::JsFailure| format!("{e:?}");
    let name = format!("{}.png", stem(&data.title));
    let text = draw(data, &Palette::of_paper(), None);
    let document = leptos::prelude::document();
    let image = document.create_element("img").map_err(said)?;
    // Encoded, so that the address needs no storage of its own and no clean-up.
    let encoded = String::from(js_sys::encode_uri_component(&text));
    let loaded = Promise::new(&mut |done, failed| {
        for (event, call) in [("load", done), ("error", failed)] {
            // Adding a listener to an element of our own does not throw.
            let _ = image.add_event_listener_with_callback(event, &call);
        }
    });
    image
        .set_attribute(
            "src",
            &format!("data:image/svg+xml;charset=utf-8,{encoded}"),
        )
        .map_err(said)?;
    JsFuture::from(loaded).await.map_err(said)?;
    let canvas = document.create_element("canvas").map_err(said)?;
    let set = |key: &str, value: f64| Reflect::set(&canvas, &key.into(), &value.into());
    set("width", WIDTH * SHARP).map_err(said)?;
    set("height", HEIGHT * SHARP).map_err(said)?;
    let context = js::call(&canvas, "getContext", &["2d".into()]).map_err(failed)?;
    let place = [0.0, 0.0, WIDTH * SHARP, HEIGHT * SHARP].map(JsValue::from_f64);
    let mut arguments = vec![JsValue::from(image)];
    arguments.extend(place);
    js::call(&context, "drawImage", &arguments).map_err(failed)?;
    let drawn = Promise::new(&mut |done, _| {
        let give = Closure::once_into_js(move |blob: JsValue| {
            let _ = done.call1(&JsValue::NULL, &blob);
        });
        let _ = js::call(&canvas, "toBlob", &[give, "image/png".into()]);
    });
    let blob = JsFuture::from(drawn).await.map_err(said)?;
    if blob.is_null() || blob.is_undefined() {
        return Err("the browser drew nothing".to_owned());
    }
    let bytes = js::call_async(&blob, "arrayBuffer", &[])
        .await
        .map_err(failed)?;
    let parts = Array::of1(&js_sys::Uint8Array::new(&bytes));
    files::download_arrays(&name, "image/png", &parts).map_err(failed)?;
    Ok(name)
}
