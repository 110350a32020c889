import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe, it } from 'mocha';
import manifest from '../../../package.json' with { type: 'json' };
import texts from '../../../package.nls.json' with { type: 'json' };
import { contextIds } from '../../../src/editor/contextIds.ts';
import { refusedInBrowser } from '../../../src/editor/browser/refusedInBrowser.ts';
import { commandIds, customEditorIds, viewContainerId, viewIds } from '../../../src/editor/ids.ts';
import { rowCommands } from '../../../src/editor/keyboard/rowCommands.ts';
import { settingNames, settingsSection } from '../../../src/editor/settingNames.ts';

const { contributes } = manifest;
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

/** Every string anywhere in the manifest. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

describe('the manifest', () => {
  it('declares exactly the commands of ids.ts', () => {
    assert.deepEqual(
      sorted(contributes.commands.map(({ command }) => command)),
      sorted(Object.values(commandIds)),
    );
  });

  it('declares exactly the settings of ids.ts, each with a default', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(
      sorted(Object.keys(properties)),
      sorted(settingNames.map((name) => `${settingsSection}.${name}`)),
    );
    for (const [name, property] of Object.entries(properties)) assert.ok('default' in property, name);
  });

  it('declares exactly the views of ids.ts, in the container of ids.ts', () => {
    assert.deepEqual(sorted(contributes.viewsContainers.activitybar.map(({ id }) => id)), [viewContainerId]);
    assert.deepEqual(
      sorted(contributes.views[viewContainerId].map(({ id }) => id)),
      sorted(Object.values(viewIds)),
    );
  });

  it('puts only commands into menus and links that exist', () => {
    const used = [
      ...Object.values(contributes.menus).flatMap((entries) => entries.map(({ command }) => command)),
      ...[...JSON.stringify(texts).matchAll(/command:(autopackHygiene\.\w+)/g)].map(([, id = '']) => id),
    ];
    const known: readonly string[] = Object.values(commandIds);
    assert.deepEqual(sorted(used.filter((command) => !known.includes(command))), []);
  });

  it('declares exactly the custom editors of ids.ts, and none as the usual one', () => {
    assert.deepEqual(sorted(contributes.customEditors.map(({ viewType }) => viewType)), [
      customEditorIds.database,
    ]);
    assert.ok(contributes.customEditors.every(({ priority }) => priority === 'option'));
  });

  it('binds keys only in its own views, to commands and actions that exist', () => {
    const known: readonly string[] = Object.values(commandIds);
    for (const { key, command, when, args } of contributes.keybindings) {
      assert.match(when, /^focusedView == autopackHygiene\.(?:runs|drains|failures|identity)\b/, key);
      const [toggle, own, back] = args?.commands ?? [];
      const isOnRow = command === 'runCommands';
      if (isOnRow) assert.deepEqual([toggle, back], ['list.toggleSelection', 'list.toggleSelection'], key);
      const run = typeof own === 'object' ? own : { command, args: null };
      assert.ok(known.includes(run.command), key);
      if (isOnRow) assert.ok((run.args?.action ?? '') in rowCommands, key);
    }
  });

  it('offers nothing in the browser that is refused there', () => {
    const names: readonly string[] = [...refusedInBrowser, 'drainSample' as const].map(
      (name) => commandIds[name],
    );
    const inBrowser = (when: string | undefined): boolean =>
      when !== 'false' && !/(^|&& )!autopackHygiene\.web$/.test(when ?? '');
    const shown = Object.entries(contributes.menus).flatMap(([menu, entries]) =>
      (entries as readonly { readonly command: string; readonly when?: string }[]).flatMap(
        ({ command, when }) => (names.includes(command) && inBrowser(when) ? [`${menu} ${command}`] : []),
      ),
    );
    const unlisted = names.filter(
      (name) => !contributes.menus.commandPalette.some(({ command }) => command === name),
    );
    assert.deepEqual([shown, unlisted], [[], []]);
    const writing = new Set(['drain', 'requeue', 'delete', 'fix']);
    const keys = contributes.keybindings.filter(({ args, when }) =>
      args?.commands.some(
        (own) => typeof own === 'object' && writing.has(own.args.action) && inBrowser(when),
      ),
    );
    assert.deepEqual(keys, []);
    const others = [...contributes.languageModelTools, ...contributes.mcpServerDefinitionProviders];
    assert.deepEqual(
      others.filter(({ when }) => inBrowser(when)),
      [],
    );
  });

  it('reads only context keys that are set', () => {
    const known: readonly string[] = [...Object.values(contextIds), ...Object.values(viewIds)];
    const clauses = strings([
      contributes.menus,
      contributes.viewsWelcome,
      contributes.commands,
      contributes.keybindings,
    ])
      .filter((text) => / [=!]= | =~ | in |^!/.test(text))
      .flatMap((clause) => clause.match(/autopackHygiene\.\w+/g) ?? []);
    assert.notEqual(clauses.length, 0);
    assert.deepEqual(sorted(clauses.filter((key) => !known.includes(key))), []);
  });

  it('has a text for every placeholder, and no text without one', () => {
    const used = strings(manifest).flatMap((text) => /^%(.+)%$/.exec(text)?.[1] ?? []);
    assert.deepEqual(sorted(used), sorted(Object.keys(texts)));
  });

  it('names only files that are there', () => {
    const files = [
      manifest.icon,
      ...contributes.viewsContainers.activitybar.map(({ icon }) => icon),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.image)),
    ];
    assert.deepEqual(
      files.filter((file) => !existsSync(new URL(`../../../${file}`, import.meta.url))),
      [],
    );
  });

  it('hides from the palette what needs an argument', () => {
    const hidden = contributes.menus.commandPalette.flatMap(({ command, when }) =>
      when === 'false' ? [command] : [],
    );
    const needing = [
      'selectFile',
      'drainRun',
      'drainPhase',
      'drainSelected',
      'drainSample',
      'requeueRun',
      'requeuePhase',
      'requeueCluster',
      'deleteRun',
      'resumeDrain',
      'restorePhaseFiles',
      'openDrainLog',
      'openDrainOutput',
      'openDrainErrors',
      'revealDrainSession',
      'showOlderDrains',
      'copyFingerprint',
      'showPhase',
      'copyId',
      'loadMoreRuns',
      'changeRunsFilter',
      'fixIssue',
      'openIdentityRow',
      'ignoreIssue',
      'requeueSelected',
      'showFailure',
      'onSelectedRow',
      'showRun',
      'showInRuns',
      'compareRuns',
      'openDeliverables',
      'openPhaseLog',
      'refreshIdentity',
    ] as const;
    assert.deepEqual(sorted(hidden), sorted(needing.map((name) => commandIds[name])));
  });
});
