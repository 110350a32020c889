// npm run bench -- activation [repetitions]: what the extension's host works until the extension is active, in new processes. Build first.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './measurement.ts';

const repetitions = Number(process.argv[2] ?? 21);
const bundle = join(import.meta.dirname, '../../dist/extension.js');
const manifest = join(import.meta.dirname, '../../package.json');
if (!existsSync(bundle)) throw new Error(`There is no ${bundle}; run "npm run build" first.`);

/**
 * Loads and activates the bundle under an editor that has no folder and the default settings, and answers the rest with itself: what
 * the editor does by its side is not of our making. Prints the milliseconds that the processor worked for each in this thread.
 * What of Node the editor's own host loads for itself (its extensionHostProcess.js says so) is loaded before.
 */
const script = `
  const { Module } = require('node:module');
  const bundle = ${JSON.stringify(bundle)};
  const { properties } = require(${JSON.stringify(manifest)}).contributes.configuration;
  const empty = class {};
  const answers = {
    fsPath: bundle, get: (name) => properties['autopackHygiene.' + name]?.default, prototype: empty.prototype, then: undefined, workspaceFolders: undefined,
    [Symbol.toPrimitive]: () => '', [Symbol.iterator]: [][Symbol.iterator].bind([]),
  };
  const editor = new Proxy(empty, {
    get: (_, key) => (Object.hasOwn(answers, key) ? answers[key] : editor),
    set: () => true,
    getPrototypeOf: () => editor,
    apply: () => editor,
    construct: () => editor,
  });
  const load = Module._load;
  Module._load = (request, ...rest) => (request === 'vscode' ? editor : load(request, ...rest));
  const work = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  const memento = { get: (_, otherwise) => otherwise, update: () => undefined };
  const context = { subscriptions: [], workspaceState: memento, extension: { packageJSON: {} }, extensionUri: editor,
    logUri: editor, secrets: editor, environmentVariableCollection: editor };
  for (const name of ['child_process', 'crypto', 'fs/promises', 'http', 'https', 'net', 'url']) require(name);
  const start = work();
  const { activate } = require(bundle);
  const loaded = work();
  activate(context);
  process.stdout.write(JSON.stringify([loaded - start, work() - loaded]));
  process.exit();
`;

const times = Array.from({ length: repetitions }, () => {
  const output = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  return JSON.parse(output) as [number, number];
});
console.log('| | median processor ms | least |');
console.log('| --- | --: | --: |');
for (const [name, of] of [
  ['load the bundle', ([load]: readonly number[]) => load ?? 0],
  ['activate', ([, activate]: readonly number[]) => activate ?? 0],
  ['together', ([load, activate]: readonly number[]) => (load ?? 0) + (activate ?? 0)],
] as const) {
  const values = times.map(of);
  console.log(`| ${name} | ${median(values).toFixed(1)} | ${Math.min(...values).toFixed(1)} |`);
}
