import type { Locator, Page } from 'playwright-core';
import { labelTexts } from './labelTexts.ts';

/** The tree views of the side bar, by the text of their rows. */
export class Tree {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** All rows on the screen, in the views of the open container. */
  get rows(): Locator {
    return this.page.locator('.part.sidebar [role="treeitem"]');
  }

  /** The first row that shows the text (label or description). */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).first();
  }

  /** Label and description of every row on the screen, top to bottom. */
  async texts(): Promise<string[]> {
    return labelTexts(this.rows);
  }

  /** Opens the rows one below the other, each inside the one before; an open row stays open. */
  async expand(...path: readonly (string | RegExp)[]): Promise<void> {
    for (const text of path) {
      const row = this.row(text);
      await row.waitFor();
      if ((await row.getAttribute('aria-expanded')) === 'true') continue;
      await row.locator('.monaco-tl-twistie').click();
      await this.rows
        .and(this.page.locator('[aria-expanded="true"]'))
        .filter({ hasText: text })
        .first()
        .waitFor();
    }
  }

  /** Clicks a row, which selects it, runs its command, and opens or closes it where it has children. */
  async click(text: string | RegExp): Promise<void> {
    await this.row(text).locator('.label-name').first().click();
  }

  /** Opens a row's context menu and chooses the entry with this label. */
  async chooseFromMenu(text: string | RegExp, entry: string): Promise<void> {
    await this.row(text).click({ button: 'right' });
    await this.chooseFromOpenMenu(entry);
  }

  /** Chooses the entry with this label from the menu that is open. */
  async chooseFromOpenMenu(entry: string): Promise<void> {
    const menu = this.page.locator('.context-view.monaco-menu-container');
    await menu.getByRole('menuitem', { name: entry }).hover();
    // A click that comes right after the menu is taken for the end of the one that opened it.
    await this.page.keyboard.press('Enter');
  }

  /** Presses one of the buttons at the right of a row, by its title. */
  async pressInline(text: string | RegExp, title: string): Promise<void> {
    const row = this.row(text);
    // Out of the way: the hover of another row would cover this one.
    await this.page.mouse.move(0, 0);
    await row.hover();
    await row.getByRole('button', { name: title }).click();
  }

  /** The text a view shows instead of rows (its welcome content or message). */
  async welcome(): Promise<string> {
    const welcome = this.page.locator('.part.sidebar .welcome-view-content:visible').first();
    await welcome.waitFor();
    return (await welcome.innerText()).trim();
  }
}
