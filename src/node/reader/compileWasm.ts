import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Compiles `sql-wasm.wasm` once, however many threads come to use it, off the calling thread.
 * It is looked for beside the worker (as built), then in the installed sql.js.
 */
export function compileWasm(workerUrl: URL, wasmPath?: string): () => Promise<WebAssembly.Module> {
  let compiled: Promise<WebAssembly.Module> | null = null;
  return () => {
    compiled ??= readFile(wasmPath ?? findWasm(workerUrl)).then((bytes) => WebAssembly.compile(bytes));
    return compiled;
  };
}

function findWasm(workerUrl: URL): string {
  const beside = fileURLToPath(new URL('sql-wasm.wasm', workerUrl));
  return existsSync(beside) ? beside : createRequire(workerUrl).resolve('sql.js/dist/sql-wasm.wasm');
}
