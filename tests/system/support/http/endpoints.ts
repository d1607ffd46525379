import { encodeRequest, type Operation, operations } from '@hallpass/contracts'
import { callerHeaders, inputOf } from '../parity/parity-cases.js'
import type { TestServer } from '../servers/in-process-server.js'
import { type RawHttpResponse, type RawRequest, sendRaw } from './raw-http.js'

/** A header list that can contain duplicates. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** Every documented endpoint, by its operation. */
export const endpoints: readonly Operation[] = Object.values<Operation>(operations)

/** The endpoints that accept a body of this type. */
export const endpointsAccepting = (...bodies: readonly Operation['body'][]) =>
  endpoints.filter(({ body }) => bodies.includes(body))

/** The headers of an authorized caller. */
export const headersFor = (operation: Operation): HeaderList => Object.entries(callerHeaders(operation))

type ValidRequest = RawRequest & { readonly headers: HeaderList }

/** A valid request to an endpoint. */
export async function validRequest(server: TestServer, operation: Operation): Promise<ValidRequest> {
  const input = await inputOf(server, operation, { what: 'a valid call', expected: 200 })
  const { method, target, contentType, body } = encodeRequest(operation, input)
  const type: HeaderList = contentType ? [['Content-Type', contentType]] : []
  return { method, target, headers: [...headersFor(operation), ...type], ...(body === undefined ? {} : { body }) }
}

/** A valid request to each endpoint of a server, which no call has used up. */
const unused = new WeakMap<TestServer, Map<string, ValidRequest>>()

/** A valid request, for a change with which it is refused. A refusal uses up nothing, so the next change gets it again. */
export async function requestToChange(server: TestServer, operation: Operation): Promise<ValidRequest> {
  const requests = unused.get(server) ?? new Map<string, ValidRequest>()
  unused.set(server, requests)
  const request = requests.get(operation.id) ?? (await validRequest(server, operation))
  requests.set(operation.id, request)
  return request
}

/** Sends a valid request to an endpoint, with some parts changed. */
export async function sendChanged(
  server: TestServer,
  operation: Operation,
  change: Partial<RawRequest>,
): Promise<RawHttpResponse> {
  const response = await sendRaw(server.url, { ...(await requestToChange(server, operation)), ...change })
  if (response.status < 400) unused.get(server)?.delete(operation.id)
  return response
}

/** The headers without the named one. */
export const withoutHeader = (headers: HeaderList, name: string): HeaderList =>
  headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase())

/** Name and operation, as rows for test.each. */
export const named = (list: readonly Operation[]) => list.map((operation) => [operation.id, operation] as const)

/** Values with a name of at most 40 characters each, for test titles. */
export const titled = <T extends string>(values: readonly T[]): [title: string, value: T][] =>
  values.map((value) => [JSON.stringify(value.length > 40 ? `${value.slice(0, 20)}… (${value.length})` : value), value])
