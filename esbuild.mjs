// Builds what ships: the extension, the reader's worker, the drain's process, the command line and the webview.
//   node esbuild.mjs [--watch] [--production]
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import * as esbuild from 'esbuild';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const require = createRequire(import.meta.url);

const shared = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  logLevel: 'warning',
  outdir: 'dist',
};
/** What SDKs load and nothing here uses: the gateway of the AI SDK, a validator of the MCP SDK, and zod's messages in fifty languages. */
const withoutBallast = {
  name: 'without-ballast',
  setup(build) {
    build.onLoad({ filter: /[\\/]@ai-sdk[\\/]gateway[\\/]dist[\\/]index\.js$/ }, () => ({
      contents: `
        export class GatewayError extends Error { static isInstance() { return false; } }
        export class GatewayAuthenticationError extends GatewayError {}
        export const createGateway = () => { throw new Error('There is no gateway.'); };
        export const gateway = createGateway;`,
    }));
    // Only what a client fills in would be checked by it, and nothing asks for that.
    build.onLoad(
      { filter: /[\\/]sdk[\\/]dist[\\/](?:esm|cjs)[\\/]validation[\\/]ajv-provider\.js$/ },
      () => ({
        contents:
          'export class AjvJsonSchemaValidator { getValidator() { throw new Error("There is no validator."); } }',
      }),
    );
    build.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js';",
      resolveDir: dirname(path),
    }));
  },
};

/**
 * Leaves what is a bundle of its own to be loaded with its first use: the programs, the clients of model endpoints and of
 * PostgreSQL servers, parsers of data, and the server for agents.
 */
const lazyBundles = {
  name: 'lazy-bundles',
  setup(build) {
    build.onResolve(
      { filter: /\/(?:programs|modelClient|parseData|pgClient|mcpServer)\.ts$/ },
      ({ kind, path }) =>
        kind === 'dynamic-import'
          ? { path: path.replace(/^.*\//, './').replace(/ts$/, 'js'), external: true }
          : undefined,
    );
  },
};

/** Of the manifest, the programs want the version alone. */
const versionOnly = {
  name: 'version-only',
  setup(build) {
    build.onLoad({ filter: /package\.json$/ }, async ({ path }) => {
      if (path !== resolve('package.json')) return undefined;
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
  },
};

const node = {
  ...shared,
  platform: 'node',
  format: 'cjs',
  target: 'node22.13',
  // `import()` becomes `require`, which is what a bundle in CommonJS is loaded with everywhere.
  supported: { 'dynamic-import': false },
  plugins: [lazyBundles, versionOnly],
};

const bundles = [
  { ...node, entryPoints: ['src/extension.ts'], external: ['vscode'] },
  // Without `vscode` as an external, an import that leaks from the editor fails the build here.
  { ...node, entryPoints: ['src/node/reader/readerWorker.ts'], outdir: 'dist' },
  { ...node, entryPoints: ['src/node/reader/scanWorker.ts'], outdir: 'dist' },
  { ...node, entryPoints: ['src/node/reader/postgresWorker.ts'], outdir: 'dist' },
  // `pg`, whose native client nobody has.
  { ...node, entryPoints: ['src/node/postgres/pgClient.ts'], outdir: 'dist', external: ['pg-native'] },
  // The command line and the process of a drain; each is started by a file of its own, by way of `start`.
  { ...node, entryPoints: ['src/start.ts'], outdir: 'dist' },
  { ...node, entryPoints: ['src/programs.ts'], outdir: 'dist' },
  { ...node, entryPoints: ['src/node/writer/writerProcess.ts'], outdir: 'dist' },
  { ...node, entryPoints: ['src/node/builders/modelClient.ts'], outdir: 'dist', plugins: [withoutBallast] },
  { ...node, entryPoints: ['src/node/builders/parseData.ts'], outdir: 'dist' },
  { ...node, entryPoints: ['src/commandLine/mcpServer.ts'], outdir: 'dist', plugins: [withoutBallast] },
  {
    ...shared,
    entryPoints: ['src/webview/telemetry.ts'],
    outdir: 'dist/webview',
    platform: 'browser',
    format: 'iife',
    target: 'es2023',
    tsconfig: 'src/webview/tsconfig.json',
  },
];

if (!watch) await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
// The sources are ES modules, the bundles CommonJS.
await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
for (const program of ['cli', 'drainHost']) {
  await writeFile(`dist/${program}.js`, `#!/usr/bin/env node\nrequire('./start.js').start('${program}');\n`);
}
await cp(require.resolve('sql.js/dist/sql-wasm.wasm'), 'dist/sql-wasm.wasm');

if (watch) {
  const contexts = await Promise.all(bundles.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all(bundles.map((options) => esbuild.build(options)));
}
