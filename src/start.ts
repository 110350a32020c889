import { keepCompiledCode } from './node/system/compileCache.ts';
import { nodeTooOld } from './node/system/nodeVersion.ts';

/** The programs that run outside of the editor, by the file in `dist` that starts them. */
const programs = {
  cli: () => import('./cli.ts'),
  drainHost: () => import('./node/drain/drainHost.ts'),
};

/** Runs one of the programs, of which nothing is loaded before compiled code can be taken from the cache. */
export function start(program: keyof typeof programs): void {
  const problem = nodeTooOld(process.versions.node);
  if (problem !== null) {
    refuse(problem);
    return;
  }
  keepCompiledCode();
  void programs[program]();
}

function refuse(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
