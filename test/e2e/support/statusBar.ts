import type { Locator, Page } from 'playwright-core';

export interface StatusItem {
  readonly text: string;
  readonly kind: 'standard' | 'warning' | 'error';
  /** What a screen reader says: text and tooltip. */
  readonly label: string;
}

/** The status bar's items, by what they show. */
export class StatusBar {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The item that shows the text; click it, or give it to `Workbench.hover` for its tooltip. */
  item(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
  }

  /** Waits for the item that shows the text and reads it. */
  async read(text: string | RegExp): Promise<StatusItem> {
    const item = this.item(text);
    await item.waitFor();
    const classes = (await item.getAttribute('class')) ?? '';
    return {
      text: (await item.innerText()).trim(),
      kind: classes.includes('error-kind')
        ? 'error'
        : classes.includes('warning-kind')
          ? 'warning'
          : 'standard',
      label: (await item.locator('[aria-label]').first().getAttribute('aria-label')) ?? '',
    };
  }
}
