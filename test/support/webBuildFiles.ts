import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../host/projectPaths.ts';

/** The files of the web build's two programs, each once; relative to `dist`. */
export async function webBuildFiles(): Promise<readonly string[]> {
  const programs = await readFile(join(projectRoot, 'dist', 'chunks', 'programs.json'), 'utf8');
  const filesOf = JSON.parse(programs) as Readonly<Record<string, readonly string[]>>;
  const files = ['webExtension.js', 'webReaderWorker.js'].flatMap((program) => filesOf[program] ?? []);
  return [...new Set(files)];
}
