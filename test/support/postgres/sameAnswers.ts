import assert from 'node:assert/strict';
import { UserFacingError } from '../../../src/core/errors.ts';
import type { DatabaseReader, ReaderRequestName } from '../../../src/protocol/readerProtocol.ts';
import { everyQuestion, type Question } from './everyQuestion.ts';

/** Facts about a file or a server, which say nothing of the content. */
const byNature = new Set(['path', 'fileId', 'sizeBytes', 'modifiedAt', 'journalMode', 'server']);

/** What a reader makes of a question, without what differs by nature. */
async function answerOf(reader: DatabaseReader, path: string, { name, params }: Question): Promise<unknown> {
  try {
    const { value, warnings } = await reader.request(path, name, params);
    return { value: withoutNature(value), warnings };
  } catch (error) {
    if (!(error instanceof UserFacingError)) throw error;
    // The message names the database.
    return { code: error.code };
  }
}

function withoutNature(value: unknown): unknown {
  if (value instanceof Map) return new Map([...value].map(([key, one]) => [key, withoutNature(one)]));
  if (Array.isArray(value)) return value.map(withoutNature);
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !byNature.has(key))
      .map(([key, one]) => [key, withoutNature(one)]),
  );
}

/**
 * Puts every question, or those named, to a SQLite database and to the PostgreSQL database of the same content, and asserts
 * that answers are the same. Returns how many questions those were.
 */
export async function assertSameAnswers(
  reader: DatabaseReader,
  file: string,
  server: string,
  only: readonly ReaderRequestName[] | null = null,
): Promise<number> {
  const all = await everyQuestion(reader, file);
  const questions = all.filter(({ name }) => only === null || only.includes(name));
  const different: string[] = [];
  for (const question of questions) {
    const [expected, given] = await Promise.all([
      answerOf(reader, file, question),
      answerOf(reader, server, question),
    ]);
    try {
      assert.deepEqual(given, expected);
    } catch (error) {
      const told = error instanceof Error ? error.message.split('\n').slice(0, 40).join('\n') : String(error);
      different.push(`${question.name} ${JSON.stringify(question.params).slice(0, 300)}\n${told}`);
    }
  }
  assert.equal(
    different.length,
    0,
    `${different.length} of ${questions.length} answers differ:\n${different.slice(0, 5).join('\n\n')}`,
  );
  return questions.length;
}
