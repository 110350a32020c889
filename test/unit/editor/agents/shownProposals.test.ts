import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ErrorCode } from '../../../../src/core/errors.ts';
import { UserFacingError } from '../../../../src/core/errors.ts';
import type { ProtectionLevel } from '../../../../src/core/model/protectionLevel.ts';
import { confirmationText, confirmationTitle } from '../../../../src/editor/agents/confirmationText.ts';
import { ShownProposals } from '../../../../src/editor/agents/shownProposals.ts';
import type { WriteProposal } from '../../../../src/node/agentTools/agentTool.ts';

function proposal(level: ProtectionLevel = 'ask', digest = 'a'): WriteProposal {
  return {
    operation: 'requeue',
    path: '/repo/seed.db',
    expected: { id: 'an-id', role: 'seed', level, fileId: '1:2' },
    question: 'Re-queue 2 FAILED of 1 run? A backup is made first.',
    plan: ['Becomes QUEUED: run / <script>'],
    rows: 2,
    params: {},
    command: [],
    digest,
  };
}

const tool = 'autopack_requeue';
let now = 0;

/** What was shown before, what is called then, and how it is refused. */
const refused: readonly (readonly [name: string, code: ErrorCode, call: (shown: ShownProposals) => void])[] =
  [
    ['nothing was shown', 'needs-consent', (shown) => shown.take(tool, proposal())],
    [
      'another tool was shown',
      'needs-consent',
      (shown) => {
        shown.show('autopack_seed', proposal());
        shown.take(tool, proposal());
      },
    ],
    [
      'it was used already',
      'needs-consent',
      (shown) => {
        shown.show(tool, proposal());
        shown.take(tool, proposal());
        shown.take(tool, proposal());
      },
    ],
    [
      'something else was shown: other rows, another database, another level',
      'changed',
      (shown) => {
        shown.show(tool, proposal('ask', 'a'));
        shown.take(tool, proposal('ask', 'b'));
      },
    ],
    [
      'it was refused once, and what was shown is brought back',
      'needs-consent',
      (shown) => {
        shown.show(tool, proposal('ask', 'a'));
        assert.throws(() => shown.take(tool, proposal('ask', 'b')));
        shown.take(tool, proposal('ask', 'a'));
      },
    ],
    [
      'it was shown long ago',
      'needs-consent',
      (shown) => {
        shown.show(tool, proposal());
        now += 11 * 60_000;
        shown.take(tool, proposal());
      },
    ],
    ['its name must be typed', 'needs-approval', (shown) => shown.show(tool, proposal('confirm'))],
    ['it is read-only', 'protected', (shown) => shown.show(tool, proposal('read-only'))],
    [
      'its protection was raised after it was shown',
      'needs-approval',
      (shown) => {
        shown.show(tool, proposal('ask'));
        shown.take(tool, proposal('confirm'));
      },
    ],
  ];

describe('a write that VS Code has a person confirm', () => {
  it('is let through once, as it was shown', () => {
    const shown = new ShownProposals({ now: () => now });
    shown.show(tool, proposal());
    shown.take(tool, proposal());
    shown.show(tool, proposal('open'));
    shown.take(tool, proposal('open'));
  });

  for (const [name, code, call] of refused) {
    it(`is refused with "${code}" where ${name}`, () => {
      const shown = new ShownProposals({ now: () => now });
      assert.throws(
        () => call(shown),
        (error) => error instanceof UserFacingError && error.code === code,
      );
    });
  }

  it('says plan, database, role, protection and count, and nothing in a name takes effect', () => {
    assert.equal(
      confirmationTitle(proposal(), 'Autopack: Re-queue Failed Phases'),
      'Autopack: Re-queue Failed Phases: seed.db (telemetry seed)',
    );
    const text = confirmationText(proposal());
    for (const words of [
      /Re-queue 2 FAILED of 1 run/,
      /telemetry seed/,
      /Ask \\?\(asks before every write/,
      /an-id/,
    ])
      assert.match(text, words);
    assert.match(text, /Phases: 2/);
    assert.doesNotMatch(text, /<script>/);
  });
});
