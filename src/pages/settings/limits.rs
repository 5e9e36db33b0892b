//! Who may grant how much: roles with their limits, and who has which.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_money::Currency;
use duebook_money::amount::{Style, parse};
use duebook_policy::authority::{AmountLimit, AuthorityError, RoleLimit};
use duebook_policy::{AuthorityPolicy, Grant};
use leptos::prelude::*;

/// Words for what is granted, as they are typed.
const GRANTS: [(Grant, &str); 7] = [
    (Grant::LateCharge, "late charges"),
    (Grant::SmallBalance, "small balances"),
    (Grant::Credit, "credits"),
    (Grant::Goodwill, "goodwill"),
    (Grant::WriteOff, "write-offs"),
    (Grant::Settlement, "settlements"),
    (Grant::PayOut, "pay-outs"),
];

/// `Role; percent; EUR 100 300, USD 100 300; late charges, credits`, one a line.
fn written(policy: &AuthorityPolicy) -> String {
    let amount = |minor: i64, c: Currency| words::amount(minor, c).replace(',', "");
    let line = |r: &RoleLimit| {
        let percent = r.basis_points.map_or(String::new(), |b| {
            let text = format!("{}.{:02}", b / 100, b % 100);
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        });
        let limit = |a: &AmountLimit| {
            let (document, rolling) = (
                amount(a.document, a.currency),
                amount(a.rolling, a.currency),
            );
            format!("{} {document} {rolling}", a.currency.code())
        };
        let amounts: Vec<String> = r.amounts.iter().map(limit).collect();
        let names = |g: &Grant| GRANTS.iter().find(|(k, _)| k == g).map(|(_, n)| *n);
        let grants: Vec<&str> = r.grants.iter().filter_map(names).collect();
        format!(
            "{}; {percent}; {}; {}",
            r.role,
            amounts.join(", "),
            grants.join(", ")
        )
    };
    policy.roles.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read_role(row: &str) -> Option<RoleLimit> {
    let cells: Vec<&str> = row.split(';').map(str::trim).collect();
    let cell = |n: usize| cells.get(n).copied().unwrap_or("");
    let basis_points = match cell(1).trim_end_matches('%').trim() {
        "" => None,
        text => {
            let percent = parse(text, Style::POINT).ok()?.minor(2).ok()?;
            Some(u32::try_from(percent).ok()?)
        }
    };
    let mut amounts = Vec::new();
    for part in cell(2).split(',').map(str::trim).filter(|p| !p.is_empty()) {
        let mut words = part.split_whitespace();
        let currency = Currency::from_code(words.next()?)?;
        let mut minor = || {
            let read = parse(words.next()?, Style::POINT).ok()?;
            read.minor(currency.exponent()).ok()
        };
        let document = minor()?;
        let rolling = minor()?;
        amounts.push(AmountLimit {
            currency,
            document,
            rolling,
        });
    }
    let mut grants = Vec::new();
    for name in cell(3).split(',').map(str::trim).filter(|n| !n.is_empty()) {
        let found = GRANTS.iter().find(|(_, n)| n.eq_ignore_ascii_case(name));
        grants.push(found?.0);
    }
    Some(RoleLimit {
        role: cell(0).to_owned(),
        grants,
        basis_points,
        amounts,
    })
}

fn read(roles: &str, people: &str, always_two: bool) -> Result<AuthorityPolicy, String> {
    let mut policy = AuthorityPolicy {
        roles: Vec::new(),
        people: Vec::new(),
        always_two,
    };
    let rows = |text: &str| -> Vec<(usize, String)> {
        let all = text
            .lines()
            .enumerate()
            .filter(|(_, r)| !r.trim().is_empty());
        all.map(|(n, r)| (n + 1, r.to_owned())).collect()
    };
    for (n, row) in rows(roles) {
        let role = read_role(&row);
        policy
            .roles
            .push(role.ok_or(format!("Roles, row {n} cannot be read."))?);
    }
    for (n, row) in rows(people) {
        let (name, role) = row
            .split_once(';')
            .ok_or(format!("People, row {n}: write “name; role”."))?;
        policy
            .people
            .push((name.trim().to_owned(), role.trim().to_owned()));
    }
    policy.validate().map_err(|e| match e {
        AuthorityError::NoRoles => "At least one role.",
        AuthorityError::RoleName => "Each role has a name of its own.",
        AuthorityError::Limit => {
            "A limit is not below zero, not above 100 %, and given once a currency."
        }
        AuthorityError::Person => "Each person has one of the roles.",
        AuthorityError::TooMany => "These are too many.",
    })?;
    Ok(policy)
}

/// The section.
#[component]
pub fn Limits() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().authority.clone()));
    let (roles, people) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let two = RwSignal::new(false);
    Effect::new(move |_| {
        let p = in_force.get();
        roles.set(written(&p));
        let line = |(name, role): &(String, String)| format!("{name}; {role}");
        people.set(p.people.iter().map(line).collect::<Vec<_>>().join("\n"));
        two.set(p.always_two);
    });
    let policy = move || roles.with(|r| people.with(|p| read(r, p, two.get())));
    let refused = Signal::derive(move || policy().err());
    let save = move |()| {
        if let Ok(policy) = untrack(policy) {
            save::policies(
                ws,
                toasts,
                vec![PolicyChange::Authority(policy)],
                "Limits saved",
            );
        }
    };
    let hint = Signal::stored(Some(
        "From the least to the greatest, one a row: role; per cent of the document; currency, most a document, most in twelve months; what it grants. Left out: no such limit. Grants: late charges, small balances, credits, goodwill, write-offs, settlements, pay-outs.".to_owned(),
    ));
    let who = Signal::stored(Some(
        "One a row: name; role. Who is not listed has the first role.".to_owned(),
    ));
    view! {
        <Section id="limits" title="Limits">
            <TextArea label="Roles" value=roles rows=7 hint=hint />
            <TextArea label="People" value=people hint=who />
            <Checkbox label="Every grant needs a second person" value=two />
            <p class="muted" role="status">{move || refused.get()}</p>
            <p class="button-row"><Button label="Save the limits" refused=refused on_press=save /></p>
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn st_01_a_role_as_it_is_typed() {
        let role = read_role("Team lead; 5 %; EUR 1000 3000, JPY 150000 450000; credits, Goodwill")
            .expect("reads");
        assert_eq!(
            (role.role.as_str(), role.basis_points),
            ("Team lead", Some(500))
        );
        assert_eq!(
            (role.amounts[0].document, role.amounts[1].rolling),
            (100_000, 450_000)
        );
        assert_eq!(role.grants, [Grant::Credit, Grant::Goodwill]);
        assert!(read_role("X; much; ; ").is_none() && read_role("X; ; EUR 5; ").is_none());
        assert!(read("CFO; ; ;", "Ben; CFO", false).is_ok());
        assert!(read("CFO; ; ;", "Ben; King", false).is_err() && read("", "", false).is_err());
    }
}
