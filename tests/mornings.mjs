// The practice mornings that the first page hands out: the archive unpacked, its truth read.
import { readFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";

/** The files of a ZIP by name. */
export function unpacked(zip) {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const files = new Map();
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const local = zip.readUInt32LE(at + 42);
    const from = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(from, from + packed);
    files.set(zip.toString("utf8", at + 46, at + 46 + name), method === 0 ? bytes : inflateRawSync(bytes));
    at += 46 + name + extra + comment;
  }
  return files;
}

/** Rows of a CSV, each a record by its header, which is the first line that has `known` in it. */
export function records(text, known) {
  const rows = [];
  let [row, cell, quoted] = [[], "", false];
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (quoted && c === '"' && text[at + 1] === '"') cell += text[++at];
    else if (c === '"') quoted = !quoted;
    else if (!quoted && (c === "," || c === "\n")) {
      row.push(cell.replace(/\r$/, ""));
      cell = "";
      if (c === "\n") rows.push(row.splice(0));
    } else cell += c;
  }
  if (cell || row.length) rows.push([...row, cell]);
  const head = rows.findIndex((cells) => cells.includes(known));
  const names = rows[head];
  return rows.slice(head + 1).map((cells) => Object.fromEntries(names.map((name, at) => [name, cells[at] ?? ""])));
}

/** An amount as text in thousandths, whatever the decimals of its currency: a whole number, never a float. */
export function thousandths(text) {
  const plain = (text || "0").replaceAll(",", "").replace("−", "-");
  const [, minus, whole, part] = /^(-?)(\d+)(?:\.(\d{1,3}))?$/.exec(plain);
  const size = Number(whole) * 1000 + Number((part ?? "").padEnd(3, "0"));
  return minus ? -size : size;
}

/** Adds up amounts by key. */
export function sums(rows, key, amount) {
  const found = new Map();
  for (const row of rows) found.set(key(row), (found.get(key(row)) ?? 0) + amount(row));
  return new Map([...found].filter(([, sum]) => sum !== 0).sort());
}

/** The five mornings of an archive: day, files by what they are, items as they truly are, what to do, what happened. */
export async function mornings(path) {
  const files = unpacked(await readFile(path));
  const told = JSON.parse(files.get("TRUTH.json").toString());
  return told.map((morning) => {
    const folder = `morning-${morning.morning}-`;
    const file = (name) => ({ name, mimeType: "text/plain", buffer: files.get(name) });
    const of = (role) => {
      const found = morning.files.find((f) => f.role === role);
      return found && file(folder + found.name);
    };
    const wrong = Object.fromEntries(
      [...files.keys()]
        .filter((name) => name.startsWith(`${folder}wrong-`))
        .map((name) => [name.slice(folder.length + "wrong-".length).split("_")[0], file(name)]),
    );
    const items = records(files.get(`${folder}truth-items.csv`).toString(), "number");
    return { ...morning, of, wrong, items };
  });
}

/** An item as people read it: its number, and its line where it has one. */
export const short = (number, line) => (line ? `${number}/${line}` : number);
