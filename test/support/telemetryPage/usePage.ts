import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../host/chromium.ts';
import { buildPage } from './buildPage.ts';
import { openPage } from './openPage.ts';
import type { OpenedPage, OpenPageOptions } from './openPage.ts';
import { servePage } from './servePage.ts';
import type { ServedPage } from './servePage.ts';

/** The page for the tests of a suite. */
export interface PageOfSuite {
  readonly open: (options?: OpenPageOptions) => Promise<OpenedPage>;
  /** The options and filter that the page asked for last. */
  readonly lastAsked: () => unknown;
}

/** Builds and serves the page once for a suite; each test opens its own, and fails if the browser complained. */
export function usePage(defaults: OpenPageOptions): PageOfSuite {
  let browser: Browser;
  let served: ServedPage;
  let opened: OpenedPage;

  before(async () => {
    served = await servePage(await buildPage());
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    await served.close();
  });
  afterEach(async () => {
    await opened.page.close();
    assert.deepEqual(opened.problems, [], 'the browser complained');
  });
  return {
    open: async (options = {}) => (opened = await openPage(browser, served.url, { ...defaults, ...options })),
    lastAsked: () => {
      const asked = opened.sent.filter((message) => message.kind === 'analyse').at(-1);
      return asked === undefined ? null : { options: asked.options, filter: asked.filter };
    },
  };
}
