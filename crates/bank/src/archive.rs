//! Zip archives of statements: camt files come so, many to an archive.

use crate::error::Error;
use crate::finding::{Finding, Place, Problem};
use crate::limits::{MAX_FILE_BYTES, MAX_INFLATED_BYTES, MAX_MEMBERS};
use crate::{File, Format, Options, detect, read_as};
use std::io::{Cursor, Read};

/// Reads every member that is a statement or a remittance; the parts are put together in the order
/// of the names.
pub(crate) fn read(bytes: &[u8], options: &Options) -> Result<File, Error> {
    let broken = |error: zip::result::ZipError| Error::Archive {
        detail: error.to_string(),
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    let mut names: Vec<String> = archive
        .file_names()
        .flatten()
        .map(|n| n.into_owned())
        .collect();
    names.sort_unstable();
    let mut out = File {
        format: Format::Archive,
        statements: Vec::new(),
        remittances: Vec::new(),
        findings: Vec::new(),
        more_findings: 0,
        questions: Vec::new(),
        columns: Vec::new(),
        assumed: None,
    };
    if names.len() > MAX_MEMBERS {
        finding(
            &mut out,
            Problem::Limit {
                what: "files of an archive",
                limit: MAX_MEMBERS,
            },
        );
    }
    let mut left = MAX_INFLATED_BYTES;
    for name in names.iter().take(MAX_MEMBERS) {
        if name.ends_with('/') || name.rsplit('/').next().is_some_and(|n| n.starts_with('.')) {
            continue;
        }
        let member = match member(&mut archive, name, left.min(MAX_FILE_BYTES)) {
            Ok(bytes) => {
                left = left.saturating_sub(bytes.len());
                one(&bytes, name, options)
            }
            Err(error) => Err(error),
        };
        match member {
            Ok(file) => join(&mut out, file),
            Err(error) => finding(
                &mut out,
                Problem::Member {
                    name: name.clone(),
                    error: Box::new(error),
                },
            ),
        }
    }
    Ok(out)
}

/// An archive in an archive is not opened.
fn one(bytes: &[u8], name: &str, options: &Options) -> Result<File, Error> {
    match detect(bytes, name)? {
        Format::Archive => Err(Error::Archive {
            detail: "an archive within an archive".into(),
        }),
        format => read_as(format, bytes, name, options),
    }
}

fn member(
    archive: &mut zip::ZipArchive<Cursor<&[u8]>>,
    name: &str,
    limit: usize,
) -> Result<Vec<u8>, Error> {
    let broken = |detail: String| Error::Archive { detail };
    let file = archive.by_name(name).map_err(|e| broken(e.to_string()))?;
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most)
        .read_to_end(&mut bytes)
        .map_err(|e| broken(e.to_string()))?;
    if bytes.len() > limit {
        return Err(Error::TooLarge {
            bytes: bytes.len(),
            limit,
        });
    }
    Ok(bytes)
}

fn finding(out: &mut File, problem: Problem) {
    out.findings.push(Finding {
        place: Place::default(),
        problem,
    });
}

/// Places of findings count statements over the whole archive.
fn join(out: &mut File, file: File) {
    let before = if file.statements.is_empty() {
        out.remittances.len()
    } else {
        out.statements.len()
    };
    let by = u32::try_from(before).unwrap_or(u32::MAX);
    out.findings.extend(file.findings.into_iter().map(|mut f| {
        f.place.statement = f.place.statement.map(|s| s.saturating_add(by));
        f
    }));
    out.statements.extend(file.statements);
    out.remittances.extend(file.remittances);
    out.more_findings += file.more_findings;
    out.questions.extend(file.questions);
    out.assumed = out.assumed.or(file.assumed);
}
