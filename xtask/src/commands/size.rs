//! What the page costs to load, against its budget.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::build::{self, Profile};
use super::{pack, setup, split};
use crate::repo;
use crate::shell::{self, Outcome, fail, option};

/// What the page loads before it can be used, gzip -9, in bytes. What comes after it in the background
/// is listed too, with the sum (docs/adr/0012).
const BUDGET: usize = 1_500_000;
/// In the folder, but never loaded by the page.
const NOT_LOADED: [&str; 2] = ["404.html", ".nojekyll"];

/// `cargo xtask size`
pub fn run(args: &[String]) -> Outcome {
    let dist = option(args, "--dist").map_or_else(
        || repo::root().join("target/release-dist"),
        |dir| repo::root().join(dir),
    );
    if !shell::flag(args, "--no-build") {
        let ready = setup::ensure()?;
        build::site(&ready, Profile::Release, "/duebook/", &dist)?;
    }
    let mut rows = Vec::new();
    measure(&dist, &dist, &mut rows)?;
    rows.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    println!("{:>12} {:>12}  file", "bytes", "gzip -9");
    for (name, raw, packed) in &rows {
        println!("{raw:>12} {packed:>12}  {name}");
    }
    let sum = |later: bool| {
        let rows = rows.iter().filter(|row| split::is_later(&row.0) == later);
        rows.fold((0, 0), |sum, row| (sum.0 + row.1, sum.1 + row.2))
    };
    let (first, later) = (sum(false), sum(true));
    println!(
        "{:>12} {:>12}  to the first page, budget {BUDGET}",
        first.0, first.1
    );
    println!(
        "{:>12} {:>12}  after it, in the background",
        later.0, later.1
    );
    println!(
        "{:>12} {:>12}  in all",
        first.0 + later.0,
        first.1 + later.1
    );
    if first.1 >= BUDGET {
        return fail(format!(
            "the first page loads {} bytes, the budget is {BUDGET}",
            first.1
        ));
    }
    Ok(())
}

fn measure(root: &Path, folder: &Path, rows: &mut Vec<(String, usize, usize)>) -> Outcome {
    let entries = fs::read_dir(folder).map_err(|error| {
        shell::Failure(format!(
            "{}: {error}; run without --no-build",
            folder.display()
        ))
    })?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            measure(root, &path, rows)?;
            continue;
        }
        let name = path
            .strip_prefix(root)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        if NOT_LOADED.contains(&name.as_str()) {
            continue;
        }
        // Packed, it is loaded as that; the plain file is there should that not come.
        if root.join(format!("{name}{}", pack::SUFFIX)).is_file() {
            println!("not counted: {name}, loaded as {name}{}", pack::SUFFIX);
            continue;
        }
        let bytes = shell::read(&path)?;
        let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
        gzip.write_all(&bytes)?;
        rows.push((name, bytes.len(), gzip.finish()?.len()));
    }
    Ok(())
}
