import { isPlainObject } from '@hallpass/contracts/core'
import type { Stdin } from '../io.js'
import type { WrittenFlags } from './declare-flags.js'
import { parseItems, parseValue } from './parse-value.js'
import { readBody } from './read-body.js'

/** How long to wait for a silent pipe if the flags alone are a complete call. */
const shortWaitSeconds = 0.25
/** How long to wait if a required field is missing, so a body is likely to follow. */
const longWaitSeconds = 1

/** Reads an operation's input: the body on stdin, overridden by the flags. */
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
    // commander's value for a boolean flag without a value
    if (written === true) given.push({ path: field.path, value: true })
  }
  const flagsOnly = mergeInput({}, given)
  if (!takesBody) return flagsOnly
  const isComplete = fields.every(
    ({ of: { required, path } }) => !required || path.length > 1 || hasAt(flagsOnly, path),
  )
  const timeouts = waitForStdin()
    ? { firstByteSeconds: Infinity, endSeconds: Infinity }
    : { firstByteSeconds: isComplete ? shortWaitSeconds : longWaitSeconds, endSeconds: timeoutSeconds }
  return mergeInput(await readBody(stdin, timeouts), given)
}

/** A value and its path of field names. */
interface Given {
  readonly path: readonly string[]
  readonly value: unknown
}

type Json = Record<string, unknown>

/** Merges flags into a body. A flag for a member overrides the flag for the whole object, in any order. */
export function mergeInput(body: Readonly<Json>, given: readonly Given[]): Json {
  const wholeFirst = given.toSorted((a, b) => a.path.length - b.path.length)
  return wholeFirst.reduce<Json>((input, { path, value }) => setAt(input, path, value), { ...body })
}

/** Whether there is a value at a path. Null counts as one. */
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
