// npm run bench -- [reader|analysis|logs|filters|drain|endpoint|delete-run|start|activation|mcp|postgres|claims] ...: runs a benchmark with the arguments that follow, or says which there are.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const scripts = {
  reader: 'reader.ts',
  analysis: 'analysis.ts',
  logs: 'logs.ts',
  filters: 'filterTelemetry.ts',
  drain: 'drain.ts',
  endpoint: 'endpoint.ts',
  'delete-run': 'deleteRun.ts',
  start: 'start.ts',
  activation: 'activation.ts',
  mcp: 'mcp.ts',
  claims: 'claims.ts',
  postgres: 'postgres.ts',
} as const;

const [name = 'reader', ...rest] = process.argv.slice(2);
if (Object.hasOwn(scripts, name)) {
  const script = join(import.meta.dirname, scripts[name as keyof typeof scripts]);
  process.exitCode = spawnSync(process.execPath, [script, ...rest], { stdio: 'inherit' }).status ?? 1;
} else {
  console.error(`There is no benchmark ${name}: say ${Object.keys(scripts).join(', ')}.`);
  process.exitCode = 2;
}
