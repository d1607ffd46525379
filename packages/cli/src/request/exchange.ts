import type { Operation } from '@hallpass/contracts'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { buildRequest } from './build-request.js'
import { describeAnswer, describeRequest } from './describe-exchange.js'
import { secretsOf } from './redact.js'
import { type Answer, type Outgoing, sendRequest } from './send-request.js'

/** Sends one call. With --debug, prints the request and the response without their secrets. */
export async function exchange(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { io, globals, headers }: { io: Io; globals: Globals; headers: Readonly<Record<string, string>> },
): Promise<{ request: Outgoing; answer: Answer }> {
  const request = buildRequest(operation, input, { globals, headers })
  const secrets = [...(globals.apiKey ? [globals.apiKey] : []), ...secretsOf(input)]
  if (globals.debug) io.stderr.write(describeRequest(request, secrets))
  const answer = await sendRequest(io.fetch, request, globals.timeoutSeconds)
  if (globals.debug) io.stderr.write(describeAnswer(answer, secrets))
  return { request, answer }
}
