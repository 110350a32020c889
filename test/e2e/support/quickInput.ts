import type { Locator, Page } from 'playwright-core';
import { labelTexts } from './labelTexts.ts';

interface Filter {
  readonly filter?: string;
}

/** VS Code's quick pick and input box, the palette among them. */
export class QuickInput {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The open widget; wait for it with `.waitFor()`, for its end with `.waitFor({ state: 'hidden' })`. */
  get widget(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /** The rows of the open pick that are on the screen. */
  get rows(): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row');
  }

  /** Opens the command palette, whatever has the focus. */
  async openPalette(): Promise<void> {
    // While the window starts, the key may come before its listener: press until the palette is there.
    for (let attempt = 0; attempt < 20; attempt++) {
      await this.page.keyboard.press('F1');
      const opened = this.widget.locator('input').first().waitFor({ timeout: 750 });
      if (
        await opened.then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error('The command palette did not open.');
  }

  /** Whether the open pick shows the row whose label is exactly this within four seconds. */
  async offers(label: string, { filter }: Filter = {}): Promise<boolean> {
    await this.filterRows(filter);
    return this.row(label)
      .waitFor({ timeout: 4000 })
      .then(
        () => true,
        () => false,
      );
  }

  /** Chooses the row whose label is exactly this; `filter` is typed first, to bring the row on the screen. */
  async pick(label: string, { filter }: Filter = {}): Promise<void> {
    await this.filterRows(filter);
    const row = this.row(label);
    await row.click();
    // The next step of a sequence opens a moment later: what follows must not act on this one.
    await row.waitFor({ state: 'hidden' });
    // Out of the way: what opens where the pointer is would show a hover.
    await this.page.mouse.move(0, 0);
  }

  /** Chooses a file in Select Database as a person does: a click on a row that has just moved is not taken, the next one is. */
  async pickDatabase(name: string): Promise<void> {
    const row = this.row(name);
    let isTaken = false;
    for (let click = 0; click < 3 && !isTaken; click++) {
      await row.click();
      isTaken = await row.waitFor({ state: 'hidden', timeout: 4000 }).then(
        () => true,
        () => false,
      );
    }
    if (!isTaken) throw new Error(`Three clicks on ${name} were not taken.`);
    await this.page.mouse.move(0, 0);
  }

  /** Types into the open input box and confirms with Enter. */
  async enter(text: string): Promise<void> {
    await this.type(text);
    await this.page.keyboard.press('Enter');
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** Types into the open input box without confirming, to see its validation message. */
  async type(text: string): Promise<void> {
    await this.widget.locator('input[type="text"], input[type="password"]').first().fill(text);
  }

  /** What the open pick offers: label, description and detail of each row on the screen, as one text. */
  async texts(): Promise<string[]> {
    await this.rows.first().waitFor();
    return labelTexts(this.rows);
  }

  /** The message under the input: a prompt or a validation error. */
  async message(): Promise<string> {
    return (await this.widget.locator('.quick-input-message').innerText()).trim();
  }

  /** Closes the widget with Escape. */
  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.widget.waitFor({ state: 'hidden' });
  }

  private async filterRows(filter?: string): Promise<void> {
    if (filter !== undefined) await this.widget.locator('input[type="text"]').first().fill(filter);
  }

  /** The row whose label is exactly this. */
  private row(label: string): Locator {
    const name = this.page.locator('.label-name', { hasText: exactly(label) });
    return this.rows.filter({ has: name }).first();
  }
}

/** Matches a whole text, whatever white space VS Code puts around and within it. */
function exactly(text: string): RegExp {
  const escaped = text.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`^\s*${escaped.replaceAll(/\s+/g, String.raw`\s+`)}\s*$`);
}
