// Builds for production and packs the .vsix: autopack-hygiene-<version>.vsix, or --out FILE.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createVSIX, listFiles } from '@vscode/vsce';
import manifest from '../package.json' with { type: 'json' };

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { out: { type: 'string' } } });
const packagePath = resolve(values.out ?? join(root, `${manifest.name}-${manifest.version}.vsix`));

const build = spawnSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(1);

// All dependencies are inside the bundles.
await createVSIX({
  cwd: root,
  packagePath,
  dependencies: false,
  rewriteRelativeLinks: false,
  allowMissingRepository: true,
});

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`.padStart(12);
const files = await listFiles({ cwd: root, packagedDependencies: [] });
for (const file of files.sort()) console.log(`${kib(statSync(join(root, file)).size)}  ${file}`);
console.log(`${kib(statSync(packagePath).size)}  ${relative(process.cwd(), packagePath)} (packed)`);
