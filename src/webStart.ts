import * as vscode from 'vscode';
import { loadOnce } from './core/lazily.ts';
import { ownFile } from './editor/browser/ownFile.ts';
import type * as webExtension from './webExtension.ts';

/**
 * The entry of the web build. A web extension host loads one script, and a web worker is made of one: so the files in `dist`
 * that Node would load one by one, and shares with the web build, are read and put together here.
 */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const texts = new Map<string, Promise<string>>();
  const read = (file: string): Promise<string> => {
    const text = texts.get(file) ?? ownText(context.extensionUri, file);
    texts.set(file, text);
    return text;
  };
  const programs = JSON.parse(await read('chunks/programs.json')) as Programs;
  const script = async (program: keyof Programs): Promise<string> => {
    const [loader, ...files] = await Promise.all(['chunks/load.js', ...programs[program]].map(read));
    return scriptOf(loader ?? '', files);
  };
  const workerScript = loadOnce(async () => {
    const parts = [`((require) => {\n`, await script('webReaderWorker.js'), '})();\n'];
    // A worker may be made of a blob only, for the extension's files lie on another origin.
    return URL.createObjectURL(new Blob(parts, { type: 'text/javascript' }));
  });
  // As the host itself runs this script.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const run = new Function('require', await script('webExtension.js')) as (
    require: (id: string) => unknown,
  ) => typeof webExtension;
  run(() => vscode).activate(context, workerScript);
}

/** The files of each program, in `dist`; its own is the last. */
type Programs = Readonly<Record<'webExtension.js' | 'webReaderWorker.js', readonly string[]>>;

async function ownText(extensionUri: vscode.Uri, file: string): Promise<string> {
  return new TextDecoder().decode(await ownFile(extensionUri, 'dist', ...file.split('/')));
}

/** The body of a function that returns what the last of the files exports; each of them asks for their loader, and no more. */
function scriptOf(loader: string, files: readonly string[]): string {
  return [
    'const loader = {};',
    'const module = {};',
    `((exports, __dirname) => {\n${loader}\n})(loader, '');`,
    ...files.map((file) => `((require) => {\n${file}\n})(() => loader);`),
    'return module.exports;\n',
  ].join('\n');
}
