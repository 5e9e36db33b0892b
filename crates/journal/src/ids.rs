//! Identifiers and digests: fixed-size bytes, shown as lower-case hex.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decode, Encode};

/// Two hex digits a byte; `None` when the text is not exactly `N` bytes of lower-case or
/// upper-case hex (dashes, as in a UUID, are skipped).
fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0u8; N];
    let mut digits = text.bytes().filter(|b| *b != b'-');
    for slot in &mut out {
        let high = char::from(digits.next()?).to_digit(16)?;
        let low = char::from(digits.next()?).to_digit(16)?;
        *slot = u8::try_from(high * 16 + low).ok()?;
    }
    digits.next().is_none().then_some(out)
}

macro_rules! bytes_type {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] #[cbor(with = "minicbor::bytes")] pub [u8; $len]);

        impl $name {
            /// The bytes.
            #[must_use]
            pub const fn bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The value in a slice of exactly the right length.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                Some(Self(bytes.try_into().ok()?))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = ();

            fn from_str(text: &str) -> Result<Self, ()> {
                from_hex(text).map(Self).ok_or(())
            }
        }
    };
}

bytes_type!(
    /// One book: one log, one database, one hash chain.
    BookId, 16
);
bytes_type!(
    /// One copy of a book: a restored or handed-over copy writes under a new replica id.
    ReplicaId, 16
);
bytes_type!(
    /// One command as the user gave it. The same command twice is one commit.
    CommandId, 16
);
bytes_type!(
    /// One erasable text kept beside the log.
    TextId, 16
);
bytes_type!(
    /// A BLAKE3 digest.
    Digest, 32
);

impl Digest {
    /// The digest of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The digest of some bytes under a salt: it cannot be guessed back from a short text once
    /// the salt is gone.
    #[must_use]
    pub fn salted(salt: &[u8; 32], bytes: &[u8]) -> Self {
        Self(*blake3::keyed_hash(salt, bytes).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_goes_both_ways_and_skips_dashes() {
        let id = BookId([0xab; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("abababab-abab-abab-abab-abababababab".parse(), Ok(id));
        assert_eq!("ab".parse::<BookId>(), Err(()));
        assert_eq!("é".repeat(16).parse::<BookId>(), Err(()));
        assert_eq!("+a".repeat(16).parse::<BookId>(), Err(()));
    }
}
