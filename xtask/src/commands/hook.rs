//! Trunk's post-build hook: what depends on the digests of the built files.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{pack, split};
use crate::shell::{self, Failure, Outcome, fail};

const SERVICE_WORKER: &str = include_str!("../../assets/sw.template.js");
const BUILD: &str = "__BUILD__";
const HASHES: &str = "__SCRIPT_HASHES__";
/// Not in the offline cache: what this hook writes, and what the service worker brings itself.
const OUTSIDE: [&str; 4] = ["404.html", "sw.js", ".nojekyll", pack::UNPACKER];

/// `cargo xtask hook-post-build`, with TRUNK_STAGING_DIR set by Trunk.
pub fn run(_args: &[String]) -> Outcome {
    let Some(staging) = std::env::var_os("TRUNK_STAGING_DIR").map(PathBuf::from) else {
        return fail(
            "TRUNK_STAGING_DIR is not set: this is called by Trunk, from `cargo xtask build`",
        );
    };
    let published = std::env::var("TRUNK_PROFILE").as_deref() == Ok("release");
    finish(&staging, published)
}

/// Completes a staged site: content policy and build id in the page, service worker, 404 page; the
/// program split and packed, if it is to be published.
fn finish(staging: &Path, published: bool) -> Outcome {
    let index_path = staging.join("index.html");
    let page = shell::read_text(&index_path)?;
    for placeholder in [BUILD, HASHES] {
        if !page.contains(placeholder) {
            return fail(format!("index.html has no {placeholder}"));
        }
    }
    let page = match published {
        true => split::program(staging, &page)?,
        false => page,
    };
    let mut files = digests(staging)?;
    let names: Vec<&str> = files.iter().map(|(url, _)| url.as_str()).collect();
    let (page, parts) = match published {
        true => pack::program(staging, &page, &names)?,
        false => (page, Vec::new()),
    };
    files.retain(|(url, _)| url != "index.html");

    let build = build_id(&files, &page);
    let page = page
        .replace(BUILD, &build)
        .replace(HASHES, &script_hashes(&page)?);
    fs::write(&index_path, &page)?;
    files.push(("index.html".to_owned(), hex(page.as_bytes())));

    // GitHub Pages answers an unknown path with 404.html: the app itself, so that deep links open.
    fs::write(staging.join("404.html"), &page)?;
    fs::write(staging.join(".nojekyll"), "")?;
    let assets: Vec<_> = files
        .iter()
        .map(|(url, sha256)| {
            let packed = parts.contains(url);
            json!({ "url": url, "sha256": sha256, "packed": packed })
        })
        .collect();
    let worker = SERVICE_WORKER
        .replace(BUILD, &build)
        .replace("__ASSETS__", &serde_json::to_string_pretty(&assets)?);
    fs::write(staging.join("sw.js"), worker)?;
    println!(
        "    build {build}: {} files in the offline cache",
        files.len()
    );
    Ok(())
}

/// Every file of the app with its SHA-256, in the order of their names.
fn digests(staging: &Path) -> Outcome<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut folders = vec![staging.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let relative = path.strip_prefix(staging).unwrap_or(&path);
            let url = relative.to_string_lossy().replace('\\', "/");
            if !OUTSIDE.contains(&url.as_str()) {
                found.push((url, hex(&shell::read(&path)?)));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Names the content: two builds with the same bytes are the same build.
fn build_id(files: &[(String, String)], page: &str) -> String {
    let mut whole = format!("{SERVICE_WORKER}\n{page}\n");
    for (url, sha256) in files {
        whole.push_str(&format!("{url} {sha256}\n"));
    }
    hex(whole.as_bytes()).chars().take(12).collect()
}

/// The content policy's sources for the inline scripts, which are Trunk's: the policy allows no other.
fn script_hashes(page: &str) -> Outcome<String> {
    let mut sources = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find("<script") {
        let (tag, after) = rest[at..]
            .split_once('>')
            .ok_or_else(|| Failure("index.html: a script tag is not closed".to_owned()))?;
        let (code, after) = after
            .split_once("</script>")
            .ok_or_else(|| Failure("index.html: a script is not closed".to_owned()))?;
        if !tag.contains(" src=") {
            sources.push(format!(
                "'sha256-{}'",
                BASE64.encode(Sha256::digest(code.as_bytes()))
            ));
        }
        rest = after;
    }
    if sources.is_empty() {
        return fail(
            "index.html has no inline script: Trunk did not add the one that starts the app",
        );
    }
    Ok(sources.join(" "))
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_hashed() {
        let page = "<script src=\"boot.js\"></script>\n<script type=\"module\">go()</script>";
        let hashes = script_hashes(page).expect("one inline script");
        let expected = BASE64.encode(Sha256::digest(b"go()"));
        assert_eq!(hashes, format!("'sha256-{expected}'"));
    }

    #[test]
    fn a_page_without_an_inline_script_is_refused() {
        assert!(script_hashes("<script src=\"boot.js\"></script>").is_err());
    }

    #[test]
    fn the_build_id_follows_every_byte() {
        let file = |sha: &str| vec![("a.js".to_owned(), sha.to_owned())];
        assert_eq!(build_id(&file("1"), "page"), build_id(&file("1"), "page"));
        assert_ne!(build_id(&file("1"), "page"), build_id(&file("2"), "page"));
        assert_ne!(build_id(&file("1"), "page"), build_id(&file("1"), "other"));
    }
}
