import type { Stdin } from '../io.js'
import type { WrittenFlags } from './declare-flags.js'
import { type Given, hasAt, mergeInput } from './merge-input.js'
import { parseItems, parseValue } from './parse-value.js'
import { readBody } from './read-body.js'

/** A pipe that has said nothing is left alone after this, when the flags alone make a whole call. */
const shortWaitSeconds = 0.25
/** Something is missing, so a body is likely to come. */
const longWaitSeconds = 1

/** An operation's input: the body on stdin, with the flags laid over it. */
export async function readInput(
  stdin: Stdin,
  { fields, takesBody, waitForStdin }: WrittenFlags,
  timeoutSeconds: number,
): Promise<Record<string, unknown>> {
  const given: Given[] = []
  for (const { of: field, read } of fields) {
    const written = read()
    if (Array.isArray(written)) given.push({ path: field.path, value: await parseItems(field, written) })
    if (typeof written === 'string') given.push({ path: field.path, value: await parseValue(field, written) })
    // a boolean flag without a value
    if (written === true) given.push({ path: field.path, value: true })
  }
  const flagsOnly = mergeInput({}, given)
  if (!takesBody) return flagsOnly
  const whole = fields.every(({ of: { required, path } }) => !required || path.length > 1 || hasAt(flagsOnly, path))
  const patience = waitForStdin()
    ? { firstByteSeconds: Infinity, endSeconds: Infinity }
    : { firstByteSeconds: whole ? shortWaitSeconds : longWaitSeconds, endSeconds: timeoutSeconds }
  return mergeInput(await readBody(stdin, patience), given)
}
