//! The rows of a staged file, some at a time, and those that the user leaves out.

use super::bulk::{BulkImport, garbled};
use crate::jobs::{JobError, Request, Response, bytes_of, numbers};
use duebook_exchange::read::{Figures, PreviewItem};

impl BulkImport {
    /// The lines of the staged rows, and those of them that have a warning.
    ///
    /// # Errors
    /// [`JobError`].
    pub async fn lines(&self) -> Result<(Vec<u32>, Vec<u32>), JobError> {
        match self.worker.call(&Request::Lines, None, &[], |_| {}).await? {
            (Response::Bytes, both) => {
                let of = |at: usize| both.get(at).map_or(Vec::new(), |b| numbers(b));
                Ok((of(0), of(1)))
            }
            (other, _) => Err(garbled(&other)),
        }
    }
    /// Staged rows as they would be kept, from an ordinal on.
    ///
    /// # Errors
    /// [`JobError`].
    pub async fn page(&self, from: usize, count: usize) -> Result<Vec<PreviewItem>, JobError> {
        let request = Request::Page { from, count };
        match self.worker.call(&request, None, &[], |_| {}).await?.0 {
            Response::Page(rows) => Ok(rows),
            other => Err(garbled(&other)),
        }
    }
    /// Leaves out these lines, or with `all_but` every line but these; all that follows is of what
    /// remains. Answers its figures.
    ///
    /// # Errors
    /// [`JobError`].
    pub async fn leave_out(&self, all_but: bool, lines: &[u32]) -> Result<Figures, JobError> {
        let bytes = bytes_of(lines);
        let request = Request::LeaveOut { all_but };
        match self.worker.call(&request, None, &[&bytes], |_| {}).await?.0 {
            Response::Figures(figures) => Ok(figures),
            other => Err(garbled(&other)),
        }
    }
    /// The refused rows and those left out, as CSV with a reason column.
    ///
    /// # Errors
    /// [`JobError`].
    pub async fn refused(&self) -> Result<Vec<u8>, JobError> {
        match self
            .worker
            .call(&Request::Refused, None, &[], |_| {})
            .await?
        {
            (Response::Bytes, mut bytes) => Ok(bytes.pop().unwrap_or_default()),
            (other, _) => Err(garbled(&other)),
        }
    }
}
