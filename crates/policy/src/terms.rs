//! What a source's terms codes mean (domain.md §1.4): `ZT30` is `net 30` there, and something else
//! or nothing elsewhere.

use duebook_money::terms::Terms;
use minicbor::{Decode, Encode};

/// The most codes that a table holds.
pub const MAX_CODES: usize = 5_000;

/// A code and its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TermsCode {
    /// The source that writes it.
    #[n(0)]
    pub source: String,
    /// As the source writes it.
    #[n(1)]
    pub code: String,
    /// In the grammar of [`Terms`].
    #[n(2)]
    pub means: String,
}

/// The codes of every source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TermsTable {
    /// In order of source and code, each once.
    #[n(0)]
    #[cbor(default)]
    pub codes: Vec<TermsCode>,
}

/// Why a table of codes does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TermsTableError {
    /// A source or a code is empty.
    Empty(usize),
    /// A meaning that is not in the grammar.
    Meaning(usize),
    /// A code of a source twice, or not in order.
    Order(usize),
    /// More than [`MAX_CODES`].
    TooMany,
}

impl TermsTable {
    /// Gives a code its meaning, in the place of the one it had.
    pub fn set(&mut self, code: TermsCode) {
        match self.place(&code.source, &code.code) {
            Ok(at) => self.codes[at] = code,
            Err(at) => self.codes.insert(at, code),
        }
    }
    /// Takes a code out.
    pub fn remove(&mut self, source: &str, code: &str) {
        if let Ok(at) = self.place(source, code) {
            self.codes.remove(at);
        }
    }
    fn place(&self, source: &str, code: &str) -> Result<usize, usize> {
        let place = |c: &TermsCode| (c.source.as_str(), c.code.as_str()).cmp(&(source, code));
        self.codes.binary_search_by(place)
    }
    /// The codes of a source with their meanings.
    pub fn of<'a>(&'a self, source: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let own = self.codes.iter().filter(move |c| c.source == source);
        own.map(|c| (c.code.as_str(), c.means.as_str()))
    }
    /// Whether the table can be put in force.
    ///
    /// # Errors
    /// [`TermsTableError`], the first that holds, with the place.
    pub fn validate(&self) -> Result<(), TermsTableError> {
        if self.codes.len() > MAX_CODES {
            return Err(TermsTableError::TooMany);
        }
        for (at, c) in self.codes.iter().enumerate() {
            if c.source.trim().is_empty() || c.code.trim().is_empty() {
                return Err(TermsTableError::Empty(at));
            }
            if Terms::parse(&c.means).is_err() {
                return Err(TermsTableError::Meaning(at));
            }
            let before = at.checked_sub(1).and_then(|b| self.codes.get(b));
            if before.is_some_and(|b| (&b.source, &b.code) >= (&c.source, &c.code)) {
                return Err(TermsTableError::Order(at));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(source: &str, code: &str, means: &str) -> TermsCode {
        TermsCode {
            source: source.to_owned(),
            code: code.to_owned(),
            means: means.to_owned(),
        }
    }

    #[test]
    fn tm_08_a_code_means_what_its_source_says_and_only_there() {
        let mut table = TermsTable::default();
        table.set(code("SAP", "ZT30", "net 30"));
        table.set(code("SAP", "NAA8", "15 MFI"));
        table.set(code("Oracle", "ZT30", "net 45"));
        table.set(code("SAP", "ZT30", "net 31"));
        assert_eq!(table.validate(), Ok(()));
        let sap: Vec<_> = table.of("SAP").collect();
        assert_eq!(sap, [("NAA8", "15 MFI"), ("ZT30", "net 31")]);
        table.remove("SAP", "ZT30");
        assert_eq!(table.of("SAP").count(), 1);
        table.set(code("SAP", "X", "whenever"));
        assert_eq!(table.validate(), Err(TermsTableError::Meaning(2)));
    }
}
