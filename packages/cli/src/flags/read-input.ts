import { isPlainObject } from '@hallpass/contracts/core'
import type { Stdin } from '../io.js'
import type { WrittenFlags } from './declare-flags.js'
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

/** A value and the wire names that lead to it. */
interface Given {
  readonly path: readonly string[]
  readonly value: unknown
}

type Json = Record<string, unknown>

/** Lays flags over a body. A whole value replaces; a member's flag sets that member, whatever the order they came in. */
export function mergeInput(body: Readonly<Json>, given: readonly Given[]): Json {
  const wholeFirst = given.toSorted((a, b) => a.path.length - b.path.length)
  return wholeFirst.reduce<Json>((input, { path, value }) => setAt(input, path, value), { ...body })
}

/** Whether something was given at a path, null included. */
export function hasAt(input: unknown, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return input !== undefined
  return isPlainObject(input) && Object.hasOwn(input, name) && hasAt(input[name], rest)
}

function setAt(input: Json, [name, ...rest]: readonly string[], value: unknown): Json {
  if (name === undefined) return input
  if (rest.length === 0) return { ...input, [name]: value }
  const inner = input[name]
  return { ...input, [name]: setAt(isPlainObject(inner) ? inner : {}, rest, value) }
}
