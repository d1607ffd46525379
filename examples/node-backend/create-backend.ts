import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createHallpassClient } from '@hallpass/client'

interface Settings {
  readonly baseUrl: string
  /** A secret key with the scope `visitor:write`. It stays here. */
  readonly apiKey: string
  readonly clientKey: string
  /** Who is logged in, by your own session cookie. */
  readonly userOf: (request: IncomingMessage) => { readonly id: string; readonly name: string } | undefined
  /** Your log: the page learns that it did not work, and not why. */
  readonly onError: (error: unknown) => void
}

/** The backend of a page with a widget: it vouches for whoever is logged in, and for nobody else. */
export function createBackend({ baseUrl, apiKey, clientKey, userOf, onError }: Settings): Server {
  const hallpass = createHallpassClient({ baseUrl, apiKey })
  return createServer(async (request, response) => {
    const isAsked = request.method === 'POST' && request.url === '/visitor-token'
    try {
      const user = isAsked ? userOf(request) : undefined
      if (!user) {
        response.writeHead(isAsked ? 204 : 404).end()
        return
      }
      const input = { client_key: clientKey, user_id: user.id, display_name: user.name }
      const { token } = await hallpass.visitor.userToken(input)
      response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      response.end(JSON.stringify({ token }))
    } catch (error) {
      onError(error)
      response.writeHead(503).end()
    }
  })
}
