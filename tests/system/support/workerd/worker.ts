import { createVerifier, type Verifier } from '@hallpass/client/verify'

/** What a test sends with each request. */
export interface WorkerCall {
  readonly issuer: string
  /** Where the worker finds the issuer. */
  readonly baseUrl: string
  readonly account: string
  readonly token: string
  /** How many milliseconds the worker's clock is ahead. */
  readonly ahead: number
  /** Whether the runtime keeps requests in the background alive. */
  readonly waits: boolean
}

interface Context {
  readonly waitUntil: (work: Promise<unknown>) => void
}

let ahead = 0
let context: Context | undefined
// as in a real worker, one for all requests
const verifiers = new Map<boolean, Verifier<'widget-session'>>()

function verifierOf({ issuer, baseUrl, account, waits }: WorkerCall): Verifier<'widget-session'> {
  const verifier =
    verifiers.get(waits) ??
    createVerifier({
      issuer,
      baseUrl,
      account,
      kind: 'widget-session',
      now: () => Date.now() + ahead,
      ...(waits ? { waitUntil: (work) => context?.waitUntil(work) } : {}),
    })
  verifiers.set(waits, verifier)
  return verifier
}

export default {
  async fetch(request: Request, _: unknown, given: Context): Promise<Response> {
    const call = (await request.json()) as WorkerCall
    ahead = call.ahead
    context = given
    const verdict = await verifierOf(call).verify(call.token)
    return Response.json(verdict.ok ? 'ok' : verdict.reason)
  },
}
