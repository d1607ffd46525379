import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Frame } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds in a document that keeps people from using it, each with the element it is about. */
export async function findBarriers(frame: Frame | null): Promise<string[]> {
  if (!frame) throw new Error('the frame is not there')
  // as a script of the test: the page's own policy lets no other script in
  await frame.evaluate(source)
  const results = (await frame.evaluate('axe.run(document, { iframes: false })')) as AxeResults
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** An expression for a document: by how many pixels it is wider than its window. */
export const overhang = 'document.documentElement.scrollWidth - window.innerWidth'
