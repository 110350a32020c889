import { join } from 'node:path';
import { openWorkbench, type WorkbenchOptions } from './openWorkbench.ts';
import type { StatusItem } from './statusBar.ts';
import { waitUntil } from './waitUntil.ts';
import type { Workbench } from './workbench.ts';

/** A window with the Identity view alone in a wide side bar: what the status bar and its rows say of one database after the other. */
export class IdentityWindow {
  readonly workbench: Workbench;
  private readonly folder: string;

  private constructor(workbench: Workbench, folder: string) {
    this.workbench = workbench;
    this.folder = folder;
  }

  static async open(options: WorkbenchOptions & { readonly folder: string }): Promise<IdentityWindow> {
    const workbench = await openWorkbench(options);
    await workbench.openViewContainer('Autopack');
    // What starts with the window takes the focus when it likes, and a pick that loses it closes.
    await workbench.statusBar.item('no database selected').waitFor();
    for (const section of [/^Runs\b.*Section/, /^Drains\b.*Section/, /^Failures\b.*Section/]) {
      const header = workbench.page.locator('.part.sidebar').getByRole('button', { name: section });
      await header.waitFor();
      if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
    }
    await workbench.runCommand('Autopack: Show Database Sources');
    await workbench.tree.welcome();
    await workbench.resizeSideBar(620);
    return new IdentityWindow(workbench, options.folder);
  }

  /** Selects a database of the folder by its file name, and waits until the status bar names it. */
  async select(name: string): Promise<void> {
    const { quickInput, statusBar } = this.workbench;
    await this.workbench.runCommand('Autopack: Select Database');
    await quickInput.type(name);
    await waitUntil(
      `${name} was looked into`,
      async () => (await quickInput.texts()).filter((row) => row.includes(' · ')),
      (files) => files.some((file) => file.startsWith(`${name} `)),
    );
    await quickInput.pickDatabase(name);
    await statusBar.read(name);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Waits until the status bar says this of the database, as a warning, to the eye and to a screen reader. */
  async warns(name: string, words: string): Promise<StatusItem> {
    return waitUntil(
      `the status bar warns of ${name}: ${words}`,
      () => this.workbench.statusBar.read(name),
      ({ text, kind, label }) =>
        text.includes(words) &&
        kind === 'warning' &&
        label.startsWith('Warning: ') &&
        label.includes(words.replaceAll(' · ', ', ')),
    );
  }

  /** Waits until the status bar no longer says this of the database. */
  async isRid(name: string, words: string): Promise<StatusItem> {
    return waitUntil(
      `the status bar no longer says of ${name}: ${words}`,
      () => this.workbench.statusBar.read(name),
      ({ text }) => !text.includes(words),
    );
  }

  /** Text of the status bar's tooltip, which is put away again. */
  async tooltip(name: string, screenshot?: string): Promise<string> {
    const { page } = this.workbench;
    const text = await this.workbench.hover(this.workbench.statusBar.item(name));
    if (screenshot !== undefined) await this.workbench.screenshot(screenshot);
    await page.mouse.move(0, 0);
    await page.keyboard.press('Escape');
    return text;
  }

  /** Waits until a row of the view says this, and presses what puts it right; picks that fix where there are several. */
  async fixIssue(row: string, fix?: string): Promise<void> {
    const { tree } = this.workbench;
    await tree.row(labelled(row)).waitFor();
    await tree.pressInline(labelled(row), 'Fix…');
    if (fix !== undefined) await this.workbench.quickInput.pick(fix);
  }

  /** Waits until no row of the view says this. */
  async rowGoes(row: string): Promise<void> {
    await this.workbench.tree.row(labelled(row)).waitFor({ state: 'detached' });
  }

  /** Presses a button of the modal question that says this, once it is there. */
  async answer(question: string, button: string): Promise<void> {
    const dialog = this.workbench.dialog(question);
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  }
}

/** Rows by how they begin, in that very letter case: a text alone would also find names of files. */
function labelled(row: string): RegExp {
  return new RegExp(`^\\s*${row}`);
}
