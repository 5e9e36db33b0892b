// Pictures for the documentation, drawn anew only when asked for: DUEBOOK_SCREENS=1.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { story } from "../support.mjs";
import { beginWithFile, fixture, goTo, gridRows, openSample } from "../steps.mjs";

const SKIP = process.env.DUEBOOK_SCREENS === "1" ? false : "DUEBOOK_SCREENS=1 writes docs/screenshots";
const FOLDER = join(import.meta.dirname, "../../docs/screenshots");
const browser = { viewport: { width: 1366, height: 768 }, reducedMotion: "reduce" };

test("screenshots of aging, today, an account and an import", { skip: SKIP }, story({ browser }, async ({ open }) => {
  await mkdir(FOLDER, { recursive: true });
  const shoot = (page, name) => page.screenshot({ path: join(FOLDER, `${name}.png`) });
  const page = await open("?nosw=1");
  await openSample(page);
  await gridRows(page, "Who to turn to today");
  await shoot(page, "today");
  await page.getByRole("grid").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Log a contact" }).waitFor();
  await gridRows(page, "Open items");
  await shoot(page, "account");
  await goTo(page, "Aging");
  await gridRows(page, "Aging");
  await shoot(page, "aging");
  const other = await open("?nosw=1");
  await beginWithFile(other, fixture("sap-list.txt"));
  await shoot(other, "import");
}));
