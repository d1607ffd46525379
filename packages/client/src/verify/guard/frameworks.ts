/** The parts of Fastify's, Express's and Hono's types that the guard uses, so that it depends on none of them. */

/** A request of node:http, Express or Fastify. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** Express and Fastify: the URL before a router changed it. */
  readonly originalUrl?: string | undefined
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** A response of node:http or Express. */
export interface NodeResponse {
  statusCode: number
  setHeader(name: string, value: string): unknown
  end(body: string): unknown
}

/** Fastify's reply. */
export interface FastifyReply {
  code(status: number): unknown
  headers(headers: Record<string, string>): unknown
  send(body: string): unknown
}

/** Hono's context. */
export interface HonoContext {
  readonly req: { readonly method: string; readonly url: string; header(name: string): string | undefined }
}
