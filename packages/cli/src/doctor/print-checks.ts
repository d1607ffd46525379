import type { Check } from '@hallpass/server'
import { printValue } from '../answer/print-answer.js'
import { compileTransform } from '../answer/transform.js'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'

const marks = { ok: '✓', warning: '!', failed: '✗' } as const
const colors = { ok: 32, warning: 33, failed: 31 } as const
const width = 13

/** Prints each check as it completes or, if a format is set, all checks as one value. Exits with 1 if one failed. */
export async function printChecks(io: Io, checks: AsyncIterable<Check>, globals: Globals): Promise<number> {
  const { format, color } = globals
  const transform = await compileTransform('transform', globals.transform)
  const humanReadable = (format === 'auto' || format === 'pretty') && !transform
  const seen: Check[] = []
  for await (const check of checks) {
    seen.push(check)
    if (humanReadable) io.stdout.write(describeCheck(check, color))
  }
  if (!humanReadable) {
    await printValue(io, { checks: seen }, { format: format === 'auto' ? 'json' : format, color, transform })
  }
  return seen.some(({ state }) => state === 'failed') ? 1 : 0
}

function describeCheck({ what, state, found, fix }: Check, color: boolean): string {
  const mark = color ? `\u001b[${colors[state]}m${marks[state]}\u001b[39m` : marks[state]
  const line = `${mark} ${what.padEnd(width)} ${found}\n`
  return fix === undefined ? line : `${line}  ${' '.repeat(width)} → ${fix}\n`
}
