import { keepCompiledCode } from './node/system/compileCache.ts';
import type { ProgramName } from './programs.ts';

/** Runs one of the programs, of which nothing is loaded before compiled code can be taken from the cache. */
export function start(program: ProgramName): void {
  keepCompiledCode();
  void import('./programs.ts').then((programs) => programs.run(program));
}
