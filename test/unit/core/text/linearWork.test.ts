import assert from 'node:assert/strict';
import { causeInOutput, causeInReason, isBareStatus } from '../../../../src/core/failures/failureCause.ts';
import { protectCodes, maskError } from '../../../../src/core/failures/fingerprint.ts';
import { failureKindOf } from '../../../../src/core/failures/failureKind.ts';
import { outputLines } from '../../../../src/core/failures/outputLines.ts';
import {
  codeBlock,
  escapeMarkdown,
  escapeMarkdownLines,
  inlineCode,
  plainMarkdown,
} from '../../../../src/core/text/markdown.ts';
import { printable, printableLines, stripAnsi } from '../../../../src/core/text/printable.ts';
import { escapeHtml } from '../../../../src/core/text/document.ts';
import { stateCountsLabel, stateLabel } from '../../../../src/editor/window/labels.ts';
import { superlinearPiece } from '../../../support/growth.ts';

describe('what shows foreign text', function () {
  this.timeout(240_000);
  const functions: Readonly<Record<string, (text: string) => unknown>> = {
    stripAnsi,
    printable: (text) => printable(text, Infinity),
    printableLines: (text) => printableLines(text, Infinity),
    escapeMarkdown,
    escapeMarkdownLines,
    inlineCode,
    codeBlock,
    plainMarkdown,
    escapeHtml,
    stateLabel,
    stateCountsLabel: (text) => stateCountsLabel({ [text]: 1 }),
    outputLines,
    causeInOutput: (text) => causeInOutput(text, 'stderr'),
    causeInReason,
    isBareStatus,
    failureKindOf,
    protectCodes,
    maskError: (text) => maskError(text),
  };
  for (const [name, work] of Object.entries(functions)) {
    it(`takes four times the work for four times the text: ${name}`, () => {
      assert.equal(superlinearPiece(work), null);
    });
  }
});
