import * as z from 'zod'
import type { Dialect } from './core/dialects.js'

const issue = z.object({ reference: z.string().optional(), detail: z.string() })
const problem = z.object({
  status: z.int(),
  type: z.string(),
  title: z.string(),
  detail: z.string(),
  items: z.array(issue).optional(),
})

/** Metadata about the API request (Bridge API). */
export const ResponseMetadata = z.object({
  api_request_id: z.string().describe('Unique identifier for this API request, useful for troubleshooting.'),
  api_request_timestamp: z.string().describe('Timestamp for this API request, useful for troubleshooting.'),
})

/** The Bridge API returns the same object as `data` and `error`. */
export const EnvelopeError = z.object({
  data: problem,
  error: problem,
  meta: ResponseMetadata,
  response_type: z.literal('error'),
})

/** Errors of the Card API. */
export const CodeError = z.object({
  code: z.string(),
  detail: z.string(),
  status: z.int(),
  valid_status: z.array(z.string()).optional(),
  retry_after: z.int().optional(),
})

/** RFC 6749 section 5.2. */
export const OAuthError = z.object({ error: z.string(), error_description: z.string() })

/** The body and content type of a refusal, for each dialect. */
export const errorBodies: Record<Dialect, { contentType: string; body: z.ZodType }> = {
  envelope: { contentType: 'application/json', body: EnvelopeError },
  code: { contentType: 'application/json', body: CodeError },
  oauth: { contentType: 'application/json', body: OAuthError },
  text: { contentType: 'text/plain; charset=utf-8', body: z.string() },
}

/** The 200 body of an operation. The Bridge API wraps it; all others return it as is. */
export function successBody(dialect: Dialect, output: z.ZodType): z.ZodType {
  if (dialect !== 'envelope') return output
  return z.object({ data: output, meta: ResponseMetadata, response_type: z.enum(['object', 'array', 'error', 'none']) })
}
