import { FailedError, UsageError } from '../errors.js'

/** Applies a query to a JSON value. Throws FailedError if the query doesn't fit the value. */
export type Transform = (value: unknown) => unknown

/** Compiles a JMESPath query before anything is sent, so that a typo in it can't waste a token. Throws UsageError. */
export async function compileTransform(flag: string, expression: string | undefined): Promise<Transform | undefined> {
  if (expression === undefined) return undefined
  const { compile, TreeInterpreter } = await import('@jmespath-community/jmespath')
  const query = orThrow(
    () => compile(expression),
    (why) => new UsageError(`--${flag} is not a valid JMESPath query: ${why}`),
  )
  type Json = Parameters<typeof TreeInterpreter.search>[1]
  return (value) =>
    orThrow(
      // the value comes from JSON.parse
      () => TreeInterpreter.search(query, value as Json) ?? null,
      (why) => new FailedError(`--${flag} failed, so the whole response was printed: ${why}`),
    )
}

function orThrow<T>(run: () => T, failure: (why: string) => Error): T {
  try {
    return run()
  } catch (error) {
    throw failure((error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' '))
  }
}
