// After the first load the network is not needed: a book is imported into, reopened and worked offline.
import { test } from "node:test";
import { offlineReady, started, story } from "../support.mjs";
import { beginWithFile, commitImport, fixture, footerSays, goTo, importAnother, oneItem } from "../steps.mjs";

test("import, cut the network, reload: the book is there, and the next import works", story({}, async ({ site, browser, open }) => {
  const page = await open();
  await offlineReady(page);
  await beginWithFile(page, fixture("plain.csv"));
  await commitImport(page);
  await site.close();
  await browser.context.setOffline(true);
  await page.reload();
  await started(page);
  await footerSays(page, "2 customers · 4 open items", "1,200.50 EUR");
  await goTo(page, "Aging");
  await page.getByRole("grid", { name: "Aging" }).getByText("Acme Ltd").waitFor();
  await goTo(page, "Import");
  await importAnother(page, oneItem("OFF-1", 100)); // its worker starts without the network too
  await footerSays(page, "5 open items", "1,201.50 EUR");
}));
