import { globSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { cacheFolder, projectRoot } from './projectPaths.ts';

/** Bundles the integration tests that match for the extension host; returns the path of the suite's index. */
export async function buildSuite(name: string, pattern: string): Promise<string> {
  const folder = join(projectRoot, 'test', 'integration');
  const outdir = join(cacheFolder, 'build', name);
  const tests = globSync(pattern, { cwd: folder }).map((file) => join(folder, file));
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  // The project's sources are ES modules, this bundle is CommonJS.
  await writeFile(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  await build({
    entryPoints: [join(folder, 'index.ts'), ...tests],
    outdir,
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22.13',
    sourcemap: 'inline',
    external: ['vscode', 'mocha', 'sql.js'],
    logLevel: 'warning',
  });
  return join(outdir, 'index.js');
}
