//! Five consecutive mornings of an ERP's exports, written to a folder with what really happened.

use std::fs;
use std::path::Path;

use duebook_money::{Day, date};
use duebook_sample::mornings::{Plan, Shape, each_file};

use crate::shell::{Failure, Outcome, fail, option, say};

/// Where the first morning is when nobody says.
const START: &str = "2026-11-16";

/// `cargo xtask mornings`
pub fn run(args: &[String]) -> Outcome {
    let Some(folder) = args.first().filter(|a| !a.starts_with("--")) else {
        return fail("name the folder to write to");
    };
    let plan = plan(args)?;
    let mut written = (0, 0);
    each_file(&plan, |name, bytes| -> Outcome {
        let path = Path::new(folder).join(&name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, &bytes).map_err(|e| Failure(format!("{}: {e}", path.display())))?;
        written = (written.0 + 1, written.1 + bytes.len());
        Ok(())
    })?;
    say(format!(
        "{} files, {} bytes of {} in {folder}",
        written.0,
        written.1,
        plan.shape.name()
    ));
    Ok(())
}

fn plan(args: &[String]) -> Outcome<Plan> {
    let shape = match option(args, "--shape").unwrap_or("sap") {
        "sap" => Shape::Sap,
        "oracle" => Shape::Oracle,
        "netsuite" => Shape::NetSuite,
        other => return fail(format!("`{other}` is not sap, oracle or netsuite")),
    };
    let start = day(option(args, "--start").unwrap_or(START))?;
    let seed = number(option(args, "--seed").unwrap_or("7"))?;
    let plan = Plan::new(shape, seed, start);
    match option(args, "--items") {
        Some(items) => Ok(plan.sized(number(items)? as usize)),
        None => Ok(plan),
    }
}

fn number(text: &str) -> Outcome<u64> {
    text.parse()
        .map_err(|_| Failure(format!("`{text}` is not a number")))
}

fn day(text: &str) -> Outcome<Day> {
    date::parse_iso_bytes(text.as_bytes())
        .ok_or_else(|| Failure(format!("`{text}` is not a day such as {START}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_filled() {
        let folder = std::env::temp_dir().join(format!("duebook-mornings-{}", std::process::id()));
        let path = folder.to_string_lossy().into_owned();
        let args = [&*path, "--shape", "oracle"].map(str::to_owned);
        run(&args).expect("written");
        let told = fs::read_to_string(folder.join("TRUTH.md")).expect("a truth");
        fs::remove_dir_all(&folder).expect("removed");
        assert!(told.contains("## Morning 5"));
    }

    #[test]
    fn what_cannot_be_made_is_said() {
        let args = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(run(&args("--shape sap")).is_err());
        assert!(plan(&args("x --shape sage")).is_err());
        assert!(plan(&args("x --start yesterday")).is_err());
    }
}
