import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { resolveFormat } from './format-value.js'
import { printValue } from './print-answer.js'
import { compileTransform } from './transform.js'

/** Reads how a result is to be printed before there is one, so that a slip in that loses none. Throws UsageError. */
export async function preparePrint(
  io: Pick<Io, 'stdout'>,
  { format, colour, transform: query }: Pick<Globals, 'format' | 'colour' | 'transform'>,
): Promise<(value: unknown) => Promise<void>> {
  const transform = await compileTransform('transform', query)
  return (value) => printValue(io, value, { format: resolveFormat(format, io.stdout.isTTY), colour, transform })
}
