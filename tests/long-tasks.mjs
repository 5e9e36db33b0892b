// node long-tasks.mjs FILE.csv...      (cargo xtask bench makes the files)
// The built page, worked as a user does, over a big file: for each step the longest task of the main thread,
// by the clock and by processor time (on a shared machine the clock counts the others too), how many were over
// 50 ms, and how long the step took until it was shown. Prints a table; judges nothing.
import assert from "node:assert/strict";
import { basename } from "node:path";
import { launch, serve, started } from "./support.mjs";
import { beginWithFile, commitImport, goTo } from "./steps.mjs";

const files = process.argv.slice(2);
assert.ok(files.length, "usage: node long-tasks.mjs FILE.csv...");
const LONG = 50;

/** Records the tasks of the page's main thread around a step. */
async function watched(session, step) {
  const events = [];
  const take = ({ value }) => events.push(...value);
  session.on("Tracing.dataCollected", take);
  await session.send("Tracing.start", { transferMode: "ReportEvents", categories: "toplevel,disabled-by-default-devtools.timeline" });
  const from = performance.now();
  const took = (await step()) ?? performance.now() - from;
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  await complete;
  session.off("Tracing.dataCollected", take);
  return { took, tasks: mainTasks(events) };
}

/** Of the thread that ran longest among those named so: other renderers of this browser are idle. */
function mainTasks(events) {
  const mains = new Set(
    events.filter((e) => e.name === "thread_name" && e.args.name === "CrRendererMain").map((e) => `${e.pid}/${e.tid}`),
  );
  const tasks = events.filter((e) => e.ph === "X" && /RunTask$/.test(e.name) && mains.has(`${e.pid}/${e.tid}`));
  return tasks.map((e) => ({ wall: e.dur / 1000, cpu: (e.tdur ?? e.dur) / 1000 }));
}

const cell = (text, n) => (n ? String(text).padStart(12) : String(text).padEnd(34));
const row = (...cells) => console.log(cells.map(cell).join(""));

/** Waits until nothing of the page says that it is still being worked out, and two frames are drawn. */
async function settled(page) {
  await page.waitForFunction(() => !document.querySelector("[data-updating]"), null, { timeout: 120_000 });
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function shown(page, name) {
  await goTo(page, name);
  if (await page.getByRole("grid").count()) await page.getByRole("grid").getByRole("row").nth(1).waitFor();
  await settled(page);
}

/** Logs a call with a promise by keyboard; answers the milliseconds from the key that saves to the frame with the toast. */
async function promise(page) {
  await page.keyboard.press("p");
  await page.waitForFunction(() => document.activeElement?.id === "call-amount");
  await page.keyboard.type("12");
  await page.keyboard.press("Tab");
  await page.keyboard.type("+7");
  const took = page.evaluate(
    () =>
      new Promise((done) => {
        let from;
        // The toast of the one before may still be there.
        const saved = () => document.body.innerText.match(/Promise of .* saved/g)?.length ?? 0;
        const before = saved();
        addEventListener("keydown", (event) => event.key === "Enter" && (from ??= performance.now()), { capture: true });
        const look = new MutationObserver(() => {
          if (from === undefined || saved() <= before) return;
          look.disconnect();
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
        });
        look.observe(document.body, { childList: true, subtree: true });
      }),
  );
  await page.keyboard.press("Control+Enter");
  return took;
}

/** Presses of `1` (no answer) on Work, one customer after another: milliseconds from each to the frame with the next card, saved. */
async function noAnswers(page, times) {
  const took = [];
  for (let n = 0; n < times; n++) {
    await settled(page);
    // Heard before the key is sent: a key can overtake what the page is asked to do.
    await page.evaluate(() => {
      let from;
      const card = () => document.querySelector(".work-card .account-who")?.textContent;
      const before = card();
      addEventListener("keydown", () => (from ??= performance.now()), { capture: true, once: true });
      window.nextCard = new Promise((done) => {
        const look = new MutationObserver(() => {
          if (from === undefined || card() === before) return;
          look.disconnect();
          requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
        });
        look.observe(document.body, { childList: true, subtree: true, characterData: true });
      });
    });
    await page.keyboard.press("1");
    took.push(await page.evaluate(() => window.nextCard));
  }
  return took;
}

async function search(page, text) {
  const field = page.getByRole("main").getByRole("searchbox");
  await field.fill(text);
  await page.waitForTimeout(400);
  await settled(page);
}

async function sortBy(page, column) {
  await page.getByRole("columnheader", { name: column }).first().click();
  await page.waitForTimeout(100);
  await settled(page);
}

async function walk(file) {
  const site = await serve();
  const browser = await launch();
  try {
    const { page } = await browser.open(`${site.url}?nosw=1`, { strict: false });
    page.setDefaultTimeout(120_000);
    const session = await browser.context.newCDPSession(page);
    const run = async (name, step) => {
      const { took, tasks } = await watched(session, step);
      const most = (of) => Math.max(0, ...tasks.map((task) => task[of])).toFixed(0);
      row(name, most("wall"), most("cpu"), tasks.filter((task) => task.wall > LONG).length, took.toFixed(0));
    };
    console.log(`\n${basename(file)}: longest main-thread task, ms`);
    row("", "clock", "processor", `over ${LONG}`, "step took");
    await run("preview", () => beginWithFile(page, file));
    await run("commit", async () => {
      await commitImport(page);
      await settled(page);
    });
    for (const name of ["Today", "Customers", "Items", "Aging", "Key figures", "Reports", "Activity", "Settings"]) {
      await run(`open ${name}`, () => shown(page, name));
    }
    await run("reopen, on Items", async () => {
      await shown(page, "Items");
      await page.reload();
      await started(page);
      await page.getByRole("grid").getByRole("row").nth(1).waitFor();
      await settled(page);
    });
    await run("Items: search", () => search(page, "12"));
    await run("Items: search ends", () => search(page, ""));
    await run("Items: sort by document", () => sortBy(page, "Document"));
    await run("Items: sort by amount", () => sortBy(page, "Open"));
    await run("Items: overdue only", async () => {
      await page.getByRole("button", { name: /^Overdue/ }).first().click();
      await page.waitForTimeout(100);
      await settled(page);
    });
    await run("Items: select all", async () => {
      await page.getByRole("grid").getByRole("row").nth(1).click();
      await page.keyboard.press("Control+a");
      await settled(page);
    });
    await shown(page, "Customers");
    await run("Customers: search", () => search(page, "an"));
    await run("Customers: search ends", () => search(page, ""));
    await run("Customers: sort by name", () => sortBy(page, "Customer"));
    await run("open an account from Today", async () => {
      await shown(page, "Today");
      await page.getByRole("grid").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("region", { name: "Log a contact" }).waitFor();
      await settled(page);
    });
    await run("log a call with a promise", () => promise(page));
    await run("and the next one", async () => {
      await settled(page);
      return promise(page);
    });
    await run("back to Today", () => shown(page, "Today"));
    await run("open Work", async () => {
      await goTo(page, "Work");
      await page.locator(".work-card h2").first().waitFor();
      await settled(page);
    });
    const [first, ...rest] = await noAnswers(page, 20);
    rest.sort((a, b) => a - b);
    const ms = (n) => n.toFixed(0);
    console.log(`Work, no answer by one key, to the next card shown: first ${ms(first)}, then ${ms(rest[0])} to ${ms(rest.at(-1))}, median ${ms(rest[rest.length >> 1])}`);
  } finally {
    await browser.close({ expected: [/./] });
    await site.close();
  }
}

for (const file of files) await walk(file);
