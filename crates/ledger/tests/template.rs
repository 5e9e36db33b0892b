//! The client's own workbook: kept beside the log, mapped anew, put away, undone like anything else.
#![allow(clippy::result_large_err, clippy::unwrap_used)]
mod support;
use duebook_ledger::event::BlockRef;
use duebook_ledger::import::Incoming;
use duebook_ledger::refusal::Field;
use duebook_ledger::template::*;
use duebook_ledger::*;
use support::*;

const BYTES: &[u8] = b"the client's workbook";

fn plan(sheet: &str) -> SheetPlan {
    let column = |at, header: &str, field| PlanColumn {
        at,
        header: header.into(),
        field,
    };
    SheetPlan {
        sheet: sheet.into(),
        header: 4,
        first: 5,
        last: 44,
        columns: vec![
            column(0, "Invoice", TemplateField::Number),
            column(
                7,
                "1-30",
                TemplateField::Aged {
                    from: Some(1),
                    to: Some(30),
                },
            ),
        ],
        rows: PlanRows {
            past_due: true,
            collector: Some("Asha".into()),
            ..PlanRows::default()
        },
        order: PlanOrder::Due,
    }
}

fn facts(name: &str) -> TemplateFacts {
    TemplateFacts {
        name: name.into(),
        file: "weekly.xlsx".into(),
        block: BlockRef::of(BYTES, 0),
        sheets: vec![plan("Open items")],
    }
}

fn set(s: &mut Story, facts: TemplateFacts, bytes: Option<&[u8]>) -> Result<Seq, Refusal> {
    let incoming = Incoming {
        template: bytes.map(<[u8]>::to_vec),
        ..Incoming::default()
    };
    let command = Command::Template(TemplateCommand::Set(facts));
    s.try_with(command, &incoming, Vec::new()).map(|(s, _)| s)
}

fn names(s: &Story) -> Vec<String> {
    s.book.templates().map(|(_, t)| t.name.clone()).collect()
}

#[test]
fn a_workbook_is_kept_mapped_anew_and_put_away_and_each_step_is_undone() {
    let mut s = following_book();
    let kept = set(&mut s, facts(" Weekly "), Some(BYTES)).unwrap();
    assert_eq!(names(&s), ["Weekly"]);
    let mut other = facts("Weekly");
    other.sheets[0].last = 50;
    let mapped = set(&mut s, other, None).unwrap();
    assert_eq!(s.book.template("Weekly").unwrap().sheets[0].last, 50);
    let blocks = s.book.blocks().len();
    let removed = s.when(Command::Template(TemplateCommand::Remove("Weekly".into())));
    assert!(names(&s).is_empty());
    s.undo(removed);
    assert_eq!(s.book.template("Weekly").unwrap().sheets[0].last, 50);
    s.undo(mapped);
    assert_eq!(s.book.template("Weekly").unwrap().sheets[0].last, 44);
    let undo = s.undo(kept);
    assert!(names(&s).is_empty());
    s.undo(undo);
    assert_eq!(names(&s), ["Weekly"]);
    assert_eq!(
        s.book.blocks().len(),
        blocks,
        "one workbook, however often it is named"
    );
    assert_eq!(replay(&s.log).template("Weekly"), s.book.template("Weekly"));
}

#[test]
fn what_cannot_be_filled_is_refused() {
    let mut s = following_book();
    let refused = |s: &mut Story, change: &dyn Fn(&mut TemplateFacts)| {
        let mut facts = facts("Weekly");
        change(&mut facts);
        set(s, facts, Some(BYTES)).unwrap_err()
    };
    assert_eq!(
        refused(&mut s, &|f| f.name = " ".into()),
        Refusal::Empty(Field::Name)
    );
    assert_eq!(
        refused(&mut s, &|f| f.sheets.clear()),
        Refusal::Empty(Field::Items)
    );
    assert_eq!(
        refused(&mut s, &|f| f.block = BlockRef::of(b"else", 0)),
        Refusal::StagingBroken
    );
    let bad: [&dyn Fn(&mut TemplateFacts); 7] = [
        &|f| f.sheets[0].columns.clear(),
        &|f| f.sheets[0].columns[1].at = 0,
        &|f| f.sheets[0].first = 4,
        &|f| f.sheets[0].last = 3,
        &|f| f.sheets[0].last = 2_000_000,
        &|f| f.sheets.push(plan("Open items")),
        &|f| {
            f.sheets[0].columns[1].field = TemplateField::Aged {
                from: None,
                to: None,
            };
        },
    ];
    for change in bad {
        assert_eq!(refused(&mut s, change), Refusal::BadPolicy);
    }
    let none = set(&mut s, facts("Weekly"), None);
    assert_eq!(none, Err(Refusal::StagingBroken), "bytes that are nowhere");
    let refusal = s.refuses(Command::Template(TemplateCommand::Remove("Weekly".into())));
    assert_eq!(refusal, Refusal::UnknownTemplate("Weekly".into()));
    for n in 0..MAX_TEMPLATES {
        set(&mut s, facts(&format!("T{n}")), Some(BYTES)).unwrap();
    }
    assert_eq!(refused(&mut s, &|_| ()), Refusal::TooLarge);
    assert_eq!(set(&mut s, facts("T3"), Some(BYTES)).map(|_| ()), Ok(()));
}

#[test]
fn every_field_is_known_by_its_name() {
    let aged = [(None, Some(0)), (Some(1), Some(30)), (Some(91), None)];
    let aged = aged.map(|(from, to)| TemplateField::Aged { from, to });
    let all = TemplateField::NAMED.iter().map(|(f, _)| *f).chain(aged);
    for field in all {
        assert_eq!(TemplateField::named(&field.name()), Some(field));
    }
    assert_eq!(TemplateField::named("Open, x to 3 days late"), None);
}
