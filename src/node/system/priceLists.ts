import { parsePriceList, shippedPrices, type PriceList } from '../../core/model/prices.ts';
import { fileError } from './fileError.ts';
import { readSmallFile } from './regularFile.ts';

/** In bytes: a price list of thousands of models. */
const longest = 1 << 20;

/**
 * The prices to go by: those of a user's own file, if there is one, before those that come with the product. Throws
 * `not-found` and `invalid-argument` for the file.
 */
export async function readPriceLists(path: string | null): Promise<readonly PriceList[]> {
  if (path === null) return [shippedPrices];
  const text = await readSmallFile(path, longest, { followLinks: true }).catch((error: unknown) => {
    throw fileError(error, path);
  });
  return [parsePriceList(text, path), shippedPrices];
}
