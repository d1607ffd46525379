import type { BackendAnswer } from '../../shared/backend-api.js'
import type { Call } from '../../shared/calls.js'

/** The response of a step that the attempt depends on. Throws if the step was refused. */
export function answerOf<T>(asked: BackendAnswer<T>): T {
  if ('answer' in asked) return asked.answer
  throw new Error(asked.refusal.message)
}

/** The last call to Hallpass, or the last call of any kind if Hallpass wasn't called. */
export function lastCall({ calls }: { readonly calls: readonly Call[] }): Call {
  const call = calls.findLast(({ to }) => to === 'hallpass') ?? calls.at(-1)
  if (!call) throw new Error('No call was made.')
  return call
}

/** A JWT with changed claims and its old signature. */
export function withClaims(jwt: string, change: Readonly<Record<string, unknown>>): string {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  const before = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
  const after = btoa(JSON.stringify({ ...before, ...change }))
  return [header, after.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), signature].join('.')
}

export const wait = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000))

/** An unused idempotency key. */
export const freshKey = () => crypto.randomUUID()
