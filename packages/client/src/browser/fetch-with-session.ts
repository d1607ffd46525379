import { WidgetSessionError } from './errors.js'

interface Needs {
  readonly fetch: typeof globalThis.fetch
  readonly allowedOrigins: () => ReadonlySet<string>
  readonly token: () => Promise<string>
  /** A token other than this one, which was refused. */
  readonly tokenAfter: (refused: string) => Promise<string>
}

/** `fetch` with the session token; a 401 is answered by one renewal and one more try. */
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
    // the resource server's own answer says more than that there was no second one
    if (error instanceof WidgetSessionError) return response
    throw error
  }
}

/** A token goes to no one by accident. */
function requireAllowed({ allowedOrigins }: Needs, { url }: Request): void {
  const { origin } = new URL(url)
  if (allowedOrigins().has(origin)) return
  const words = `${origin} is not one of the origins that may have the token; name it in resourceOrigins.`
  throw new WidgetSessionError('target_not_allowed', words)
}

function withToken(request: Request, token: string): Request {
  request.headers.set('Authorization', `Bearer ${token}`)
  return request
}
