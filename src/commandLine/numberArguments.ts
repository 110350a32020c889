import { InvalidArgumentError } from 'commander';

/** Reads an option's value as a number above zero; commander reports the option and exits with 2. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Give a number above zero.');
}

/** Reads an option's value as a whole number above zero. */
export function positiveInteger(text: string): number {
  const value = positiveNumber(text);
  if (Number.isInteger(value)) return value;
  throw new InvalidArgumentError('Give a whole number above zero.');
}

/** Reads an option's value as a whole number, zero included. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('Give a whole number, 0 or more.');
}
