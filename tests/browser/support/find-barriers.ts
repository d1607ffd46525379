import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Frame } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** The accessibility violations that axe finds in a document, each with its element. */
export async function findBarriers(frame: Frame | null): Promise<string[]> {
  if (!frame) throw new Error('The frame does not exist.')
  // evaluated by the test, because the page's policy forbids other scripts
  await frame.evaluate(source)
  const results = (await frame.evaluate('axe.run(document, { iframes: false })')) as AxeResults
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** An expression for a document: by how many pixels it is wider than its window. */
export const overhang = 'document.documentElement.scrollWidth - window.innerWidth'
