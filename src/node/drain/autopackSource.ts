import { join } from 'node:path';
import type { VariableFacts } from '../../core/drain/knownVariables.ts';
import { readSmallFile } from '../files/regularFile.ts';

/** In bytes. The longest of these files has 500 KB. */
const longest = 4 << 20;

/** Where versions of Autopack read the variables, below `src/autopack`. */
const places = {
  skipsCi: ['autonomous_executor.py', 'executor/ci_runner.py', 'executor/ci_execution_flow.py'],
  bootstraps: ['config.py', 'database.py'],
  wantsTrue: ['executor/phase_orchestrator.py', 'executor/builder_orchestrator.py'],
} as const;

const patterns = {
  skipsCi: /AUTOPACK_SKIP_CI/,
  bootstraps: /AUTOPACK_DB_BOOTSTRAP/,
  wantsTrue: /TELEMETRY_DB_ENABLED['"], *['"]false['"]\)\.lower\(\) *!= *['"]true['"]/,
} as const;

/** Which variables the Autopack of a workspace knows; none where its source is not there. */
export async function autopackSource(workspaceFolder: string): Promise<VariableFacts['source']> {
  const folder = join(workspaceFolder, 'src', 'autopack');
  const holds = async (name: keyof typeof places): Promise<boolean> => {
    const texts = places[name].map((file) =>
      readSmallFile(join(folder, ...file.split('/')), longest).catch(() => ''),
    );
    return (await Promise.all(texts)).some((text) => patterns[name].test(text));
  };
  const [skipsCi, bootstraps, wantsTrue] = await Promise.all([
    holds('skipsCi'),
    holds('bootstraps'),
    holds('wantsTrue'),
  ]);
  return { skipsCi, bootstraps, wantsTrue };
}
