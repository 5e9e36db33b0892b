//! Dense ids. They are given out in log order and never leave the log and memory: addresses,
//! exports and packs use natural keys or `command id : ordinal`.

use minicbor::{Decode, Encode};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
        #[cbor(transparent)]
        pub struct $name(#[n(0)] pub u32);
        impl $name {
            /// As an index into the table of its kind.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id!(/// A customer, in the order first recorded.
    CustomerId);
id!(/// A person at a customer.
    ContactId);
id!(/// A settlement: one row that changes the open amount of one or two items.
    SettlementId);
id!(/// One contact with a customer: call, mail, letter, meeting, portal check or note.
    ActivityId);
id!(/// A promise to pay.
    PromiseId);
id!(/// Something to do for a customer at a time.
    FollowUpId);
id!(/// A remark of a team's tracker.
    RemarkId);
id!(/// A dispute or query.
    CaseId);
id!(/// A resolution asked for.
    RequestId);
id!(/// A question put to somebody above.
    EscalationId);
id!(/// A payment plan.
    PlanId);
id!(/// A settlement offer.
    OfferId);
id!(/// Items placed with an agency or a lawyer.
    PlacementId);
id!(/// An entry of the risk register.
    RiskId);
id!(/// A line of a bank statement.
    LineId);
id!(/// A letter written.
    LetterId);
id!(/// A hold on a customer's letters.
    HoldId);
id!(/// Something a customer asked for.
    QueryId);
id!(/// A document of items or of a customer.
    DocumentId);
id!(/// A commit's position in the log, from 1.
    Seq);

/// An open item: the number of its segment and its row there. See [`crate::columns::Segment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct ItemId(#[n(0)] pub u32);

impl ItemId {
    /// Joins a segment number (below 65,536) and a row (below 65,536).
    pub fn new(segment: usize, row: usize) -> Self {
        ItemId(((segment as u32) << 16) | row as u32)
    }
    /// The segment's number.
    pub fn segment(self) -> usize {
        (self.0 >> 16) as usize
    }
    /// The row in the segment.
    pub fn row(self) -> usize {
        (self.0 & 0xffff) as usize
    }
}

/// 16 random bytes made by the platform: a command or a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Uid(pub [u8; 16]);

impl<C> Encode<C> for Uid {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Uid {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let bytes = d.bytes()?;
        let bytes = bytes
            .try_into()
            .map_err(|_| minicbor::decode::Error::message("an id has 16 bytes"))?;
        Ok(Uid(bytes))
    }
}

impl std::fmt::Display for Uid {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}
