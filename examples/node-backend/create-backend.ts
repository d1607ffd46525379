import { createServer, type IncomingMessage, type Server } from 'node:http'
import { createHallpassClient } from '@hallpass/client'

interface Settings {
  readonly baseUrl: string
  /** A secret key with the scope `visitor:write`. It never leaves this backend. */
  readonly apiKey: string
  readonly clientKey: string
  /** The logged-in user, according to your own session cookie. */
  readonly userOf: (request: IncomingMessage) => { readonly id: string; readonly name: string } | undefined
  /** Logs an error. The page only learns that the request failed. */
  readonly onError: (error: unknown) => void
}

/** The backend of a page with a widget. It issues visitor tokens for the logged-in user only. */
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
