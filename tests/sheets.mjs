// Workbooks recalculated by LibreOffice, without a window, and read back as plain values.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

const OFFICE = process.env.DUEBOOK_SOFFICE ?? ["/usr/bin/soffice", "/usr/local/bin/soffice"].find(existsSync);

/** Why workbooks cannot be recalculated here; false where they can. It is too big to be set up for one story. */
export const noOffice = OFFICE
  ? false
  : "skipped: no LibreOffice (apt-get install --no-install-recommends libreoffice-calc-nogui, or DUEBOOK_SOFFICE)";

// Formulas of XLSX files are recalculated on loading, always: by default the cached values would be believed.
const PROFILE = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`;

// Comma, quote, UTF-8, from line 1; texts quoted, values as they are and not as shown; every sheet to a file.
const CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true,false,false,false,false,-1";

/**
 * Recalculates XLSX files in `folder`. Answers a map from file name to a map from sheet name to rows of
 * cell texts.
 */
export async function recalculated(files, folder) {
  const [profile, out] = [join(folder, "office"), join(folder, "sheets")];
  await mkdir(join(profile, "user"), { recursive: true });
  await writeFile(join(profile, "user/registrymodifications.xcu"), PROFILE);
  const profileUrl = pathToFileURL(profile).href;
  const args = ["--headless", `-env:UserInstallation=${profileUrl}`, "--convert-to", CSV, "--outdir", out, ...files];
  await promisify(execFile)(OFFICE, args, { timeout: 300_000 });
  const books = new Map();
  for (const file of files) {
    const stem = basename(file, ".xlsx");
    const sheets = new Map();
    for (const name of await readdir(out)) {
      // `aging` must not take the sheets of `aging-detail`: what follows the day is the sheet's name.
      if (!name.startsWith(`${stem}-`)) continue;
      sheets.set(name.slice(stem.length + 1, -".csv".length), rows(await readFile(join(out, name), "utf8")));
    }
    books.set(basename(file), sheets);
  }
  return books;
}

/** Rows of a CSV. */
function rows(text) {
  const all = [];
  let [row, cell, quoted] = [[], "", false];
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (quoted) {
      if (c !== '"') cell += c;
      else if (text[at + 1] === '"') cell += text[++at];
      else quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === "," || c === "\n") {
      row.push(cell);
      cell = "";
      if (c === "\n") {
        all.push(row);
        row = [];
      }
    } else if (c !== "\r") cell += c;
  }
  if (cell || row.length) all.push([...row, cell]);
  return all;
}

/** A figure in thousandths, exactly; null where the cell has none. */
export const thousandths = (text) => {
  const found = /^(-?)(\d+)(?:\.(\d{1,3}))?$/.exec((text ?? "").replaceAll(",", "").replace("−", "-"));
  if (!found) return null;
  const size = BigInt(found[2]) * 1000n + BigInt((found[3] ?? "").padEnd(3, "0"));
  return found[1] ? -size : size;
};

/** A sheet of so many rows taken apart: header, data, totals. Above the header stand lines of one cell. */
export function parts(sheet, count) {
  const at = sheet.findIndex((row) => row.filter(Boolean).length > 1);
  const data = sheet.slice(at + 1, at + 1 + count);
  return { header: sheet[at], data, totals: sheet.slice(at + 1 + count).filter((row) => row.some(Boolean)) };
}
