import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { chunkGraph, neededEver, packChunks } from '../../../.config/packChunks.mjs';

const sources = {
  'one.ts': `
    import { shared } from './shared';
    const later = () => import('./later');
    console.log('one');
    if (process.argv[2] === 'later') void later().then(({ text }) => console.log(text(), __dirname === DIST));
    else if (process.argv[2] === 'shared') console.log(shared());`,
  'two.ts': `export const activate = () => 'active'; import { shared } from './shared'; console.log('two', shared());`,
  'shared.ts': `console.log('shared runs'); export const shared = () => 'shared'; export const $call = (made) => made();`,
  'later.ts': `import { shared, $call } from './shared'; export const text = () => 'later and ' + $call(shared);`,
};

describe('packing chunks', () => {
  let folder = '';
  let metafile: Metafile;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hygiene-chunks-'));
    mkdirSync(join(folder, 'src'));
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, 'src', name), text);
    const built = await build({
      absWorkingDir: folder,
      entryPoints: ['src/one.ts', 'src/two.ts'],
      outdir: join(folder, 'dist'),
      chunkNames: 'chunks/[name]-[hash]',
      define: { DIST: JSON.stringify(join(folder, 'dist')) },
      bundle: true,
      format: 'esm',
      platform: 'node',
      splitting: true,
      write: false,
      metafile: true,
      plugins: [packChunks],
    });
    ({ metafile } = built);
    writeFileSync(join(folder, 'dist', 'package.json'), '{ "type": "commonjs" }');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const run = (file: string, ...args: string[]): string[] =>
    execFileSync(process.execPath, [join(folder, 'dist', file), ...args], { encoding: 'utf8' })
      .trim()
      .split('\n');

  it('runs what is imported with its first use, once', () => {
    assert.deepEqual(run('one.js'), ['one']);
    assert.deepEqual(run('one.js', 'shared'), ['one', 'shared runs', 'shared']);
    assert.deepEqual(run('two.js'), ['shared runs', 'two shared']);
  });

  it('loads what import() names, which knows the same __dirname', () => {
    assert.deepEqual(run('one.js', 'later'), ['one', 'shared runs', 'later and shared true']);
  });

  it('lets import know what an entry point exports, as VS Code asks for it', () => {
    const script = `import { activate } from ${JSON.stringify(join(folder, 'dist', 'two.js'))}; console.log(activate());`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    assert.ok(output.endsWith('active\n'));
  });

  it('keeps the names of entry points, and puts what one of them alone loads later under its name', () => {
    assert.deepEqual(readdirSync(join(folder, 'dist')).sort(), [
      'chunks',
      'one.js',
      'package.json',
      'two.js',
    ]);
    assert.ok(readdirSync(join(folder, 'dist', 'chunks')).includes('one.js'));
  });

  it('tells which files an entry point may come to load', () => {
    const graph: ReadonlyMap<string, { readonly holds: readonly string[] }> = chunkGraph(metafile);
    const held = (entry: string): readonly string[] =>
      [...(neededEver(graph, entry) as ReadonlySet<string>)].flatMap((name) => graph.get(name)?.holds ?? []);
    assert.ok(held('one.js').includes('src/later.ts'));
    assert.ok(held('two.js').includes('src/shared.ts'));
    assert.ok(!held('two.js').includes('src/later.ts'));
  });
});
