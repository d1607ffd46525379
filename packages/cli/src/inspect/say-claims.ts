import { type BridgeClaims, type ClaimsOf, type JwtKind, jwtKinds, type SessionClaims } from '@hallpass/contracts'

/** What the claims of a token permit, in words; nothing when they are not those of its kind. */
export function sayClaims(kind: JwtKind, payload: unknown): string[] {
  const claims = jwtKinds[kind].claims.safeParse(payload)
  // the schema is this kind's own, which the compiler cannot follow through the table
  return claims.success ? (sentences[kind] as (claims: unknown) => string[])(claims.data) : []
}

const sentences: { readonly [K in JwtKind]: (claims: ClaimsOf<K>) => string[] } = {
  bridge: sayBridge,
  visitor: ({ sub, user, client_key_id, agent_id, account_id }) => [
    `It stands for the user ${user.id} as visitor ${sub}, and is exchanged once for a session.`,
    `It is for agent ${agent_id} behind client key ${client_key_id} of account ${account_id}.`,
  ],
  'widget-session': saySession,
  'embed-ticket': ({ sub, origin, account_id }) => [
    `It proves once, to a widget of client key ${sub} of account ${account_id}, that the page around it is ${origin}.`,
  ],
}

function sayBridge(claims: BridgeClaims): string[] {
  const { sub, account_id, environment, processing_method, sandbox_outcome, external_id } = claims
  return [
    `It opens the bridge widget for the customer ${sub} of account ${account_id}, in ${environment}.`,
    `The paykey is processed by the method ${processing_method}${sandbox_outcome ? `, with the outcome ${sandbox_outcome}` : ''}.`,
    ...(external_id === undefined ? [] : [`The caller's own name for it is "${external_id}".`]),
  ]
}

function saySession(claims: SessionClaims): string[] {
  const { sub, sid, user, auth_mode, origin, agent_id, client_key_id, account_id } = claims
  const who = auth_mode === 'user' && user ? `the user ${user.id} as visitor ${sub}` : `the guest ${sub}`
  return [
    `It is the session ${sid} of ${who}.`,
    `It speaks to agent ${agent_id} behind client key ${client_key_id} of account ${account_id}.`,
    origin === undefined ? 'It began without an origin.' : `It began on ${origin}.`,
  ]
}
