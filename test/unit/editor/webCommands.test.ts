import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { refusedInBrowser } from '../../../src/editor/browser/refusedInBrowser.ts';
import { commandIds } from '../../../src/editor/ids.ts';

const root = join(import.meta.dirname, '..', '..', '..', 'src');

/** The sources that a file loads, itself among them; absolute. What only types are taken from is not loaded. */
function loadedBy(file: string, known = new Map<string, string>()): Map<string, string> {
  if (known.has(file)) return known;
  const text = readFileSync(file, 'utf8');
  known.set(file, text);
  for (const [, isType, from = ''] of text.matchAll(/^import (type )?[^;]*?from '(\.[^']+\.ts)';/gms))
    if (isType === undefined) loadedBy(join(file, '..', from), known);
  return known;
}

describe('the web build', () => {
  const entry = join(root, 'webExtension.ts');
  const sources = loadedBy(entry);

  it('registers each command, as itself or as one that is refused', () => {
    const registered = [...sources.values()].flatMap((text) =>
      [...text.matchAll(/registerCommand\(\s*'(\w+)'/g)].map(([, name = '']) => name),
    );
    // Those whose handlers other windows load with their first use.
    const [, together = ''] = /const names = \[([^\]]*)\]/.exec(sources.get(entry) ?? '') ?? [];
    registered.push(...[...together.matchAll(/'(\w+)'/g)].map(([, name = '']) => name));
    const all = new Set([...registered, ...refusedInBrowser]);
    assert.deepEqual([...all].sort(), Object.keys(commandIds).sort());
  });

  it('loads nothing of Node', () => {
    const leaked = [...sources].flatMap(([file, text]) =>
      [...text.matchAll(/^import (?!type )[^;]*?from '(node:\w+)'/gms)].map(
        ([, name = '']) => `${file}: ${name}`,
      ),
    );
    assert.deepEqual(leaked, []);
    assert.deepEqual(
      [...sources.keys()].filter((file) => file.startsWith(join(root, 'node'))),
      [],
    );
  });
});
