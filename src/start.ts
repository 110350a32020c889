import { keepCompiledCode } from './node/system/compileCache.ts';
import { nodeTooOld } from './node/system/nodeVersion.ts';
import type { ProgramName } from './programs.ts';

/** Runs one of the programs, of which nothing is loaded before compiled code can be taken from the cache. */
export function start(program: ProgramName): void {
  const problem = nodeTooOld(process.versions.node);
  if (problem !== null) {
    refuse(problem);
    return;
  }
  keepCompiledCode();
  void import('./programs.ts').then((programs) => programs.run(program));
}

function refuse(message: string): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}
