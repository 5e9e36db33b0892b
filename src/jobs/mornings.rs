//! Files to practise on: five mornings of an ERP's exports, made in the worker and zipped.

use super::wire::Response;
use duebook_exchange::write::archive::Archive;
use duebook_money::Day;
use duebook_sample::mornings::{Plan, Shape, each_file};

/// The same story each time: what happens in it is written down beside the files.
const SEED: u64 = 7;

/// Makes them; the archive is beside the answer. Folders become the beginnings of names, so that the
/// files of a morning stand together.
pub fn make(shape: &str, start: i32) -> Result<(Response, Vec<Vec<u8>>), String> {
    let shape = match shape {
        "sap" => Shape::Sap,
        "oracle" => Shape::Oracle,
        "netsuite" => Shape::NetSuite,
        other => return Err(format!("There are no mornings of {other}.")),
    };
    let mut archive = Archive::default();
    each_file(&Plan::new(shape, SEED, Day(start)), |name, bytes| {
        archive.add(&name, &bytes).map(|_| ())
    })
    .map_err(|e| format!("{e:?}"))?;
    let bytes = archive.finish().map_err(|e| format!("{e:?}"))?;
    Ok((Response::Bytes, vec![bytes]))
}
