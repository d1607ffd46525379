import type { Check } from '@hallpass/server'
import { printValue } from '../answer/print-answer.js'
import { compileTransform } from '../answer/transform.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'

const marks = { ok: '✓', warning: '!', failed: '✗' } as const
const colours = { ok: 32, warning: 33, failed: 31 } as const
const width = 13

/** Prints checks as they come, in words, or all at once as a value where a format is asked for. Exit 1 when one failed. */
export async function printChecks(io: Io, checks: AsyncIterable<Check>, globals: Globals): Promise<number> {
  const { format, colour } = globals
  const transform = await compileTransform('transform', globals.transform)
  const inWords = (format === 'auto' || format === 'pretty') && !transform
  const seen: Check[] = []
  for await (const check of checks) {
    seen.push(check)
    if (inWords) io.stdout.write(describeCheck(check, colour))
  }
  if (!inWords) {
    await printValue(io, { checks: seen }, { format: format === 'auto' ? 'json' : format, colour, transform })
  }
  return seen.some(({ state }) => state === 'failed') ? 1 : 0
}

function describeCheck({ what, state, found, fix }: Check, colour: boolean): string {
  const mark = colour ? `\u001b[${colours[state]}m${marks[state]}\u001b[39m` : marks[state]
  const line = `${mark} ${what.padEnd(width)} ${found}\n`
  return fix === undefined ? line : `${line}  ${' '.repeat(width)} → ${fix}\n`
}
