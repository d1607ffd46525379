import { isPlainObject } from '@hallpass/contracts/core'

/** A value and the wire names that lead to it. */
export interface Given {
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
