// A project that installed the client. tests/packages/consumer.test.ts compiles it with every supported version of
// TypeScript.
import { createHallpassClient, HallpassClientError, type ResponseFacts } from '@hallpass/client'
import { createWidgetSession, type WidgetSessionEvent } from '@hallpass/client/browser'
import { type MountedWidget, mountWidget } from '@hallpass/client/embed'
import { HallpassWidget, useWidgetSession } from '@hallpass/client/react'
import { createGuard, createVerifier, type RefusalReason, type SessionClaims } from '@hallpass/client/verify'
import { operations, type WidgetSession } from '@hallpass/contracts'

const hallpass = createHallpassClient({ baseUrl: 'https://pass.example', apiKey: 'sk_test_x', maxRetries: 3 })

export async function backend(): Promise<string> {
  const { data, response } = await hallpass.bridge
    .initialize({ customer_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', external_id: 'order-7' }, { timeout: 1000 })
    .withResponse()
  const facts: ResponseFacts = response
  const { data: keys } = await hallpass.admin.clientKeys.list({ limit: 10 })
  return `${data.bridge_token} ${facts.requestId ?? ''} ${keys.length} ${operations['bridge.initialize'].paths[0]}`
}

export async function guest(): Promise<string | undefined> {
  const visitor = await hallpass.visitor.guest({ client_key: 'pk_test_x', locale: 'en' })
  return visitor.refresh_token
}

export const reasonOf = (error: unknown): string => (error instanceof HallpassClientError ? error.reason : 'none')

const verifier = createVerifier({ issuer: 'https://pass.example', kind: 'widget-session', account: 'a' })
export const guard = createGuard(verifier)

export async function resource(request: Request): Promise<SessionClaims | Response> {
  const outcome = await guard.request(request)
  return outcome.ok ? outcome.claims : outcome.response
}

export async function refusal(token: string): Promise<RefusalReason | undefined> {
  const verdict = await verifier.verify(token)
  return verdict.ok ? undefined : verdict.reason
}

const session = createWidgetSession({ baseUrl: 'https://pass.example', clientKey: 'pk_test_x' })
export const stop = session.subscribe((event: WidgetSessionEvent) => event.type)

export const widget = (container: HTMLElement): MountedWidget =>
  mountWidget({
    baseUrl: 'https://pass.example',
    clientKey: 'pk_test_x',
    widgetUrl: 'https://widgets.example/chat',
    container,
  })

export const react = { HallpassWidget, useWidgetSession }
export type Answer = WidgetSession
