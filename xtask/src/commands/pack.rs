//! The published program, each part packed with xz: a quarter smaller than gzip makes it (docs/adr/0008).

use std::fs;
use std::io::Write;
use std::path::Path;

use lzma_rust2::{CheckType, XzOptions, XzWriter};

use crate::repo;
use crate::shell::{self, Failure, Outcome};

/// What a packed file is called: its name, and this.
pub const SUFFIX: &str = ".xz";
/// Unpacks in the page and in the service worker.
pub const UNPACKER: &str = "xz-decompress.min.js";
/// xz's strongest.
const LEVEL: u32 = 9;

/// Packs the parts of the program of a staged site beside themselves and has the page load those.
/// Returns the page and the names of the parts: they are all that is WebAssembly there.
pub fn program(staging: &Path, page: &str, files: &[&str]) -> Outcome<(String, Vec<String>)> {
    let href = between(page, "module_or_path: '", "'")?.to_owned();
    let parts = files.iter().filter(|name| name.ends_with(".wasm"));
    let parts: Vec<String> = parts.map(|name| (*name).to_owned()).collect();
    for name in &parts {
        fs::write(
            staging.join(format!("{name}{SUFFIX}")),
            packed(&shell::read(&staging.join(name))?)?,
        )?;
    }
    let library = repo::tests().join("node_modules/xz-decompress/dist/package");
    fs::copy(library.join(UNPACKER), staging.join(UNPACKER))?;
    Ok((with_packed(page, &href)?, parts))
}

/// The page, made to load the packed program: begun by boot.js, awaited by Trunk's script.
fn with_packed(page: &str, href: &str) -> Outcome<String> {
    let preload = format!("<link rel=\"preload\" href=\"{href}\"");
    let attributes = between(page, &preload, ">")?;
    let replaced = [
        (format!("{preload}{attributes}>"), String::new()),
        (
            format!("module_or_path: '{href}'"),
            "module_or_path: globalThis.duebookProgram".to_owned(),
        ),
        (
            "<script src=\"boot.js\">".to_owned(),
            format!("<script src=\"boot.js\" data-program=\"{href}\">"),
        ),
    ];
    let mut page = page.to_owned();
    for (old, new) in replaced {
        if !page.contains(&old) {
            return Err(Failure(format!("index.html has no {old}")));
        }
        page = page.replace(&old, &new);
    }
    Ok(page)
}

fn packed(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut options = XzOptions::with_preset(LEVEL);
    // The unpacker knows no stronger check; the service worker compares SHA-256.
    options.set_check_sum_type(CheckType::Crc32);
    let mut writer = XzWriter::new(Vec::new(), options)?;
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

/// What stands between two texts of a page.
pub fn between<'a>(page: &'a str, before: &str, after: &str) -> Outcome<&'a str> {
    page.split_once(before)
        .and_then(|(_, rest)| rest.split_once(after))
        .map(|(found, _)| found)
        .ok_or_else(|| Failure(format!("index.html has no {before}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    const PAGE: &str = "<script src=\"boot.js\"></script><link rel=\"preload\" href=\"/a_bg.wasm\" as=\"fetch\">\
                        <script type=\"module\">await init({ module_or_path: '/a_bg.wasm' });</script>";

    #[test]
    fn the_page_loads_only_the_packed_program() {
        let page = with_packed(PAGE, "/a_bg.wasm").expect("the page of Trunk");
        assert_eq!(
            page,
            "<script src=\"boot.js\" data-program=\"/a_bg.wasm\"></script>\
             <script type=\"module\">await init({ module_or_path: globalThis.duebookProgram });</script>"
        );
    }

    #[test]
    fn a_page_of_another_shape_is_refused() {
        assert!(with_packed("<p>", "/a_bg.wasm").is_err());
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        let bytes: Vec<u8> = (0..50_000u32).flat_map(|n| (n / 7).to_le_bytes()).collect();
        let mut back = Vec::new();
        lzma_rust2::XzReader::new(&packed(&bytes).expect("packed")[..], false)
            .read_to_end(&mut back)
            .expect("unpacked");
        assert_eq!(back, bytes);
    }
}
