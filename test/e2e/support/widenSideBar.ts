import type { Page } from 'playwright-core';

/** Drags the edge of the side bar to the right, so that rows are not cut short. */
export async function widenSideBar(page: Page, byPixels: number): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (box === null) throw new Error('The side bar is not open.');
  const edge = { x: box.x + box.width, y: box.y + box.height / 2 };
  await page.mouse.move(edge.x, edge.y);
  await page.mouse.down();
  await page.mouse.move(edge.x + byPixels, edge.y, { steps: 5 });
  await page.mouse.up();
}
