// Compiled, not run: `npm run types` reports any difference between these types and the actual ones.
import {
  type BridgeClaims,
  createGuard,
  createVerifier,
  type RefusalReason,
  type refusalReasons,
  type SessionClaims,
} from '@hallpass/client/verify'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { expectTypeOf } from 'vitest'

const common = { issuer: 'https://pass.example', account: 'a' } as const
const sessions = createVerifier({ ...common, kind: 'widget-session' })
const bridges = createVerifier({ ...common, kind: 'bridge', revocation: { by: 'introspection', apiKey: 'sk_test_x' } })

// the claims depend on the kind
const verdict = await sessions.verify('token')
if (verdict.ok) expectTypeOf(verdict.claims).toEqualTypeOf<SessionClaims>()
else expectTypeOf(verdict.reason).toEqualTypeOf<RefusalReason>()
expectTypeOf(createGuard(bridges).claimsOf).returns.toEqualTypeOf<BridgeClaims>()

// the reasons are a closed list
expectTypeOf<RefusalReason>().toEqualTypeOf<keyof typeof refusalReasons>()

// @ts-expect-error the account is required
createVerifier({ issuer: 'https://pass.example', kind: 'bridge' })
// @ts-expect-error a visitor token can only be spent at the issuer
createVerifier({ ...common, kind: 'visitor' })
// @ts-expect-error introspection requires a key
createVerifier({ ...common, kind: 'bridge', revocation: { by: 'introspection' } })

// the guard fits the frameworks without using their types
const guard = createGuard(sessions)
fastify().addHook('onRequest', guard.fastify)
express().use(guard.express)
new Hono().use(guard.hono)
