import SwaggerClient, { type SwaggerResponse } from 'swagger-client'
import { resolveRefs, schemaIssues } from './schema-issues.js'

/** The part of an OpenAPI 3 document that the tests use. */
export interface OpenApi {
  readonly openapi: string
  readonly servers: readonly { readonly url: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>
}

export interface OpenApiOperation {
  readonly operationId?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>
}

/** A real response, and its deviations from the document's schema for its status and type. */
export interface DocumentedResponse {
  readonly status: number
  readonly headers: SwaggerResponse['headers']
  readonly body: unknown
  readonly issues: readonly string[]
}

/** Calls an operation by its id. */
type CallDocumented = (operationId: string, parameters: Readonly<Record<string, string>>) => Promise<DocumentedResponse>

/** Lets swagger-client call a document's operations using only the document. */
export async function openDocument(document: OpenApi, token: string): Promise<CallDocumented> {
  const { components } = document as { components?: { securitySchemes?: object } }
  const schemes = Object.keys(components?.securitySchemes ?? {})
  const authorizations = Object.fromEntries(schemes.map((name) => [name, { value: token }]))
  // a copy, because it writes into what it reads
  const client = await SwaggerClient({ spec: structuredClone(document), authorizations })
  if (client.errors.length > 0) throw new Error(`swagger-client cannot read the document: ${client.errors}`)
  return async (operationId, parameters) => {
    const { entry, tag } = findEntry(document, operationId)
    const send = client.apis[tag]?.[operationId]
    if (!send) throw new Error(`swagger-client found no ${tag}.${operationId}`)
    const { status, headers, body } = await send(parameters).catch(responseOf)
    return { status, headers, body, issues: issuesOf(document, entry, { status, headers, body }) }
  }
}

/** swagger-client throws responses other than 2xx, with the response in the error. */
function responseOf(error: unknown): SwaggerResponse {
  if (error instanceof Error && 'response' in error) return error.response as SwaggerResponse
  throw error
}

function issuesOf(
  document: OpenApi,
  entry: OpenApiOperation,
  { status, headers, body }: Pick<SwaggerResponse, 'status' | 'headers' | 'body'>,
): string[] {
  const { content } = (resolveRefs(document, entry.responses[String(status)]) ?? {}) as { content?: Content }
  const type = headers['content-type'] ?? ''
  const schema = content?.[type]?.schema
  return schema ? schemaIssues(schema, body) : [`the document has no ${type} response with status ${status}`]
}

type Content = Readonly<Record<string, { readonly schema: Readonly<Record<string, unknown>> }>>

function findEntry(document: OpenApi, operationId: string): { entry: OpenApiOperation; tag: string } {
  for (const item of Object.values(document.paths)) {
    for (const entry of Object.values(item)) {
      if (entry.operationId === operationId) return { entry, tag: entry.tags?.[0] ?? 'default' }
    }
  }
  throw new Error(`the document has no operation ${operationId}`)
}
