import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Frame } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Runs in the document, and returns only violations: the full results of axe are a hundred times larger. */
const findViolations = `(async () => {
  const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition)
  await Promise.allSettled(transitions.map(({ finished }) => finished))
  const { violations } = await axe.run(document, { iframes: false, resultTypes: ['violations'] })
  return violations
})()`

/** The accessibility violations that axe finds in a document, each with its element. */
export async function findBarriers(frame: Frame | null): Promise<string[]> {
  if (!frame) throw new Error('The frame does not exist.')
  // evaluated by the test, because the page's policy forbids other scripts
  if (!(await frame.evaluate("'axe' in window"))) await frame.evaluate(source)
  const violations = (await frame.evaluate(findViolations)) as AxeResults['violations']
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** An expression for a document: by how many pixels it is wider than its window. */
export const overhang = 'document.documentElement.scrollWidth - window.innerWidth'
