import { WidgetSessionError } from './errors.js'
import { liveToken, tokenAfter } from './get-token.js'
import { waitFor } from './retry.js'
import type { SessionController } from './session-controller.js'
import type { WidgetSessionOptions } from './session-types.js'

/** `fetch` with the session token. After a 401, renews the token and tries once more. */
export async function fetchWithSession(
  controller: SessionController,
  input: RequestInfo | URL,
  init?: RequestInit,
): Promise<Response> {
  const { options, platform } = controller
  const request = new Request(input, init)
  requireAllowed(options, request)
  const again = request.clone()
  const { signal } = request
  const token = await waitFor(platform, liveToken(controller), request).catch((error) => {
    // as fetch does
    signal.throwIfAborted()
    throw error
  })
  const response = await send(controller, request, token)
  if (response.status !== 401) return response
  try {
    const renewed = await waitFor(platform, tokenAfter(controller, token), request)
    return await send(controller, again, renewed)
  } catch (error) {
    // the first response is more useful than the error of the renewal
    signal.throwIfAborted()
    if (error instanceof WidgetSessionError) return response
    throw error
  }
}

/** Prevents sending the token to other origins by accident. */
function requireAllowed({ baseUrl, resourceOrigins = [] }: WidgetSessionOptions, { url }: Request): void {
  const { origin } = new URL(url)
  if ([new URL(baseUrl).origin, globalThis.location?.origin, ...resourceOrigins].includes(origin)) return
  const words = `${origin} may not receive the token. Add it to resourceOrigins.`
  throw new WidgetSessionError('target_not_allowed', words)
}

async function send({ options, platform }: SessionController, request: Request, token: string): Promise<Response> {
  const { method, url, headers } = request
  const added = (await options.binding?.headers({ method, url, token })) ?? { Authorization: `Bearer ${token}` }
  for (const [name, value] of Object.entries(added)) headers.set(name, value)
  return platform.fetch(request)
}
