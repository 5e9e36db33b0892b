//! Stages a file and prints its preview as JSON, with the time it took on standard error.
//!
//! `cargo run --release -p duebook-exchange --example stage -- FILE [OPTIONS.json]`

use duebook_exchange::read::{Bytes, Flow, Options, stage};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("which file?")?;
    let options: Options = match args.next() {
        Some(file) => serde_json::from_slice(&std::fs::read(file)?)?,
        None => Options::default(),
    };
    let bytes = std::fs::read(&path)?;
    let name = std::path::Path::new(&path)
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into());
    let input = Bytes {
        name: &name,
        bytes: &bytes,
    };
    let start = Instant::now();
    let staged = stage(&input, &options, &mut |_| Flow::Continue);
    let elapsed = start.elapsed().as_millis();
    match staged {
        Ok(staged) => println!("{}", serde_json::to_string_pretty(&staged.preview)?),
        Err(error) => println!("{}", serde_json::to_string_pretty(&error)?),
    }
    eprintln!("{elapsed} ms");
    Ok(())
}
