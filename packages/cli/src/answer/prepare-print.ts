import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { resolveFormat } from './format-value.js'
import { printValue } from './print-answer.js'
import { compileTransform } from './transform.js'

/** Checks the output options before the work starts, so that a typo in them can't lose its result. Throws UsageError. */
export async function preparePrint(
  io: Pick<Io, 'stdout'>,
  { format, color, transform: query }: Pick<Globals, 'format' | 'color' | 'transform'>,
): Promise<(value: unknown) => Promise<void>> {
  const transform = await compileTransform('transform', query)
  return (value) => printValue(io, value, { format: resolveFormat(format, io.stdout.isTTY), color, transform })
}
