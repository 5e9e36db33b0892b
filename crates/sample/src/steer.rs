//! The eve of today at the desk: rules of contact, filters, a pin, snoozes, assignments, and a call
//! that was broken off.

use crate::customers::COLLECTORS;
use crate::life::customer_key;
use crate::portfolio::{Ask, Builder};
use crate::work::Desk;
use duebook_ledger::Command;
use duebook_ledger::desk::{DeskCommand, Pin, Pool, Snooze};
use duebook_ledger::facts::Channel;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::policy::PolicyChange;
use duebook_money::{Day, Weekday};
use duebook_policy::calendar::Holiday;
use duebook_policy::contact::Template;
use duebook_policy::{ContactPolicy, HolidayCalendar};

impl Desk {
    /// What was set before the last shift ended.
    pub fn eve(&self, b: &mut Builder, day: Day, minute: i32) {
        let mut at = Eve { b, day, minute };
        at.rules();
        at.pools();
        let late: Vec<CustomerKey> = at.late();
        let lead = COLLECTORS[0];
        let of = |n: usize| late.get(n % late.len().max(1)).cloned();
        if let Some(customer) = of(1) {
            at.pin(lead, customer);
        }
        for (n, days, why) in [
            (
                4,
                3,
                "Their new ERP goes live; nobody there can see invoices.",
            ),
            (7, 6, "Controller is back next week and decides."),
        ] {
            if let Some(customer) = of(n) {
                at.snooze(lead, customer, day.plus(days), why);
            }
        }
        let customers: Vec<CustomerKey> = late.iter().step_by(9).take(6).cloned().collect();
        if !customers.is_empty() {
            let collector = COLLECTORS[1].to_owned();
            at.ask(
                lead,
                DeskCommand::Assign {
                    customers,
                    collector,
                },
            );
        }
        if let Some(customer) = of(11) {
            at.park(COLLECTORS[1], customer);
        }
    }
}

/// One act after another, a minute apart.
struct Eve<'a> {
    b: &'a mut Builder,
    day: Day,
    minute: i32,
}

impl Eve<'_> {
    fn ask(&mut self, actor: &str, command: DeskCommand) {
        self.give(actor, Command::Desk(command), Vec::new());
    }

    fn give(&mut self, actor: &str, command: Command, texts: Vec<crate::portfolio::SampleText>) {
        self.minute += 1;
        let ask = Ask::new(self.day, self.minute, actor, command).with(texts);
        self.b.ask(ask);
    }

    /// Customers with something late at the source, the most first.
    fn late(&self) -> Vec<CustomerKey> {
        let erp = &self.b.erp;
        let late = |client: usize| {
            let of = erp.of[client].iter().map(|d| &erp.docs[*d]);
            let open = of.filter(|d| d.shown && d.open > 0 && d.due < self.day);
            open.count()
        };
        let mut all: Vec<(usize, usize)> = (0..self.b.clients.len())
            .map(|c| (late(c), c))
            .filter(|(count, _)| *count > 0)
            .collect();
        duebook_money::order::sort_by_key(&mut all, |(count, c)| (std::cmp::Reverse(*count), *c));
        all.into_iter()
            .map(|(_, c)| customer_key(&self.b.clients[c]))
            .filter(|key| self.b.book.find_customer(key).is_some())
            .collect()
    }

    fn rules(&mut self) {
        let year = self.day.year();
        let fourth = (22..=28)
            .filter_map(|d| Day::from_ymd(year, 11, d))
            .find(|d| d.weekday() == Weekday::Thursday);
        let holiday = |day: Option<Day>, name: &str| {
            day.map(|day| Holiday {
                day,
                name: name.to_owned(),
            })
        };
        let calendar = |name: &str, holidays: [Option<Holiday>; 2]| HolidayCalendar {
            name: name.to_owned(),
            holidays: holidays.into_iter().flatten().collect(),
            source: "sample".to_owned(),
            ..HolidayCalendar::default()
        };
        let christmas = Day::from_ymd(year, 12, 25);
        let policy = ContactPolicy {
            rules: Template::ALL.into_iter().map(Template::rules).collect(),
            calendars: vec![
                calendar(
                    "US",
                    [
                        holiday(fourth, "Thanksgiving"),
                        holiday(christmas, "Christmas Day"),
                    ],
                ),
                calendar(
                    "DE",
                    [
                        holiday(christmas, "Christmas Day"),
                        holiday(Day::from_ymd(year, 12, 26), "Second day of Christmas"),
                    ],
                ),
            ],
            ..ContactPolicy::default()
        };
        let command = Command::SetPolicy(PolicyChange::Contact(policy));
        self.give(COLLECTORS[0], command, Vec::new());
    }

    fn pools(&mut self) {
        let pools = [
            (
                "Over 60 days",
                Pool {
                    days_from: Some(61),
                    ..Pool::default()
                },
            ),
            (
                "US, callable",
                Pool {
                    callable: true,
                    country: Some("US".to_owned()),
                    ..Pool::default()
                },
            ),
        ];
        for (name, pool) in pools {
            let (name, pool) = (name.to_owned(), Some(pool));
            self.ask(COLLECTORS[0], DeskCommand::SavePool { name, pool });
        }
    }

    fn pin(&mut self, actor: &str, customer: CustomerKey) {
        let Some(text) = self
            .b
            .text("Their CFO asked us to ring before the board meets.")
        else {
            return;
        };
        let pin = Some(Pin {
            until: Some(self.day.plus(4)),
            reason: text.reference,
        });
        let command = Command::Desk(DeskCommand::Pin { customer, pin });
        self.give(actor, command, vec![text]);
    }

    fn snooze(&mut self, actor: &str, customer: CustomerKey, until: Day, why: &str) {
        let Some(text) = self.b.text(why) else { return };
        let snooze = Some(Snooze {
            until,
            reason: text.reference,
        });
        let command = Command::Desk(DeskCommand::Snooze { customer, snooze });
        self.give(actor, command, vec![text]);
    }

    fn park(&mut self, actor: &str, customer: CustomerKey) {
        let began = crate::portfolio::instant(self.day, self.minute);
        let command = DeskCommand::Park {
            customer,
            began,
            channel: Channel::InboundCall,
            draft: None,
        };
        self.ask(actor, command);
    }
}
