import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { artefactsFolder } from '../../host/projectPaths.ts';
import type { BrowserWindow } from '../../host/browserHost.ts';
import { QuickInput } from './quickInput.ts';
import { StatusBar } from './statusBar.ts';
import { Tree } from './tree.ts';
import { waitUntil } from './waitUntil.ts';

export type Theme = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

const themes: Readonly<Record<Theme, { readonly name: string; readonly cssClass: string }>> = {
  dark: { name: 'Dark Modern', cssClass: 'vs-dark' },
  light: { name: 'Light Modern', cssClass: 'vs' },
  highContrast: { name: 'Default High Contrast', cssClass: 'hc-black' },
  highContrastLight: { name: 'Default High Contrast Light', cssClass: 'hc-light' },
};

/** The user settings that choose a colour theme. */
export function themeSettings(theme: Theme): Readonly<Record<string, unknown>> {
  return { 'workbench.colorTheme': themes[theme].name, 'window.autoDetectHighContrast': false };
}

/** An open VS Code window as a person works it: by what is on the screen. Every helper waits for its target. */
export class Workbench {
  /** Playwright's page, for whatever has no helper. */
  readonly page: Page;
  /** The open quick pick or input box. */
  readonly quickInput: QuickInput;
  /** The tree views of the side bar. */
  readonly tree: Tree;
  readonly statusBar: StatusBar;
  private readonly window: BrowserWindow;
  private readonly onDispose: () => void;
  private settings: Readonly<Record<string, unknown>>;

  constructor(window: BrowserWindow, settings: Readonly<Record<string, unknown>>, onDispose: () => void) {
    this.window = window;
    this.settings = settings;
    this.onDispose = onDispose;
    this.page = window.page;
    this.quickInput = new QuickInput(window.page);
    this.tree = new Tree(window.page);
    this.statusBar = new StatusBar(window.page);
  }

  /** Runs a command by its full title in the palette, such as `Autopack: Select Database`. */
  async runCommand(title: string): Promise<void> {
    const filter = { filter: `>${title}` };
    await this.quickInput.openPalette();
    // The palette lists what could be run when it opened, and a command's condition may hold a moment later.
    if (!(await this.quickInput.offers(title, filter))) {
      await this.quickInput.cancel();
      await this.quickInput.openPalette();
    }
    await this.quickInput.pick(title, filter);
  }

  /** Closes what lies above the window: picks, menus and dialogs. */
  async closeOverlays(): Promise<void> {
    for (let layer = 0; layer < 3; layer++) await this.page.keyboard.press('Escape');
  }

  /** The icon of a view container in the activity bar, by its title. */
  containerTab(title: string): Locator {
    const icon = this.page.locator(`.action-label[aria-label^="${title}"]`);
    return this.page.locator('.part.activitybar [role="tab"]').filter({ has: icon });
  }

  /** Shows a view container of the activity bar by its title; the side bar is open afterwards. */
  async openViewContainer(title: string): Promise<void> {
    const tab = this.containerTab(title);
    if ((await tab.getAttribute('aria-expanded')) !== 'true') await tab.click();
    await this.page.locator('.part.sidebar .composite.title', { hasText: title }).waitFor();
  }

  /** The content of the visible webview: the page inside the two frames VS Code wraps around it. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready:visible').frameLocator('#active-frame');
  }

  /** A button in the title of the active editor. */
  editorAction(title: string): Locator {
    return this.page.locator('.editor-group-container.active .editor-actions').getByRole('button', {
      name: title,
      exact: true,
    });
  }

  /** The notification toast that shows the text; its buttons are inside: `.getByRole('button', …)`. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast .notification-list-item', { hasText: text });
  }

  /** The modal dialog that shows the text; its buttons are inside. */
  dialog(text: string | RegExp): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  /** Rests the pointer on the target and returns the text of the hover that appears, once it is made. */
  async hover(target: Locator): Promise<string> {
    const hover = this.page.locator('.monaco-hover:visible, .workbench-hover-container:visible').last();
    // None comes where the row is drawn anew under the pointer: then it moves once more, as a hand would.
    for (let attempt = 1; attempt < 4; attempt++) {
      await this.page.mouse.move(0, 0);
      await target.hover();
      const isShown = await hover.waitFor({ timeout: 4000 }).then(
        () => true,
        () => false,
      );
      if (isShown) break;
    }
    await hover.waitFor();
    const text = await waitUntil(
      'the hover is made',
      () => hover.innerText(),
      (shown) => !shown.startsWith('Loading'),
    );
    return text.trim();
  }

  /** Drags the side bar to a width in pixels, for pictures in which long rows are whole. */
  async resizeSideBar(width: number): Promise<void> {
    const box = await this.page.locator('.part.sidebar').boundingBox();
    if (box === null) throw new Error('The side bar is not open.');
    const middle = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width + 1, middle);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + width, middle, { steps: 5 });
    await this.page.mouse.up();
    await this.page.mouse.move(0, 0);
  }

  /** Switches the colour theme and waits until the window wears it. */
  async setTheme(theme: Theme): Promise<void> {
    await this.updateSettings(themeSettings(theme));
    await this.page.locator(`.monaco-workbench.${themes[theme].cssClass}`).waitFor();
  }

  /** Changes user settings of the open window, keeping those given before. */
  async updateSettings(changes: Readonly<Record<string, unknown>>): Promise<void> {
    this.settings = { ...this.settings, ...changes };
    await this.window.writeSettings(this.settings);
  }

  /** Writes `test/artefacts/screenshots/<name>.png`, 1400 x 900, and returns its path. */
  async screenshot(name: string): Promise<string> {
    const folder = join(artefactsFolder, 'screenshots');
    await mkdir(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  /** Closes the window and ends everything started for it. */
  async dispose(): Promise<void> {
    this.onDispose();
    await this.window.close();
  }
}
