// npm test: every check there is, in stages; `--only unit,lint` runs some of them.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { exitOnSignals } from './host/exitOnSignals.ts';
import { cacheFolder } from './host/projectPaths.ts';
import { reportMissingTools } from './runner/missingTools.ts';
import { runStages } from './runner/runStages.ts';
import { allStages } from './runner/stages.ts';
import { printSummary, total } from './runner/summary.ts';

exitOnSignals();
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const asked = values.only?.split(',');
const unknown = asked?.filter((name) => !allStages.some((stage) => stage.name === name)) ?? [];
if (unknown.length > 0) {
  const names = allStages.map(({ name }) => name).join(', ');
  console.error(`There is no stage ${unknown.join(', ')}. The stages are: ${names}`);
  process.exit(2);
}

const stages = allStages.filter(({ name, onDemand }) => asked?.includes(name) ?? onDemand !== true);
// Most of what the tests cost is the start of processes; Node then loads what it has compiled before.
process.env.NODE_COMPILE_CACHE ??= join(cacheFolder, 'compiled');
reportMissingTools();
const finished = await runStages(stages);
printSummary(finished);
// What a stage that was given up has left running must not keep this waiting.
process.exit(total(finished).failed > 0 ? 1 : 0);
