// @ts-check
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes all files beside their places first and then moves them there, so that none is ever half written.
 * @param {string} repository
 * @param {readonly { path: string, text: string }[]} files - paths relative to the repository
 */
export function writeDeliverables(repository, files) {
  const staged = files.map(({ path, text }) => {
    const target = join(repository, path);
    return { target, temporary: `${target}.${process.pid}.tmp`, text };
  });
  try {
    for (const { target, temporary, text } of staged) {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(temporary, text);
    }
    for (const { target, temporary } of staged) renameSync(temporary, target);
  } finally {
    for (const { temporary } of staged) rmSync(temporary, { force: true });
  }
}
