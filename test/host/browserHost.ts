import { once } from 'node:events';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { driverExtension } from './driverExtension.ts';
import { say, step } from './progress.ts';
import type { SuiteOptions, SuiteResult, VsCodeHost, WindowOptions } from './vsCodeHost.ts';
import { startVsCodeServer, type VsCodeServer, type VsCodeServerOptions } from './vscodeServer.ts';
import { workbenchAddress } from './workbenchAddress.ts';

const windowSize = { width: 1400, height: 900 };
const suiteTimeoutMs = 10 * 60_000;

/** VS Code as a server with Chromium for a window: everything comes from npm and the system's packages. */
export const browserHost: VsCodeHost = { name: 'browser', runSuite, openForPerson };

/** An open VS Code window that Playwright drives. */
export interface BrowserWindow {
  readonly page: Page;
  readonly writeSettings: VsCodeServer['writeSettings'];
  readonly close: () => Promise<void>;
}

/** Opens a window without a person in front of it, for clicks and screenshots. */
export async function openBrowserWindow({
  workspace,
  ...options
}: WindowOptions & Pick<VsCodeServerOptions, 'language'>): Promise<BrowserWindow> {
  const { page, server, close } = await openPage(options);
  try {
    await keepToasts(page);
    await page.goto(
      workbenchAddress({ port: server.port, ...(workspace === undefined ? {} : { workspace }) }),
    );
    await page.locator('.monaco-workbench .part.statusbar').waitFor();
    return { page, writeSettings: server.writeSettings, close };
  } catch (error) {
    await close();
    throw new Error(`The window did not open. The server said:\n${server.log()}`, { cause: error });
  }
}

/**
 * VS Code hides a toast after ten seconds, which a busy machine may need to get to it; but it keeps toasts while the
 * window is not in front.
 */
async function keepToasts(page: Page): Promise<void> {
  await page.addInitScript({ content: 'if (self === top) document.hasFocus = () => false;' });
}

async function openForPerson({ workspace, ...options }: WindowOptions, signal: AbortSignal): Promise<void> {
  const server = await step('Starting the VS Code server', () => startVsCodeServer(options));
  try {
    const address = workbenchAddress({
      port: server.port,
      ...(workspace === undefined ? {} : { workspace }),
    });
    say(`VS Code is ready. Open this address in a browser on this machine:\n\n  ${address}\n`);
    say('It stays open until you press Ctrl+C here.');
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    await step('Ending the VS Code server', () => server.stop());
  }
}

async function runSuite({ workspace, suite, extension, ...options }: SuiteOptions): Promise<SuiteResult> {
  const unpacked = extension.kind === 'unpacked';
  const developmentExtension = unpacked ? extension.folder : await driverExtension();
  const installed = unpacked ? {} : { extension };
  const { page, server, close } = await openPage({ ...options, ...installed, development: true });
  const log: string[] = [];
  try {
    const target = { port: server.port, developmentExtension, suite };
    const address = workbenchAddress({ ...target, ...(workspace === undefined ? {} : { workspace }) });
    return { exitCode: await suiteEnd(page, address, log), log: log.join('\n') };
  } catch (error) {
    return { exitCode: 1, log: [...log, String(error), server.log()].join('\n') };
  } finally {
    await close();
  }
}

/** Opens the page and resolves with the suite's exit code; the extension host's console goes into the log. */
async function suiteEnd(page: Page, address: string, log: string[]): Promise<number> {
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) =>
    log.push(args.join(' ')),
  );
  return new Promise<number>((resolve, reject) => {
    const giveUp = (): void => reject(new Error('The suite did not end within 10 minutes.'));
    setTimeout(giveUp, suiteTimeoutMs).unref();
    page.once('crash', () => reject(new Error('The browser page crashed.')));
    const opened = page.exposeFunction('codeAutomationExit', resolve).then(() => page.goto(address));
    opened.catch(reject);
  });
}

interface OpenPage {
  readonly page: Page;
  readonly server: VsCodeServer;
  readonly close: () => Promise<void>;
}

/** Starts server and browser at the same time; where one cannot be had, the other is ended again. */
async function openPage(options: VsCodeServerOptions): Promise<OpenPage> {
  const [server, browser] = await Promise.allSettled([
    startVsCodeServer({ ...options, forTests: true }),
    launchChromium(),
  ]);
  const close = async (): Promise<void> => {
    if (browser.status === 'fulfilled') await browser.value.close();
    if (server.status === 'fulfilled') await server.value.stop();
  };
  if (server.status === 'fulfilled' && browser.status === 'fulfilled') {
    return { page: await newPage(browser.value), server: server.value, close };
  }
  await close();
  throw server.status === 'rejected' ? server.reason : (browser as PromiseRejectedResult).reason;
}

async function newPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: windowSize, reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  return context.newPage();
}
