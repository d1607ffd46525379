import { WidgetSessionError } from './errors.js'

interface Needs {
  readonly fetch: typeof globalThis.fetch
  readonly allowedOrigins: () => ReadonlySet<string>
  readonly token: () => Promise<string>
  /** Resolves to a token other than this one, which was refused. */
  readonly tokenAfter: (refused: string) => Promise<string>
}

/** `fetch` with the session token. After a 401, renews the token and tries once more. */
export async function fetchWithSession(needs: Needs, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init)
  requireAllowed(needs, request)
  const again = request.clone()
  const token = await needs.token()
  const response = await needs.fetch(withToken(request, token))
  if (response.status !== 401) return response
  try {
    const renewed = await needs.tokenAfter(token)
    return await needs.fetch(withToken(again, renewed))
  } catch (error) {
    // the first response is more useful than the error of the renewal
    if (error instanceof WidgetSessionError) return response
    throw error
  }
}

/** Prevents sending the token to other origins by accident. */
function requireAllowed({ allowedOrigins }: Needs, { url }: Request): void {
  const { origin } = new URL(url)
  if (allowedOrigins().has(origin)) return
  const words = `${origin} may not receive the token. Add it to resourceOrigins.`
  throw new WidgetSessionError('target_not_allowed', words)
}

function withToken(request: Request, token: string): Request {
  request.headers.set('Authorization', `Bearer ${token}`)
  return request
}
