import { WidgetSessionError } from './errors.js'
import type { KeyBinding } from './key-binding.js'

interface Deps {
  readonly fetch: typeof globalThis.fetch
  readonly binding: KeyBinding | undefined
  readonly allowedOrigins: () => ReadonlySet<string>
  readonly token: (signal: AbortSignal) => Promise<string>
  /** Resolves to a token other than this one, which was refused. */
  readonly tokenAfter: (refused: string, signal: AbortSignal) => Promise<string>
}

/** `fetch` with the session token. After a 401, renews the token and tries once more. */
export async function fetchWithSession(deps: Deps, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  requireAllowed(deps, request)
  const again = request.clone()
  const { signal } = request
  const token = await deps.token(signal).catch((error) => {
    // as fetch does
    signal.throwIfAborted()
    throw error
  })
  const response = await send(deps, request, token)
  if (response.status !== 401) return response
  try {
    const renewed = await deps.tokenAfter(token, signal)
    return await send(deps, again, renewed)
  } catch (error) {
    // the first response is more useful than the error of the renewal
    signal.throwIfAborted()
    if (error instanceof WidgetSessionError) return response
    throw error
  }
}

/** Prevents sending the token to other origins by accident. */
function requireAllowed({ allowedOrigins }: Deps, { url }: Request): void {
  const { origin } = new URL(url)
  if (allowedOrigins().has(origin)) return
  const words = `${origin} may not receive the token. Add it to resourceOrigins.`
  throw new WidgetSessionError('target_not_allowed', words)
}

async function send({ fetch, binding }: Deps, request: Request, token: string): Promise<Response> {
  const { method, url, headers } = request
  const added = (await binding?.headers({ method, url, token })) ?? { Authorization: `Bearer ${token}` }
  for (const [name, value] of Object.entries(added)) headers.set(name, value)
  return fetch(request)
}
