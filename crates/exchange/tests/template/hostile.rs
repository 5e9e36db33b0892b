//! What is no template, or a trap: refused with its reason, or answered without a panic.

use super::*;

#[test]
fn hostile_workbooks_are_refused_with_their_reason() {
    let plain = client();
    let macros = rewritten(&plain, "xl/vbaProject.bin", |_| "x".into());
    assert_eq!(outline(&macros, &[]), Err(TemplateError::Macros));
    let macros = rewritten(&plain, "[Content_Types].xml", |xml| {
        xml.replace(
            "spreadsheetml.sheet.main+xml",
            "sheet.macroEnabled.main+xml",
        )
    });
    assert_eq!(outline(&macros, &[]), Err(TemplateError::Macros));
    let bomb = rewritten(&plain, "xl/media/x.xml", |_| "0".repeat(40 << 20));
    assert!(matches!(
        outline(&packed(&bomb), &[]),
        Err(TemplateError::Bomb { .. })
    ));
    assert_eq!(
        outline(b"Invoice,Amount\n", &[]),
        Err(TemplateError::NotXlsx)
    );
    assert!(matches!(
        outline(&plain[..plain.len() / 2], &[]),
        Err(TemplateError::Broken { .. })
    ));
    let entity = rewritten(&plain, "xl/worksheets/sheet1.xml", |xml| {
        xml.replacen(
            "<worksheet",
            "<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet",
            1,
        )
    });
    assert!(matches!(
        outline(&entity, &[]),
        Err(TemplateError::Broken { .. })
    ));
    let torn = rewritten(&plain, "xl/worksheets/sheet1.xml", |xml| {
        xml[..xml.len() / 2].to_owned()
    });
    let _ = outline(&torn, &[]);
    let mut wide = Workbook::new();
    let sheet = wide.add_worksheet().set_name("W").unwrap();
    for column in 0..10_000 {
        sheet
            .write(0, column, format!("Invoice date {column}"))
            .unwrap();
        sheet.write(1, column, column).unwrap();
    }
    let wide = wide.save_to_buffer().unwrap();
    let told = outline(&wide, &[("W".into(), 1)]);
    assert_eq!(
        told,
        Err(TemplateError::TooManyColumns {
            sheet: "W".into(),
            columns: 10_000
        })
    );
    let place = Place {
        sheet: "W".into(),
        header: 1,
        first: 2,
        last: 2,
        columns: vec![0, 1, 2, 3, 4],
    };
    let rows = data(3);
    let told = fill(
        &wide,
        &[Filled {
            place: &place,
            data: &rows,
        }],
    );
    assert!(matches!(told, Err(TemplateError::TooManyColumns { .. })));
    let none = Place {
        sheet: "Nowhere".into(),
        ..place_of(&plain, "Open items")
    };
    let told = fill(
        &plain,
        &[Filled {
            place: &none,
            data: &rows,
        }],
    );
    assert_eq!(
        told.err(),
        Some(TemplateError::NoSheet {
            sheet: "Nowhere".into()
        })
    );
    let many = Place {
        first: 1_048_570,
        last: 1_048_569,
        ..place_of(&plain, "Open items")
    };
    let rows = data(20);
    let told = fill(
        &plain,
        &[Filled {
            place: &many,
            data: &rows,
        }],
    );
    assert!(matches!(told, Err(TemplateError::TooManyRows { .. })));
}

/// Deflated anew.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut from = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    for at in 0..from.len() {
        let mut entry = from.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        zip.start_file(name.as_str(), options).unwrap();
        std::io::copy(&mut entry, &mut zip).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn any_bytes_are_answered() {
    let plain = client();
    // Damage at many places: an answer each time, and never a panic.
    for at in (0..plain.len()).step_by(61) {
        let mut bytes = plain.clone();
        bytes[at] ^= 0x55;
        let _ = outline(&bytes, &[]);
    }
    let sheet = part(&plain, "xl/worksheets/sheet1.xml");
    for at in (0..sheet.len())
        .step_by(97)
        .filter(|at| sheet.is_char_boundary(*at))
    {
        let cut = rewritten(&plain, "xl/worksheets/sheet1.xml", |xml| {
            format!("{}{}", &xml[..at], &xml[(at + 9).min(xml.len())..])
        });
        let place = place_of(&plain, "Open items");
        let rows = data(2);
        let _ = outline(&cut, &[]);
        let _ = fill(
            &cut,
            &[Filled {
                place: &place,
                data: &rows,
            }],
        );
    }
}
