// The browser is killed while it saves, at random moments: what was shown as saved is there, and the
// book opens. DUEBOOK_KILLS sets how often, DUEBOOK_SEED where the moments lie.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { setTimeout as passes } from "node:timers/promises";
import { chromium } from "playwright-core";
import { FLAGS, executable, serve, started } from "../support.mjs";
import { beginWithFile, commitImport, commitsOnDisk, euros, footerSays, importAnother, importButton, imported, oneItem, previewed } from "../steps.mjs";

const KILLS = Number(process.env.DUEBOOK_KILLS ?? 5);
const SEED = Number(process.env.DUEBOOK_SEED ?? 20261122);

/** A small generator of numbers from 0 to 1: the same moments for the same seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A browser of our own in its own process group, so that all of it can be killed at once. */
async function start(profile) {
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const args = ["--headless", "--remote-debugging-port=0", `--user-data-dir=${profile}`, ...FLAGS, ...sandbox, "about:blank"];
  const child = spawn(executable(), args, { detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const exited = once(child, "exit");
  for await (const line of createInterface({ input: child.stderr })) {
    const endpoint = line.match(/DevTools listening on (ws:\S+)/)?.[1];
    if (!endpoint) continue;
    child.stderr.resume();
    const browser = await chromium.connectOverCDP(endpoint);
    const kill = async () => {
      process.kill(-child.pid, "SIGKILL");
      await exited;
    };
    return { page: await browser.contexts()[0].newPage(), kill };
  }
  throw new Error("Chromium ended before it listened");
}

test(`killed ${KILLS} times while saving (seed ${SEED}): nothing shown as saved is lost`, async () => {
  const site = await serve();
  const profile = await mkdtemp(join(tmpdir(), "duebook-kill-"));
  const next = random(SEED);
  let browser = await start(profile);
  try {
    await browser.page.goto(`${site.url}?nosw=1`);
    await started(browser.page);
    await beginWithFile(browser.page, oneItem("K-0", 1));
    await commitImport(browser.page);
    const book = `${new URL(browser.page.url()).pathname}?nosw=1`;
    let saved = 1; // items of one cent each that were shown as saved
    let cutShort = 0;
    for (let round = 1; round <= KILLS; round += 1) {
      await importAnother(browser.page, oneItem(`K-${round}-a`, 1));
      saved += 1;
      await browser.page.getByRole("button", { name: "Import another file" }).click();
      await browser.page.getByLabel("Choose files").setInputFiles(oneItem(`K-${round}-b`, 1));
      await previewed(browser.page);
      const shown = imported(browser.page).then(() => true, () => false);
      // The timer runs from the click on, so that some kills come before the save is on disk.
      const clicked = importButton(browser.page).evaluate((button) => button.click()).catch(() => {});
      const wasShown = await Promise.race([shown, passes(next() * 50, false)]);
      await browser.kill();
      await clicked;

      browser = await start(profile);
      const { page } = browser;
      await page.goto(site.origin + book);
      await started(page);
      await page.getByRole("heading", { level: 1, name: "Import" }).waitFor();
      const commits = await commitsOnDisk(page);
      assert.deepEqual(commits, commits.map((_, at) => at + 1), "numbers without a gap");
      const found = commits.length - 1; // the first commit begins the book
      const least = saved + Number(wasShown);
      assert.ok(found >= least && found <= saved + 1, `round ${round}: ${found} imports found, ${least} were shown as saved`);
      if (found === saved) cutShort += 1;
      saved = found;
      await footerSays(page, `${saved} open items`, `${euros(saved)} EUR`);
    }
    console.log(`${KILLS} kills: ${cutShort} before the save was on disk, ${KILLS - cutShort} after`);
  } finally {
    await browser.kill().catch(() => {}); // it may have been killed already
    await site.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});
