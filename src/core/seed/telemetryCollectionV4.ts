import type { PlannedPhase, SeedPlan } from './seedPlan.ts';

/** Where telemetry runs work, relative to the repository root. */
export const telemetryFolder = 'examples/telemetry_utils/';
const folder = telemetryFolder;

/**
 * Autopack's seed run: ten small phases, each achievable on its own, over three categories and two complexities.
 * Ids, order, categories, scopes and caps are Autopack's; names and descriptions are ours.
 */
export const telemetryCollectionV4: SeedPlan = {
  runId: 'telemetry-collection-v4',
  tokenCap: 500_000,
  maxPhases: 15,
  maxDurationMinutes: 120,
  tier: {
    tierId: 'T1',
    name: 'Telemetry collection',
    description: 'Small self-contained tasks whose token use is worth measuring.',
    ciRunCap: 20,
  },
  paths: [folder],
  maxBuilderAttempts: 3,
  maxAuditorAttempts: 2,
  incidentTokenCap: 50_000,
  phases: [
    module('p1-string-util', 'String', 'low', 'capitalize_words and reverse_string'),
    module('p2-number-util', 'Number', 'low', 'is_even, is_prime and factorial'),
    module('p3-list-util', 'List', 'medium', 'chunk, flatten, unique and group_by'),
    module(
      'p4-date-util',
      'Date',
      'medium',
      'format_date, parse_date, add_days and diff_days on top of the standard datetime module',
    ),
    module('p5-dict-util', 'Dict', 'medium', 'deep_merge, get_nested, set_nested and filter_keys'),
    {
      ...tests('p6-string-tests', 'String', 'medium'),
      description: 'Test string_helper thoroughly with pytest, sharing fixtures through conftest.py.',
      readOnlyContext: [`${folder}string_helper.py`],
      deliverables: [`${folder}test_string_helper.py`, `${folder}conftest.py`],
    },
    tests('p7-number-tests', 'Number', 'low'),
    tests('p8-list-tests', 'List', 'medium'),
    {
      phaseId: 'telemetry-p9-readme',
      name: 'Helpers README',
      description: 'Document the helper modules in a README.md, with an example of each function in use.',
      category: 'docs',
      complexity: 'low',
      readOnlyContext: ['string', 'number', 'list'].map((subject) => `${folder}${subject}_helper.py`),
      deliverables: [`${folder}README.md`],
    },
    module('p10-file-util', 'File', 'medium', 'read_json, write_json, read_lines and write_lines'),
  ],
};

function module(
  id: string,
  subject: string,
  complexity: PlannedPhase['complexity'],
  functions: string,
): PlannedPhase {
  const name = `${subject.toLowerCase()}_helper.py`;
  return {
    phaseId: `telemetry-${id}`,
    name: `${subject} helpers`,
    description: `Write ${name} with ${functions}.`,
    category: 'implementation',
    complexity,
    readOnlyContext: [],
    deliverables: [folder + name],
  };
}

function tests(id: string, subject: string, complexity: PlannedPhase['complexity']): PlannedPhase {
  const name = `${subject.toLowerCase()}_helper`;
  return {
    phaseId: `telemetry-${id}`,
    name: `Tests of the ${subject.toLowerCase()} helpers`,
    description: `Test ${name} thoroughly with pytest, using the shared fixtures.`,
    category: 'tests',
    complexity,
    readOnlyContext: [`${folder}${name}.py`, `${folder}conftest.py`],
    deliverables: [`${folder}test_${name}.py`],
  };
}
