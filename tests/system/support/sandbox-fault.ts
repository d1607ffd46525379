import type { TestServer } from './start-server.js'

export const fault = (value: string) => ({ 'Hallpass-Sandbox-Fault': value })

/** One operation through both doors: the status, and what is said without what differs from request to request. */
export async function throughBoth(
  server: TestServer,
  operation: { readonly path: string; readonly procedure: string },
  input: object,
  headers: Record<string, string>,
) {
  const rest = await server.post(operation.path, input, headers)
  const trpc = await server.trpc(operation.procedure, input, headers)
  const said = (text: string) => text.replace(/"(request_id|api_request_id|api_request_timestamp)":"[^"]*"/g, '')
  return {
    rest: { status: rest.status, body: said(await rest.text()), headers: rest.headers },
    trpc: { status: trpc.status, body: said(await trpc.text()), headers: trpc.headers },
  }
}
