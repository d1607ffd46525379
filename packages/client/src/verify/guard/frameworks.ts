/** What the guard uses of fastify's, express's and hono's own types: it depends on none of them. */

/** A request of node:http, and so of express and fastify. */
export interface NodeRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** A response of node:http, and so of express. */
export interface NodeResponse {
  statusCode: number
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

/** fastify's reply. */
export interface FastifyReply {
  code(status: number): unknown
  headers(headers: Record<string, string>): unknown
  send(body: string): unknown
}

/** hono's context. */
export interface HonoContext {
  readonly req: { header(name: string): string | undefined }
}
