// Two tabs on one book stay one book.
import assert from "node:assert/strict";
import { test } from "node:test";
import { started, story } from "../support.mjs";
import { beginWithFile, commitImport, commitsOnDisk, fixture, footerSays, importAnother, importButton, imported, nextFile, oneItem } from "../steps.mjs";

const NO_SW = /status of 404/;

test("what one tab commits, the other shows", story({ expected: [NO_SW] }, async ({ browser, open }) => {
  const first = await open("?nosw=1");
  await beginWithFile(first, fixture("plain.csv"));
  await commitImport(first);
  const second = await browser.context.newPage();
  await second.goto(`${first.url()}?nosw=1`);
  await started(second);
  await footerSays(second, "4 open items");
  await importAnother(second, oneItem("T-1", 100));
  await footerSays(first, "5 open items", "1,201.50 EUR");
  await importAnother(first, oneItem("T-2", 100));
  await footerSays(second, "6 open items", "1,202.50 EUR");
}));

test("racing commits of two tabs follow one another: both are kept, none forks", story({ expected: [NO_SW] }, async ({ browser, open }) => {
  const first = await open("?nosw=1");
  await beginWithFile(first, oneItem("R-0", 1));
  await commitImport(first);
  const second = await browser.context.newPage();
  await second.goto(`${first.url()}?nosw=1`);
  await started(second);
  const tabs = [first, second];
  const rounds = 4;
  for (let round = 1; round <= rounds; round += 1) {
    await Promise.all(tabs.map(async (tab, at) => {
      await nextFile(tab, oneItem(`R-${round}-${at}`, 1));
    }));
    await Promise.all(tabs.map((tab) => importButton(tab).click()));
    await Promise.all(tabs.map(imported));
  }
  const items = 1 + 2 * rounds;
  for (const tab of tabs) await footerSays(tab, `${items} open items`, `0.0${items} EUR`);
  const commits = await commitsOnDisk(first);
  assert.deepEqual(commits, commits.map((_, at) => at + 1), "numbers without a gap");
  await second.reload();
  await started(second);
  await footerSays(second, `${items} open items`);
}));
