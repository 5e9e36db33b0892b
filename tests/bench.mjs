// node bench.mjs [--rounds N] [--as-of DAY] [--payments N] FILE.csv...      (cargo xtask bench makes the files)
// The built page through window.arBench (src/bench.rs), beside a loop written by hand on typed arrays: one
// fresh profile a round, a fresh page a contestant, turns swapped. The two must agree on every sum.
// Prints a table; judges nothing.
import assert from "node:assert/strict";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { launch, serve } from "./support.mjs";

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string", default: "5" },
    "as-of": { type: "string", default: "2026-03-31" },
    payments: { type: "string", default: "5000" },
  },
});
const payments = Number(values.payments);
assert.ok(files.length, "usage: node bench.mjs [--rounds N] [--as-of DAY] FILE.csv...");

/** The yardstick, run in a blank page: what plain JavaScript can do with these files. */
function byHand() {
  const DAY = 86_400_000;
  const KEPT = { customer_number: "code", currency: "code", country: "code", company_code: "code", payment_terms: "code",
    document_type: "code", customer_name: "code", document_date: "day", due_date: "day", amount: "cents", open_amount: "cents",
    document_number: "range", po_number: "range", text: "range" };

  const dayOf = (bytes, at) => {
    const digits = (from, count) => {
      let n = 0;
      for (let i = 0; i < count; i++) n = n * 10 + bytes[at + from + i] - 48;
      return n;
    };
    const month = digits(5, 2);
    const year = digits(0, 4) - (month <= 2);
    const century = Math.floor(year / 400);
    const ofCentury = year - century * 400;
    const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + digits(8, 2) - 1;
    return century * 146_097 + ofCentury * 365 + (ofCentury >> 2) - Math.floor(ofCentury / 100) + ofYear - 719_468;
  };

  const centsOf = (bytes, from, to) => {
    let n = 0, decimals = -1;
    const negative = bytes[from] === 45;
    for (let i = negative ? from + 1 : from; i < to; i++) {
      if (bytes[i] === 46) decimals = 0;
      else {
        n = n * 10 + bytes[i] - 48;
        if (decimals >= 0) decimals++;
      }
    }
    if (decimals > 2) n /= 10 ** (decimals - 2);
    for (let d = Math.max(decimals, 0); d < 2; d++) n *= 10;
    return negative ? -n : n;
  };

  /** Codes of texts by their bytes: an open hash table over the file itself. */
  class Codes {
    constructor(bytes, rows) {
      this.bytes = bytes;
      this.of = new Uint32Array(rows);
      this.from = [];
      this.length = [];
      this.slots = new Int32Array(1 << 18).fill(-1);
    }
    put(row, from, to) {
      const { bytes, slots } = this, length = to - from;
      let hash = length;
      for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x9e3779b1) ^ (hash >>> 13);
      for (let slot = hash & 0x3ffff; ; slot = (slot + 1) & 0x3ffff) {
        const code = slots[slot];
        if (code < 0) {
          this.of[row] = slots[slot] = this.from.length;
          this.from.push(from);
          this.length.push(length);
          return;
        }
        if (this.length[code] !== length) continue;
        let same = 0;
        while (same < length && bytes[this.from[code] + same] === bytes[from + same]) same++;
        if (same === length) {
          this.of[row] = code;
          return;
        }
      }
    }
    get count() {
      return this.from.length;
    }
  }

  const parse = (bytes) => {
    const end = bytes.indexOf(10);
    const names = new TextDecoder().decode(bytes.subarray(0, end)).trim().split(",");
    let rows = -1;
    for (let at = -1; (at = bytes.indexOf(10, at + 1)) >= 0; ) rows++;
    const columns = names.map((name) => {
      const kind = KEPT[name] ?? "range";
      if (kind === "code") return { name, kind, codes: new Codes(bytes, rows) };
      if (kind === "day") return { name, kind, values: new Int32Array(rows) };
      if (kind === "cents") return { name, kind, values: new Float64Array(rows) };
      return { name, kind, from: new Uint32Array(rows), to: new Uint32Array(rows) };
    });
    let at = end + 1;
    for (let row = 0; row < rows; row++) {
      for (let c = 0; c < columns.length; c++) {
        let from = at, to;
        if (bytes[at] === 34) {
          from = ++at;
          while (bytes[at] !== 34 || bytes[at + 1] === 34) at += bytes[at] === 34 ? 2 : 1;
          to = at;
          at += 2;
        } else {
          const stop = c === columns.length - 1 ? 10 : 44;
          while (bytes[at] !== stop) at++;
          to = at++;
        }
        const column = columns[c];
        if (column.kind === "code") column.codes.put(row, from, to);
        else if (column.kind === "day") column.values[row] = to > from ? dayOf(bytes, from) : -(2 ** 31);
        else if (column.kind === "cents") column.values[row] = centsOf(bytes, from, to);
        else {
          column.from[row] = from;
          column.to[row] = to;
        }
      }
    }
    return { rows, bytes, ...Object.fromEntries(columns.map((c) => [c.name, c])) };
  };

  let table = null;
  const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);
  const database = () =>
    new Promise((opened, failed) => {
      const asked = indexedDB.open("by-hand", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore("columns");
      asked.onsuccess = () => opened(asked.result);
      asked.onerror = () => failed(asked.error);
    });

  window.arBench = {
    ready: Promise.resolve(),
    async importItems(file) {
      table = parse(new Uint8Array(await file.arrayBuffer()));
      return { rows: table.rows, open: sum(table.open_amount.values), due: sum(table.due_date.values) };
    },
    /** Each column as one buffer, in one strict transaction. */
    async persist() {
      const db = await database();
      const change = db.transaction("columns", "readwrite", { durability: "strict" });
      for (const [name, column] of Object.entries(table)) {
        if (!column?.kind) continue; // rows and bytes
        if (column.kind === "code") change.objectStore("columns").put(column.codes.of, name);
        else if (column.values) change.objectStore("columns").put(column.values, name);
        else if (column.from) {
          change.objectStore("columns").put(column.from, `${name} from`);
          change.objectStore("columns").put(column.to, `${name} to`);
        }
      }
      change.objectStore("columns").put(table.bytes, "bytes");
      await new Promise((done, failed) => {
        change.oncomplete = done;
        change.onabort = () => failed(change.error);
      });
      db.close();
    },
    async reopen() {
      const db = await database();
      const read = db.transaction("columns").objectStore("columns").getAll();
      const names = db.transaction("columns").objectStore("columns").getAllKeys();
      const result = (request) => new Promise((done) => (request.onsuccess = () => done(request.result)));
      const [columns, keys] = await Promise.all([result(read), result(names)]);
      const open = columns[keys.indexOf("open_amount")];
      return { rows: open.length, open: sum(open) };
    },
    async aging(asOf) {
      const day = Date.parse(asOf) / DAY;
      const { of: customers, count } = table.customer_number.codes;
      const { of: currencies, count: width } = table.currency.codes;
      const due = table.due_date.values, open = table.open_amount.values;
      const sums = new Float64Array(count * width * 6), items = new Uint32Array(sums.length);
      for (let row = 0; row < table.rows; row++) {
        const late = day - due[row];
        const bucket = late <= 0 ? 0 : late > 120 ? 5 : ((late + 29) / 30) | 0;
        const cell = (customers[row] * width + currencies[row]) * 6 + bucket;
        sums[cell] += open[row];
        items[cell]++;
      }
      let groups = 0, hash = 0;
      for (let cell = 0; cell < sums.length; cell++) {
        if (!items[cell]) continue;
        groups++;
        hash += sums[cell] * ((cell % 6) + 1);
      }
      return { groups, hash };
    },
  };
}

/** A statement over open items of a bench file: so many payments, their invoice named, some mangled, some not at all. */
async function statement(file, payments) {
  const lines = createInterface({ input: createReadStream(file) });
  const out = ["Account,Currency,Booking date,Value date,Amount,Counterparty,Bank text"];
  let names = null, seen = 0;
  for await (const line of lines) {
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((c) => c.replace(/,$/, ""));
    if (!names) {
      names = cells;
      continue;
    }
    const cell = (name) => cells[names.indexOf(name)] ?? "";
    const open = Number(cell("open_amount"));
    if (cell("currency") !== "EUR" || !(open > 0)) continue;
    if (seen++ % 4) continue;
    const number = cell("document_number");
    const kind = out.length % 10;
    const text = kind < 7 ? `Payment ${number}` : kind < 9 ? `paying ${number.replace(/[^0-9]/g, "").replace(/^0+/, "")}` : "thank you";
    out.push(`Bench,EUR,${values["as-of"]},${values["as-of"]},${open.toFixed(2)},${cell("customer_name")},${text}`);
    if (out.length > payments) break;
  }
  return out.join("\n");
}

/** Matches the statement while the page counts how long it could not answer. */
const matched = (page) =>
  page.evaluate(async () => {
    let held = 0, last = performance.now(), on = true;
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      const now = performance.now();
      held = Math.max(held, now - last);
      last = now;
      if (on) channel.port2.postMessage(0);
    };
    channel.port2.postMessage(0);
    const from = performance.now();
    const answer = (await window.arBench.match()).length;
    const ms = performance.now() - from;
    on = false;
    return { ms, held, answer };
  });

const STEPS = ["import", "persist", "aging", "aging again", "reopen"];
const BLANK = "/duebook/by-hand.html";

const site = await serve();
site.override = (path) => (path === BLANK ? { body: "<!doctype html><title>by hand</title>", type: "text/html" } : null);

/** A page of a contestant, with the file chosen and its surface ready. */
async function page(browser, who, file) {
  const url = who === "app" ? `${site.url}?bench=1&nosw=1` : site.origin + BLANK;
  const { page } = await browser.open(url, { started: who === "app", strict: false });
  if (who === "by hand") await page.evaluate(byHand);
  await page.waitForFunction(() => window.arBench);
  await page.evaluate(async () => {
    await window.arBench.ready;
    document.documentElement.append(Object.assign(document.createElement("input"), { type: "file", id: "bench-file", hidden: true }));
  });
  await page.setInputFiles("#bench-file", file);
  return page;
}

/** Times a call inside the page, so that talking to the browser costs nothing. */
const timed = (page, call, argument) =>
  page.evaluate(
    async ([call, argument]) => {
      const given = argument === "file" ? document.getElementById("bench-file").files[0] : argument;
      const from = performance.now();
      const answer = await window.arBench[call](given);
      return { ms: performance.now() - from, answer };
    },
    [call, argument],
  );

async function once(browser, who, file) {
  const asOf = values["as-of"];
  let at = await page(browser, who, file);
  const out = {};
  out.import = await timed(at, "importItems", "file");
  out.persist = await timed(at, "persist");
  out.aging = await timed(at, "aging", asOf);
  out["aging again"] = await timed(at, "aging", asOf);
  if (who === "app" && payments) {
    const made = await statement(file, payments);
    await at.setInputFiles("#bench-file", { name: "statement.csv", mimeType: "text/csv", buffer: Buffer.from(made) });
    out.take = await timed(at, "importPayments", "file");
    out.match = await matched(at);
  }
  await at.close();
  at = await page(browser, who, file);
  out.reopen = await timed(at, "reopen");
  await at.close();
  return out;
}

/** Counts must be equal. Money too, except that the app cuts what is finer than hundredths (dinars): less than one a row. */
function agree(ours, theirs, rows, what) {
  for (const [name, theirOwn] of Object.entries(theirs ?? {})) {
    const slack = name === "open" || name === "hash" ? rows : 0;
    assert.ok(Math.abs(ours[name] - theirOwn) <= slack, `${what}: ${name} is ${ours[name]}, by hand ${theirOwn}`);
  }
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const row = (cells) => console.log(cells.map((cell, n) => (n ? cell.padStart(12) : cell.padEnd(24))).join(""));

try {
  for (const file of files) {
    const taken = { app: [], "by hand": [] };
    for (let round = 0; round < Number(values.rounds); round++) {
      const turns = round % 2 ? ["by hand", "app"] : ["app", "by hand"];
      const browser = await launch();
      try {
        for (const who of turns) taken[who].push(await once(browser, who, file));
      } finally {
        await browser.close({ expected: [/./] });
      }
      const [ours, theirs] = [taken.app.at(-1), taken["by hand"].at(-1)];
      for (const step of STEPS) agree(ours[step].answer, theirs[step].answer, ours.import.answer.rows, `${step} of ${file}`);
    }
    console.log(`\n${basename(file)}`);
    row(["", "app", "by hand", "ratio"]);
    for (const step of STEPS) {
      const [ours, theirs] = ["app", "by hand"].map((who) => median(taken[who].map((run) => run[step].ms)));
      row([step, ours.toFixed(1), theirs.toFixed(1), (ours / theirs).toFixed(2)]);
    }
    if (payments) {
      const of = (get) => median(taken.app.map(get));
      console.log(
        `statement of ${payments} payments: taken in ${of((run) => run.take.ms).toFixed(0)} ms, matched in ` +
          `${of((run) => run.match.ms).toFixed(0)} ms, input held at most ${of((run) => run.match.held).toFixed(1)} ms; ` +
          `${taken.app.at(-1).match.answer} items proposed`,
      );
    }
  }
} finally {
  await site.close();
}
