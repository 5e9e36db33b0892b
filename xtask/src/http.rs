//! A static server that answers as GitHub Pages does: an unknown path gets 404.html with status 404,
//! and no header isolates the page.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;

use crate::shell::{Failure, Outcome};

/// Serves `dir` under `/` on the loopback address until the process ends.
pub fn serve(dir: &Path, port: u16) -> Outcome {
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|error| {
        Failure(format!(
            "port {port} cannot be used ({error}); choose another with --port"
        ))
    })?;
    for stream in listener.incoming() {
        let Ok(stream) = stream else { continue };
        let dir = dir.to_path_buf();
        // A browser that goes away in the middle of an answer is nobody's failure.
        thread::spawn(move || drop(answer(stream, &dir)));
    }
    Ok(())
}

fn answer(stream: TcpStream, dir: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let mut words = request.split_whitespace();
    let method = words.next().unwrap_or_default();
    let target = words.next().unwrap_or_default();
    let (status, path) = match method {
        "GET" | "HEAD" => locate(dir, target),
        _ => ("405 Method Not Allowed", None),
    };
    let body = path
        .as_ref()
        .and_then(|path| fs::read(path).ok())
        .unwrap_or_default();
    let kind = path.as_deref().map_or("text/plain", mime);
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-cache\r\n\
         Connection: close\r\n\r\n",
        body.len()
    )?;
    if method == "GET" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// The file for a request target, or the 404 page.
fn locate(dir: &Path, target: &str) -> (&'static str, Option<PathBuf>) {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let inside = decode(path).filter(|path| !path.split('/').any(|part| part == ".."));
    let file = inside.map(|path| {
        let file = dir.join(path.trim_start_matches('/'));
        if file.is_dir() {
            file.join("index.html")
        } else {
            file
        }
    });
    match file.filter(|file| file.is_file()) {
        Some(file) => ("200 OK", Some(file)),
        None => ("404 Not Found", Some(dir.join("404.html"))),
    }
}

/// Undoes percent-encoding; nothing when it is malformed.
fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        let text = std::str::from_utf8(&digits).ok()?;
        bytes.push(u8::from_str_radix(text, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn mime(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_leave_the_folder() {
        let dir = std::env::temp_dir();
        assert_eq!(locate(&dir, "/../etc/hostname").0, "404 Not Found");
        assert_eq!(locate(&dir, "/%2e%2e/etc/hostname").0, "404 Not Found");
        assert_eq!(locate(&dir, "/%zz").0, "404 Not Found");
    }
}
