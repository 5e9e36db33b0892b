// The cells of a workbook as it stands in the file, without a spreadsheet program: cached values, dates as their serial numbers.
import { unpacked } from "./mornings.mjs";

const plain = (xml) =>
  xml.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;|&apos;/g, "'").replace(/&amp;/g, "&");
const texts = (xml) => [...xml.matchAll(/<t(?: [^>]*)?>([^<]*)<\/t>/g)].map((m) => plain(m[1])).join("");

/** Rows of cell texts of a workbook's sheet, by the sheet's name. */
export function sheetRows(bytes, name) {
  const files = unpacked(bytes);
  const read = (path) => files.get(path)?.toString("utf8") ?? "";
  const strings = [...read("xl/sharedStrings.xml").matchAll(/<si>([\s\S]*?)<\/si>/g)].map((m) => texts(m[1]));
  const names = [...read("xl/workbook.xml").matchAll(/<sheet name="([^"]*)"[^>]*r:id="([^"]*)"/g)];
  const id = names.find((m) => plain(m[1]) === name)?.[2];
  const target = [...read("xl/_rels/workbook.xml.rels").matchAll(/<Relationship [^>]*>/g)].map((m) => m[0]).find((r) => r.includes(`Id="${id}"`));
  const sheet = read(`xl/${target?.match(/Target="([^"]*)"/)?.[1]}`);
  return [...sheet.matchAll(/<row [^>]*>([\s\S]*?)<\/row>/g)].map((row) => {
    const cells = [];
    for (const [, ref, attributes, body] of row[1].matchAll(/<c r="([A-Z]+)\d+"([^>]*?)(?:\/>|>([\s\S]*?)<\/c>)/g)) {
      const at = [...ref].reduce((n, c) => n * 26 + c.charCodeAt(0) - 64, 0) - 1;
      const value = body?.match(/<v>([^<]*)<\/v>/)?.[1] ?? "";
      if (/t="s"/.test(attributes)) cells[at] = strings[Number(value)];
      else if (/t="inlineStr"/.test(attributes)) cells[at] = texts(body ?? "");
      else cells[at] = plain(value);
    }
    return Array.from(cells, (c) => c ?? "");
  });
}
