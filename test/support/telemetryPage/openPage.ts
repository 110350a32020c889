import type { Browser, Page } from 'playwright-core';
import type { TelemetryHostBody, TelemetryPageMessage } from '../../../src/protocol/telemetryProtocol.ts';
import { telemetryHostMessage } from '../../../src/protocol/telemetryProtocol.ts';
import { themes } from './themes.ts';
import type { ThemeName } from './themes.ts';

/** How to open the page. */
export interface OpenPageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** Pixels of the screen in one of the page; 1 unless told. */
  readonly scale?: number;
  /** What the browser reports as its language; its own unless told. */
  readonly language?: string;
  /** Answers the page; without it the page hears nothing. */
  readonly host?: (message: TelemetryPageMessage) => readonly TelemetryHostBody[];
}

/** The page in a browser, with a host that is the test's. */
export interface OpenedPage {
  readonly page: Page;
  /** What the page sent, in order. */
  readonly sent: readonly TelemetryPageMessage[];
  /** Errors of scripts and of the content security policy. */
  readonly problems: readonly string[];
  readonly say: (body: TelemetryHostBody) => Promise<void>;
}

/** Opens the page as a webview would: theme variables on the root, and the editor's one function. */
export async function openPage(
  browser: Browser,
  url: string,
  options: OpenPageOptions = {},
): Promise<OpenedPage> {
  const { theme = 'dark', width = 1200, height = 900, scale = 1, host } = options;
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale });
  const sent: TelemetryPageMessage[] = [];
  const problems: string[] = [];
  const say = (body: TelemetryHostBody): Promise<void> =>
    page.evaluate(`window.postMessage(${JSON.stringify(telemetryHostMessage(body))})`);
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.exposeFunction('hostHears', async (message: TelemetryPageMessage) => {
    sent.push(message);
    for (const answer of host?.(message) ?? []) await say(answer);
  });
  await page.addInitScript({ content: actAsEditor(theme) });
  if (options.language !== undefined) {
    const reported = JSON.stringify({ value: options.language, configurable: true });
    await page.addInitScript({ content: `Object.defineProperty(navigator, 'language', ${reported})` });
  }
  await page.goto(url);
  return { page, sent, problems, say };
}

/** A script that runs before the page's: the editor's function, and its theme on the root and the body. */
function actAsEditor(theme: ThemeName): string {
  const { bodyClass, variables } = themes[theme];
  return `
    window.acquireVsCodeApi = () => ({
      postMessage: (message) => window.hostHears(message),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    });
    new MutationObserver((_, observer) => {
      // The body is there before the page's script, which stands at its end.
      if (document.body === null) return;
      observer.disconnect();
      for (const [name, value] of Object.entries(${JSON.stringify(variables)})) {
        document.documentElement.style.setProperty('--vscode-' + name, value);
      }
      document.body.className = ${JSON.stringify(bodyClass)};
    }).observe(document, { childList: true, subtree: true });`;
}
