import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listFiles } from '@vscode/vsce';
import { projectRoot } from '../host/projectPaths.ts';
import { runProgram } from '../host/runProgram.ts';
import { webBuildFiles } from '../support/webBuildFiles.ts';
import { checkResult, type Stage } from './stage.ts';

/** What may be in the package, and what must be. */
const allowed = [
  /^package(\.nls(\.\w+)?)?\.json$/,
  /^media\/l10n\/bundle\.l10n\.\w+\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^dist\/([\w-]+\/)*[\w-]+\.(js|cjs|css|wasm|json)$/,
  /^media\/[\w-]+\.(svg|png)$/,
  /^media\/walkthrough\/[\w-]+\.jpg$/,
  /^media\/shell\/fish\/vendor_conf\.d\/[\w-]+\.fish$/,
  /^examples\/executor\/([\w-]+\/)*[\w.-]+\.(mjs|json|py|md|txt)$/,
];
const required = [
  'package.json',
  'package.nls.json',
  'package.nls.de.json',
  'media/l10n/bundle.l10n.de.json',
  'media/l10n/bundle.l10n.en.json',
  'README.md',
  'LICENSE',
  'dist/extension.js',
  'dist/cli.js',
  'dist/start.js',
  'dist/chunks/load.js',
  'dist/readerWorker.js',
  'dist/scanWorker.js',
  'dist/postgresWorker.js',
  'dist/drainHost.js',
  'dist/modelClient.js',
  'dist/parseData.js',
  'dist/mcpServer.js',
  'dist/writerProcess.js',
  'dist/pgClient.js',
  'dist/webStart.cjs',
  'dist/webExtension.js',
  'dist/webReaderWorker.js',
  'dist/chunks/programs.json',
];

/** What the clients of models and of PostgreSQL servers are known by, each of which one file alone must hold. */
const marks: readonly (readonly [mark: string, file: string])[] = [
  ['vercel.ai.error', 'dist/modelClient.js'],
  ['SASL: Last message was not', 'dist/pgClient.js'],
];
/** A message of zod in a language that nothing here uses. */
const allOfZod = /Ung(?:ü|\\xFC)ltige Eingabe/;

/** The largest web build, unpacked, in bytes: it is fetched whole where it is used. */
const largestWeb = 950_000;
/** The largest package, in bytes. */
const largest = 1_500_000;

/** Packs the .vsix as `npm run package` does, and holds its content against what may be in it. */
export function packageStage(vsix: string): Stage {
  const run = async (signal: AbortSignal) => {
    await mkdir(dirname(vsix), { recursive: true });
    await rm(vsix, { force: true });
    const pack = join('.config', 'package.mjs');
    const { exitCode, output } = await runProgram(process.execPath, [pack, '--out', vsix], {
      cwd: projectRoot,
      signal,
    });
    if (exitCode !== 0) return checkResult(false, output);
    const files = await listFiles({ cwd: projectRoot, packagedDependencies: [] });
    const heavy: string[] = [];
    for (const file of files.filter((each) => /^dist\/(chunks\/)?[\w-]+\.js$/.test(each))) {
      const text = await readFile(join(projectRoot, file), 'utf8');
      for (const [mark, holder] of marks)
        if (text.includes(mark) !== (file === holder)) heavy.push(`"${mark}" is in the wrong file: ${file}`);
      if (allOfZod.test(text)) heavy.push(`holds all of zod, import it "* as z": ${file}`);
    }
    const { size } = await stat(vsix);
    const webSize = await sizeOfWebBuild();
    const problems = [
      ...heavy,
      ...(webSize > largestWeb
        ? [`the web build is too large: ${webSize} bytes, at most ${largestWeb}`]
        : []),
      ...(size > largest ? [`too large: ${size} bytes, at most ${largest}`] : []),
      ...files
        .filter((file) => !allowed.some((pattern) => pattern.test(file)))
        .map((file) => `not wanted: ${file}`),
      ...required.filter((file) => !files.includes(file)).map((file) => `missing: ${file}`),
    ];
    return checkResult(problems.length === 0, [output, ...problems].join('\n'));
  };
  return { name: 'package', what: 'build for production, pack the .vsix, check its content', run };
}

/** Of all files that it fetches, in bytes, but for SQLite and the report page. */
async function sizeOfWebBuild(): Promise<number> {
  const files = await webBuildFiles();
  const sizes = await Promise.all(files.map((file) => stat(join(projectRoot, 'dist', file))));
  return sizes.reduce((sum, { size }) => sum + size, 0);
}
