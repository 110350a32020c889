import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import manifest from '../../package.json' with { type: 'json' };
import { olderDatabase } from '../support/olderDatabase.ts';
import { GuardWorld, suiteReader } from '../support/guard/guardWorld.ts';
import { openWorkbench } from './support/openWorkbench.ts';
import { temporaryWorkspace } from './support/temporaryWorkspace.ts';
import { waitUntil } from './support/waitUntil.ts';
import type { Workbench } from './support/workbench.ts';

const [seedColor, legacyColor] = manifest.contributes.colors.map(({ defaults }) => defaults);
const files = ['seed.db', 'backlog.db', 'guessed.db'] as const;
const expected = {
  'seed.db': { mark: 'Seed: seed.db', view: 'Seed · seed.db', color: seedColor, spoken: 'telemetry seed' },
  'backlog.db': {
    mark: 'Legacy: backlog.db',
    view: 'Legacy · backlog.db',
    color: legacyColor,
    spoken: 'legacy backlog',
  },
  'guessed.db': {
    mark: 'Legacy?: guessed.db',
    view: 'Legacy? · guessed.db',
    color: legacyColor,
    spoken: 'looks like a legacy backlog, not adopted',
  },
} as const;

describe('the role of the selected database', () => {
  const reader = suiteReader();
  let world: GuardWorld;
  let workbench: Workbench;

  before(async () => {
    world = new GuardWorld(await temporaryWorkspace(), reader());
    await world.make('seed.db');
    await world.make('backlog.db', 'legacy');
    await olderDatabase(world.path('guessed.db'));
    workbench = await openWorkbench({
      folder: world.folder,
      settings: {
        'autopackHygiene.terminals.useSelectedDatabase': true,
        'terminal.integrated.gpuAcceleration': 'off',
      },
    });
    await workbench.openViewContainer('Autopack');
    await workbench.statusBar.item('no database selected').waitFor();
  });

  after(() => workbench.dispose());

  async function select(name: (typeof files)[number]): Promise<void> {
    await workbench.runCommand('Autopack: Select Database');
    await workbench.quickInput.pickDatabase(name);
    await workbench.statusBar.read(expected[name].mark);
  }

  for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
    it(`is said in words and in its color in the status bar, the view's title and its rows: ${theme}`, async () => {
      await workbench.setTheme(theme);
      for (const name of files) {
        const { view, color, spoken } = expected[name];
        await select(name);
        await workbench.page.locator('.part.sidebar').getByText(view).first().waitFor();
        const wanted = rgb(color?.[theme] ?? '');
        const row = workbench.page.locator('.part.sidebar [role="treeitem"]').first();
        // The backlog has no rows yet.
        if (name !== 'backlog.db') {
          await row.waitFor();
          await waitUntil(
            `the row of ${name} has the color of its role`,
            () => colorOf(row.locator('.label-name').first()),
            (found) => found === wanted,
          );
        }
        const mark = workbench.page.locator('[id="autopack-hygiene.autopack-hygiene.autopackHygiene.role"]');
        const label = mark.locator(`[aria-label*="Autopack database: ${spoken}"]`).first();
        await label.waitFor();
        assert.equal(await colorOf(label), wanted);
        await workbench.screenshot(`role-${theme}-${name.replace('.db', '')}`);
      }
    });
  }

  it('stands in the prompt of a terminal that was given the database', async () => {
    await workbench.setTheme('dark');
    await select('backlog.db');
    await workbench.runCommand('Terminal: Create New Terminal');
    const rows = workbench.page.locator('.xterm-rows');
    await waitUntil(
      'the prompt begins with the role',
      async () => (await rows.allInnerTexts()).join('\n'),
      (text) => text.replaceAll('\u00a0', ' ').includes('(legacy) '),
    );
    await workbench.screenshot('role-terminal');
  });
});

/** What is there in the page, whose types the tests do not have. */
interface Page {
  readonly getComputedStyle: (element: unknown) => { readonly color: string };
}

function colorOf(element: Locator): Promise<string> {
  return element.evaluate((node) => (globalThis as unknown as Page).getComputedStyle(node).color);
}

/** As a browser writes it. */
function rgb(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  return `rgb(${red}, ${green}, ${blue})`;
}
