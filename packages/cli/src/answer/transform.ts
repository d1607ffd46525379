import { FailedError, UsageError } from '../errors.js'

/** What a query makes of a JSON value. Throws FailedError when it does not go with the value. */
export type Transform = (value: unknown) => unknown

/** Reads a JMESPath query before anything is sent, so that a slip in it costs no token. Throws UsageError. */
export async function compileTransform(flag: string, expression: string | undefined): Promise<Transform | undefined> {
  if (expression === undefined) return undefined
  const { compile, TreeInterpreter } = await import('@jmespath-community/jmespath')
  const query = orThrow(
    () => compile(expression),
    (why) => new UsageError(`--${flag} is not a JMESPath query: ${why}`),
  )
  type Json = Parameters<typeof TreeInterpreter.search>[1]
  return (value) =>
    orThrow(
      // it came out of JSON.parse
      () => TreeInterpreter.search(query, value as Json) ?? null,
      (why) => new FailedError(`--${flag} failed, so the whole answer is printed: ${why}`),
    )
}

function orThrow<T>(act: () => T, failure: (why: string) => Error): T {
  try {
    return act()
  } catch (error) {
    throw failure((error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' '))
  }
}
