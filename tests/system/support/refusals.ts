import type { Refusal } from '@hallpass/contracts'
import { acme } from './fixture.js'
import { bodyOf } from './mint.js'
import { bearer, type TestServer } from './start-server.js'

export const requestIdOf = (response: Response) => response.headers.get('request-id') ?? ''

/** What an account is told about a request. */
export async function askRefusals(
  server: TestServer,
  requestId: string,
  key: string = acme.key,
): Promise<readonly Refusal[]> {
  const response = await server.get(`/v1/admin/refusals/${encodeURIComponent(requestId)}`, bearer(key))
  return (await bodyOf<{ data: Refusal[] }>(response)).data
}
