import type { BackendAnswer } from '../../shared/backend-api.js'
import type { Call } from '../../shared/calls.js'

/** The answer of a step that an attempt builds on. Throws the refusal's words when there is none. */
export function answerOf<T>(asked: BackendAnswer<T>): T {
  if ('answer' in asked) return asked.answer
  throw new Error(asked.refusal.message)
}

/** The last call that reached Hallpass, or the last at all when none did. */
export function lastCall({ calls }: { readonly calls: readonly Call[] }): Call {
  const call = calls.findLast(({ to }) => to === 'hallpass') ?? calls.at(-1)
  if (!call) throw new Error('no call was made')
  return call
}

/** A JWT whose claims say something else, under the signature that it had. */
export function withClaims(jwt: string, change: Readonly<Record<string, unknown>>): string {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  const before = JSON.parse(atob(claims.replaceAll('-', '+').replaceAll('_', '/')))
  const after = btoa(JSON.stringify({ ...before, ...change }))
  return [header, after.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''), signature].join('.')
}

export const wait = (seconds: number) => new Promise<void>((resolve) => setTimeout(resolve, seconds * 1000))

/** A key that has not been used. */
export const freshKey = () => crypto.randomUUID()
