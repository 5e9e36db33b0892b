//! The page's side of the worker.

use super::wire::{Progress, Request, Response};
use crate::platform::js;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, File, MessageEvent, Url, WorkerOptions, WorkerType,
};

/// Why a job has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// The user ended it.
    Cancelled,
    /// The worker could not start or broke down; the browser's words. Memory is the usual cause.
    Broken(String),
    /// The answer is not of this build.
    Garbled(String),
}

/// Inside a sentence, in words.
impl fmt::Display for JobError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("it was cancelled"),
            Self::Broken(words) => write!(f, "the browser says: {words}"),
            Self::Garbled(_) => {
                f.write_str("the page and its worker are of two versions; load the page again")
            }
        }
    }
}

type Answer = futures::channel::oneshot::Sender<Result<(Response, js_sys::Array), JobError>>;

struct Waiting {
    answer: Answer,
    progress: Box<dyn Fn(Progress)>,
}

struct Shared {
    worker: web_sys::Worker,
    waiting: RefCell<BTreeMap<u32, Waiting>>,
    /// Messages for a worker that has not said it is ready.
    held: RefCell<Option<Vec<(JsValue, js_sys::Array)>>>,
    next: RefCell<u32>,
    /// Why the worker does no more.
    ended: RefCell<Option<JobError>>,
}

/// A worker. Jobs are done one after another; dropping the last handle ends it.
#[derive(Clone)]
pub struct Worker {
    shared: Rc<Shared>,
    _heard: Rc<Listeners>,
}

thread_local! {
    /// A worker started ahead.
    static WARM: RefCell<Option<Worker>> = const { RefCell::new(None) };
}

impl Worker {
    /// Starts one.
    ///
    /// # Errors
    /// [`JobError::Broken`] where the browser makes none.
    pub fn start() -> Result<Self, JobError> {
        let broken = |what: String| JobError::Broken(what);
        let source = source().map_err(broken)?;
        let parts = js_sys::Array::of1(&JsValue::from_str(&source));
        let bag = BlobPropertyBag::new();
        bag.set_type("text/javascript");
        let words = |e: JsValue| JobError::Broken(js::JsFailure::of(&e).to_string());
        let blob = Blob::new_with_str_sequence_and_options(&parts, &bag).map_err(words)?;
        let url = Url::create_object_url_with_blob(&blob).map_err(words)?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(&url, &options).map_err(words)?;
        let (message, port) = program().map_err(broken)?;
        worker
            .post_message_with_transfer(&message, &js_sys::Array::of1(&port))
            .map_err(words)?;
        let shared = Rc::new(Shared {
            worker,
            waiting: RefCell::default(),
            held: RefCell::new(Some(Vec::new())),
            next: RefCell::new(0),
            ended: RefCell::new(None),
        });
        let heard = listen(&shared, url);
        Ok(Worker {
            shared,
            _heard: Rc::new(heard),
        })
    }

    /// Starts one ahead of its first job, where none waits: loading it costs more than a small file.
    pub fn warm() {
        WARM.with(|warm| {
            let mut warm = warm.borrow_mut();
            if warm.is_none() {
                // What fails here fails again, and is said, when a job wants one.
                *warm = Self::start().ok();
            }
        });
    }

    /// The one started ahead, or a new one.
    ///
    /// # Errors
    /// As [`Worker::start`].
    pub fn take() -> Result<Self, JobError> {
        match WARM.with(RefCell::take) {
            Some(worker) => Ok(worker),
            None => Self::start(),
        }
    }

    /// Does a job.
    ///
    /// # Errors
    /// [`JobError`]; what the job itself refuses is in the response.
    pub async fn call(
        &self,
        request: &Request,
        file: Option<&File>,
        bytes: &[&[u8]],
        progress: impl Fn(Progress) + 'static,
    ) -> Result<(Response, Vec<Vec<u8>>), JobError> {
        let (response, arrays) = self.call_for_parts(request, file, bytes, progress).await?;
        let parts = arrays
            .iter()
            .map(|part| js_sys::Uint8Array::new(&part).to_vec());
        Ok((response, parts.collect()))
    }

    /// Does a job whose bytes go to the browser: they stay its own arrays and are not copied into
    /// this side's memory.
    ///
    /// # Errors
    /// As [`Worker::call`].
    pub async fn call_for_parts(
        &self,
        request: &Request,
        file: Option<&File>,
        bytes: &[&[u8]],
        progress: impl Fn(Progress) + 'static,
    ) -> Result<(Response, js_sys::Array), JobError> {
        if let Some(error) = self.shared.ended.borrow().clone() {
            return Err(error);
        }
        let id = self.shared.next.replace_with(|n| n.wrapping_add(1));
        let json = serde_json::to_string(request).map_err(|e| JobError::Garbled(e.to_string()))?;
        let transfer = js_sys::Array::new();
        let arrays = js_sys::Array::new();
        for part in bytes {
            let array = js_sys::Uint8Array::from(*part);
            transfer.push(&array.buffer());
            arrays.push(&array);
        }
        let file = file.map_or(JsValue::UNDEFINED, |f| f.clone().into());
        let message = js::options(&[
            ("id", JsValue::from_f64(f64::from(id))),
            ("json", JsValue::from_str(&json)),
            ("file", file),
            ("bytes", arrays.into()),
        ]);
        let message = message.map_err(|e| JobError::Broken(format!("{e:?}")))?;
        let (answer, heard) = futures::channel::oneshot::channel();
        let waiting = Waiting {
            answer,
            progress: Box::new(progress),
        };
        self.shared.waiting.borrow_mut().insert(id, waiting);
        self.shared.post(message, transfer);
        heard.await.unwrap_or(Err(JobError::Cancelled))
    }

    /// Ends the worker; jobs under way answer [`JobError::Cancelled`].
    pub fn cancel(&self) {
        self.shared.end(JobError::Cancelled);
    }
}

impl Shared {
    fn post(&self, message: JsValue, transfer: js_sys::Array) {
        if let Some(held) = &mut *self.held.borrow_mut() {
            held.push((message, transfer));
            return;
        }
        if let Err(e) = self.worker.post_message_with_transfer(&message, &transfer) {
            self.fail(&JobError::Broken(js::JsFailure::of(&e).to_string()));
        }
    }
    fn release(&self) {
        let held = self.held.borrow_mut().take();
        for (message, transfer) in held.into_iter().flatten() {
            self.post(message, transfer);
        }
    }
    /// It does no more: what waits, and what is still asked, is answered with why.
    fn end(&self, error: JobError) {
        self.worker.terminate();
        self.ended.replace(Some(error.clone()));
        self.fail(&error);
    }
    fn fail(&self, error: &JobError) {
        for (_, waiting) in std::mem::take(&mut *self.waiting.borrow_mut()) {
            // Nobody waits any more: then nobody needs the answer.
            let _ = waiting.answer.send(Err(error.clone()));
        }
    }
    fn hear(&self, data: &JsValue) -> Option<()> {
        if js::peek(data, "ready").is_truthy() {
            self.release();
            return Some(());
        }
        if let Some(what) = js::peek(data, "broken").as_string() {
            self.end(JobError::Broken(what));
            return Some(());
        }
        let id = js::peek(data, "id").as_f64()? as u32;
        if let Some(json) = js::peek(data, "progress").as_string() {
            let progress = serde_json::from_str(&json).ok()?;
            let waiting = self.waiting.borrow();
            (waiting.get(&id)?.progress)(progress);
            return Some(());
        }
        let json = js::peek(data, "json").as_string()?;
        let arrays: js_sys::Array = js::peek(data, "bytes").dyn_into().ok()?;
        let response = serde_json::from_str(&json).map_err(|e| JobError::Garbled(e.to_string()));
        let waiting = self.waiting.borrow_mut().remove(&id)?;
        let _ = waiting.answer.send(response.map(|r| (r, arrays)));
        Some(())
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

type Listeners = (
    Closure<dyn FnMut(MessageEvent)>,
    Closure<dyn FnMut(ErrorEvent)>,
);

fn listen(shared: &Rc<Shared>, url: String) -> Listeners {
    let weak = Rc::downgrade(shared);
    let heard = Closure::new(move |event: MessageEvent| {
        if let Some(shared) = weak.upgrade() {
            shared.hear(&event.data());
        }
    });
    let weak = Rc::downgrade(shared);
    let failed = Closure::new(move |event: ErrorEvent| {
        if let Some(shared) = weak.upgrade() {
            shared.end(JobError::Broken(event.message()));
        }
        let _ = Url::revoke_object_url(&url);
    });
    shared
        .worker
        .set_onmessage(Some(heard.as_ref().unchecked_ref()));
    shared
        .worker
        .set_onerror(Some(failed.as_ref().unchecked_ref()));
    (heard, failed)
}

/// The first message: the program, and the port by which the page gives the parts of it that are loaded
/// later (public/boot.js). Compiled once, by the page: the worker neither loads nor compiles them again.
fn program() -> Result<(JsValue, JsValue), String> {
    let failed = |e: js::JsFailure| e.to_string();
    let parts = js::get(&js_sys::global(), "duebookParts").map_err(failed)?;
    let parts: js_sys::Function = parts.dyn_into().map_err(|_| "no way to load parts")?;
    let port = parts.call0(&JsValue::UNDEFINED);
    let port = port.map_err(|e| failed(js::JsFailure::of(&e)))?;
    let program = wasm_bindgen::module();
    let message = js::options(&[("program", program), ("parts", port.clone())]);
    Ok((message.map_err(failed)?, port))
}

/// The worker's first lines: import the app's own script, by the absolute address in the page, and
/// start it with the program that the first message brings. A part that is asked for again while it
/// is on its way is asked for once: the loader sees to that.
fn source() -> Result<String, String> {
    let document = leptos::prelude::document();
    let link = document.query_selector("link[rel=modulepreload]");
    let script = (link.ok().flatten())
        .and_then(|l| js::get(&l, "href").ok()?.as_string())
        .ok_or("the page does not name its script")?;
    let script = serde_json::to_string(&script).map_err(|e| e.to_string())?;
    Ok(format!(
        "import init from {script};\n\
         const {{ program, parts }} = await new Promise((take) => {{\n\
         addEventListener('message', (event) => take(event.data), {{ once: true }});\n\
         }});\n\
         globalThis.duebookPart = (url) => new Promise((take, fail) => {{\n\
         parts.onmessage = ({{ data }}) => data ? take(data) : fail(new Error(`could not load ${{url}}`));\n\
         parts.postMessage(url);\n\
         }});\n\
         await init({{ module_or_path: program }});\n"
    ))
}
