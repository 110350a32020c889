// Builds what ships: the extension, the reader's worker, the drain's process, the command line, the web build and the webview.
//   node esbuild.mjs [--watch] [--production]
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, resolve } from 'node:path';
import * as esbuild from 'esbuild';
import { chunkGraph, isOfWeb, neededEver, packChunks } from './.config/packChunks.mjs';

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

/** What only some entry points may come to load: modules, or the files of packages. */
const reserved = [
  { isIt: (held) => held === 'vscode', by: (entry) => ['extension.js', 'webExtension.js'].includes(entry) },
  { isIt: isBuiltin, by: (entry) => !isOfWeb(entry) },
  { isIt: ofPackage('ai', '@ai-sdk'), by: (entry) => entry === 'modelClient.js' },
  { isIt: ofPackage('pg'), by: (entry) => entry === 'pgClient.js' },
  { isIt: ofPackage('@modelcontextprotocol'), by: (entry) => entry === 'mcpServer.js' },
];

function ofPackage(...names) {
  return (held) => names.some((name) => held.includes(`node_modules/${name}/`));
}

/** Fails the build where an import leaks: from the editor into what runs without it, or of what is large into what loads at once. */
const refuseLeaks = {
  name: 'refuse-leaks',
  setup(build) {
    build.onEnd(({ metafile }) => {
      if (metafile === undefined) return undefined;
      const graph = chunkGraph(metafile);
      const errors = [...graph.values()]
        .filter(({ isEntry }) => isEntry)
        .flatMap(({ name }) => {
          const held = [...neededEver(graph, name)].flatMap((chunk) => graph.get(chunk).holds);
          const leaked = reserved.flatMap(({ isIt, by }) => (by(name) ? [] : held.filter(isIt).slice(0, 1)));
          return leaked.map((each) => ({ text: `${each} must not be in ${name}` }));
        });
      return { errors };
    });
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

/** What runs in Node or in a web extension host: the entry points, each of which something starts or loads by its name in `dist`. */
const programs = {
  ...shared,
  entryPoints: [
    'src/extension.ts',
    // The command line and the process of a drain; each is started by a file of its own, by way of `start`.
    'src/start.ts',
    'src/node/reader/readerWorker.ts',
    'src/node/reader/scanWorker.ts',
    'src/node/reader/postgresWorker.ts',
    'src/node/writer/writerProcess.ts',
    // Large, and loaded with their first use: the clients of model endpoints and of PostgreSQL servers, parsers, the server for agents.
    'src/node/builders/modelClient.ts',
    'src/node/postgres/pgClient.ts',
    'src/node/builders/parseData.ts',
    'src/commandLine/mcpServer.ts',
    // The web build, in which no module of Node may be.
    'src/webExtension.ts',
    'src/web/webReaderWorker.ts',
  ],
  entryNames: '[name]',
  chunkNames: 'chunks/[name]-[hash]',
  sourcemap: production ? false : 'inline',
  platform: 'node',
  format: 'esm',
  splitting: true,
  write: false,
  metafile: true,
  target: 'node22.13',
  // `pg` has a native client, which nobody has.
  external: ['vscode', 'pg-native'],
  plugins: [withoutBallast, versionOnly, refuseLeaks, packChunks],
};

const page = {
  ...shared,
  entryPoints: ['src/webview/telemetry.ts'],
  outdir: 'dist/webview',
  platform: 'browser',
  format: 'iife',
  target: 'es2023',
  tsconfig: 'src/webview/tsconfig.json',
};

/** What a web extension host loads, and what loads the web build there. */
const webStart = {
  ...shared,
  entryPoints: ['src/webStart.ts'],
  outfile: 'dist/webStart.cjs',
  outdir: undefined,
  platform: 'browser',
  // By the name, for the sources are ES modules, which no web extension host loads.
  format: 'cjs',
  target: 'es2023',
  external: ['vscode'],
};
const bundles = [programs, page, webStart];

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
