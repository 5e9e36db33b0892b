//! Which customers, currencies and entities a view has, and the number each combination gets.

use duebook_ledger::OpenScan;
use duebook_money::Currency;

/// Which (customer, currency, entity) a view has, as bits in that order with their ranks: a slot's
/// number is the count of bits before its own. Small enough to stay in the processor's cache, and
/// the slots come out sorted.
pub(crate) struct Places {
    /// Per numeric currency, its position among those in use, by code.
    currency_at: Vec<u16>,
    /// The currencies in use, by code.
    pub currencies: Vec<Currency>,
    entities: usize,
    /// (bits, bits set before them).
    words: Vec<(u64, u32)>,
    pub count: usize,
}

impl Places {
    pub fn new(scan: &OpenScan<'_>, customers: usize) -> Self {
        let (currency_at, currencies, entities) = in_use(scan);
        let bits = customers * currencies.len() * entities;
        let mut places = Places {
            currency_at,
            currencies,
            entities,
            words: vec![(0, 0); bits.div_ceil(64)],
            count: 0,
        };
        for (_, segment) in scan.segments().filter(|(_, s)| s.all_live() != Some(false)) {
            let data = segment.data();
            let n = segment.len();
            let (customer, entity, currency) =
                (&data.customer[..n], &data.entity[..n], &data.currency[..n]);
            for i in 0..n {
                let bit = places.bit(customer[i], entity[i], currency[i]);
                if let Some(word) = places.words.get_mut(bit / 64) {
                    word.0 |= 1 << (bit % 64);
                }
            }
        }
        let mut before = 0;
        for (bits, rank) in &mut places.words {
            *rank = before;
            before += bits.count_ones();
        }
        places.count = before as usize;
        places
    }
    #[inline]
    pub fn bit(&self, customer: u32, entity: u16, currency: u16) -> usize {
        let currency = usize::from(self.currency_at[usize::from(currency)]);
        (customer as usize * self.currencies.len() + currency) * self.entities + usize::from(entity)
    }
    #[inline]
    pub fn slot_of_bit(&self, bit: usize) -> Option<usize> {
        let (bits, rank) = *self.words.get(bit / 64)?;
        let mask = 1u64 << (bit % 64);
        (bits & mask != 0).then(|| rank as usize + (bits & (mask - 1)).count_ones() as usize)
    }
    /// Words of bits, for [`Places::within`].
    pub fn words(&self) -> usize {
        self.words.len()
    }
    /// Every slot in order: number, customer, currency, entity.
    pub fn iter(&self) -> impl Iterator<Item = (usize, u32, Currency, u16)> + '_ {
        self.within(0..self.words.len())
    }
    /// [`Places::iter`] over some of the words.
    pub fn within(
        &self,
        words: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (usize, u32, Currency, u16)> + '_ {
        let first = words.start;
        let words = self.words.get(words).unwrap_or(&[]);
        let before = words.first().map_or(0, |(_, rank)| *rank as usize);
        let bits = words.iter().enumerate().flat_map(move |(at, (bits, _))| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let bit = left.trailing_zeros();
                left &= left.wrapping_sub(1);
                (bit < 64).then_some((first + at) * 64 + bit as usize)
            })
        });
        bits.enumerate().map(move |(n, bit)| {
            let entity = bit % self.entities;
            let rest = bit / self.entities;
            let currency = self.currencies[rest % self.currencies.len()];
            let customer = (rest / self.currencies.len()) as u32;
            (before + n, customer, currency, entity as u16)
        })
    }
}

/// The currencies and the number of entities in use in a view.
fn in_use(scan: &OpenScan<'_>) -> (Vec<u16>, Vec<Currency>, usize) {
    let mut seen = vec![0u16; 1 << 16];
    let mut entities = 0;
    for (_, segment) in scan.segments() {
        let data = segment.data();
        data.currency.iter().for_each(|c| seen[usize::from(*c)] = 1);
        let last = data.entity.iter().max();
        entities = entities.max(last.map_or(0, |e| usize::from(*e) + 1));
    }
    let numbers = (0..=u16::MAX).filter(|c| seen[usize::from(*c)] == 1);
    let mut currencies: Vec<(Currency, u16)> = numbers
        .map(|c| (Currency::from_numeric(c).unwrap_or(Currency::XXX), c))
        .collect();
    duebook_money::order::sort_by_key(&mut currencies, |(currency, number)| {
        (currency.code(), *number)
    });
    for (at, (_, number)) in currencies.iter().enumerate() {
        seen[usize::from(*number)] = at as u16;
    }
    (seen, currencies.iter().map(|c| c.0).collect(), entities)
}
