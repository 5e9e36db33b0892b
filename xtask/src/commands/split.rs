//! The published program in two files: what the first page needs, and the rest (docs/adr/0012).
//! Trunk has bound the program whole; here it is split and the parts are bound and cleaned again.

use std::fs;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha384};

use super::pack::{SUFFIX, between};
use crate::repo;
use crate::shell::{self, Failure, Outcome};

/// Where the build says that the splitter is; without it the program stays whole.
pub const SPLITTER: &str = "DUEBOOK_SPLITTER";
/// What the splitter calls the script that loads the rest, and the rest.
const LOADER: &str = "__wasm_split.js";
const REST: &str = "split_later.wasm";
/// What they are called when published: the program's name, and this.
const LOADER_SUFFIX: &str = "_later.js";
const REST_SUFFIX: &str = "_later.wasm";

/// Whether the page loads a file only after the first page stands.
pub fn is_later(name: &str) -> bool {
    let name = name.strip_suffix(SUFFIX).unwrap_or(name);
    name.ends_with(LOADER_SUFFIX) || name.ends_with(REST_SUFFIX)
}

/// Splits the program of a staged site. Returns the page, which names what it loads with a digest.
pub fn program(staging: &Path, page: &str) -> Outcome<String> {
    let Some(splitter) = std::env::var_os(SPLITTER) else {
        return Ok(page.to_owned());
    };
    let href = between(page, "module_or_path: '", "_bg.wasm'")?;
    let name = href.rsplit('/').next().unwrap_or_default();
    let work = staging.join(".split");
    let bound = work.join("bound");
    fs::create_dir_all(&bound)?;
    shell::run(
        shell::command(splitter)
            .args(["--target", "web", "--out-name", name])
            .arg(linked())
            .arg(&work),
    )?;
    shell::run(
        shell::command("wasm-bindgen")
            .args(["--target", "web", "--no-typescript"])
            // The rest is bound to the table and the memory of the first part.
            .args(["--keep-lld-exports", "--out-name", name])
            .arg("--out-dir")
            .arg(&bound)
            .arg(work.join(format!("{name}.wasm"))),
    )?;
    let first = format!("{name}_bg.wasm");
    clean(&bound.join(&first), &staging.join(&first))?;
    clean(
        &work.join(REST),
        &staging.join(format!("{name}{REST_SUFFIX}")),
    )?;
    let script = shell::read_text(&bound.join(format!("{name}.js")))?;
    // Where it is loaded from; what the program calls it stays.
    let from = |file: &str| format!("from \"./{file}\"");
    let script = renamed(
        &script,
        &from(LOADER),
        &from(&format!("{name}{LOADER_SUFFIX}")),
    )?;
    fs::write(staging.join(format!("{name}.js")), &script)?;
    let loader = shell::read_text(&work.join(LOADER))?;
    let loader = from_page(&loader, &format!("{name}{REST_SUFFIX}"))?;
    fs::write(staging.join(format!("{name}{LOADER_SUFFIX}")), loader)?;
    fs::remove_dir_all(&work)?;
    with_integrity(page, &format!("{href}.js"), script.as_bytes())
}

/// The program as the linker left it, with the relocations that the splitter reads.
fn linked() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| repo::root().join("target"), |dir| repo::root().join(dir));
    target.join("wasm32-unknown-unknown/release/duebook.wasm")
}

/// wasm-opt as `index.html` has it for the whole program.
fn clean(from: &Path, to: &Path) -> Outcome {
    let page = shell::read_text(&repo::root().join("index.html"))?;
    let passes = between(&page, "data-wasm-opt-params=\"", "\"")?;
    shell::run(
        shell::command("wasm-opt")
            .arg(from)
            .args(passes.split_whitespace())
            .arg("-o")
            .arg(to),
    )
}

/// The loader, made to take the rest from where the page loads it (public/boot.js): packed where it can,
/// compiled once for the page and its worker.
fn from_page(loader: &str, rest: &str) -> Outcome<String> {
    let asked = format!("fetch(new URL(\"./{REST}\", import.meta.url))");
    let part = format!("globalThis.duebookPart(new URL(\"./{rest}\", import.meta.url).href)");
    let loader = renamed(loader, &asked, &part)?;
    let (stream, module) = (
        "WebAssembly.instantiateStreaming(src, imports)",
        "WebAssembly.instantiate(await src, imports)",
    );
    renamed(&loader, stream, module)
}

fn renamed(text: &str, old: &str, new: &str) -> Outcome<String> {
    if !text.contains(old) {
        return Err(Failure(format!(
            "a part of the program does not name {old}"
        )));
    }
    Ok(text.replace(old, new))
}

/// The page with the digest of a script that it preloads.
fn with_integrity(page: &str, href: &str, script: &[u8]) -> Outcome<String> {
    let tag = format!("<link rel=\"modulepreload\" href=\"{href}\"");
    let rest = between(page, &tag, ">")?;
    let digest = between(rest, "integrity=\"", "\"")?;
    let now = format!("sha384-{}", BASE64.encode(Sha384::digest(script)));
    let (old, new) = (format!("{tag}{rest}>"), rest.replace(digest, &now));
    Ok(page.replace(&old, &format!("{tag}{new}>")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_of_the_new_script() {
        let page = "<link rel=\"modulepreload\" href=\"/a.js\" integrity=\"sha384-old\">";
        let page = with_integrity(page, "/a.js", b"go()").expect("a page that preloads it");
        let digest = BASE64.encode(Sha384::digest(b"go()"));
        assert!(page.contains(&format!("integrity=\"sha384-{digest}\">")));
    }

    #[test]
    fn the_rest_comes_from_the_page() {
        let loader = "const src = fetch(new URL(\"./split_later.wasm\", import.meta.url));\n\
                      return async (imports) => (WebAssembly.instantiateStreaming(src, imports));";
        assert_eq!(
            from_page(loader, "a_later.wasm").expect("the loader of the splitter"),
            "const src = globalThis.duebookPart(new URL(\"./a_later.wasm\", import.meta.url).href);\n\
             return async (imports) => (WebAssembly.instantiate(await src, imports));"
        );
    }

    #[test]
    fn what_is_loaded_after_the_first_page_is_told_by_its_name() {
        let later = ["a_later.js", "a_later.wasm", "a_later.wasm.xz"];
        assert!(later.into_iter().all(is_later));
        assert!(
            !["a.js", "a_bg.wasm", "a_bg.wasm.xz"]
                .into_iter()
                .any(is_later)
        );
    }

    #[test]
    fn a_part_of_another_shape_is_refused() {
        assert!(renamed("import x", LOADER, "b.js").is_err());
        assert!(from_page("import x", "a_later.wasm").is_err());
    }
}
