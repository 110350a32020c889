// @ts-check
import { readFileSync } from 'node:fs';

/**
 * @typedef {object} RecordedAnswer
 * @property {readonly { path: string, text: string }[]} files - deliverables, relative to the repository
 * @property {number} inputTokens
 * @property {number} outputTokens
 */

const folder = new URL('answers/', import.meta.url);

/**
 * What was recorded for a phase, or `null` if nothing was.
 * @param {string} phaseId
 * @returns {RecordedAnswer | null}
 */
export function recordedAnswer(phaseId) {
  const index = JSON.parse(readFileSync(new URL('answers.json', folder), 'utf8'));
  if (!Object.hasOwn(index.phases, phaseId)) return null;
  /** @type {{ files: Record<string, string>, inputTokens: number, outputTokens: number }} */
  const { files, inputTokens, outputTokens } = index.phases[phaseId];
  const recorded = Object.entries(files).map(([path, file]) => ({
    path,
    text: readFileSync(new URL(file, folder), 'utf8'),
  }));
  return { files: recorded, inputTokens, outputTokens };
}
