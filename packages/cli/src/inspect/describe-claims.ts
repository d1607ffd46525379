import {
  type BridgeClaims,
  type ClaimsOf,
  DeclaredClaims,
  type JwtKind,
  jwtKinds,
  type SessionClaims,
} from '@hallpass/contracts'

/** Describes in sentences what the claims of a token permit. Returns none if the claims are invalid for its kind. */
export function describeClaims(kind: JwtKind, payload: unknown): string[] {
  const claims = jwtKinds[kind].claims.safeParse(payload)
  // the schema belongs to this kind, but the compiler can't follow the table lookup
  return claims.success ? (sentences[kind] as (claims: unknown) => string[])(claims.data) : []
}

const sentences: { readonly [K in JwtKind]: (claims: ClaimsOf<K>) => string[] } = {
  bridge: describeBridge,
  visitor: ({ sub, user, client_key_id, agent_id, account_id }) => [
    `It identifies the user ${user.id} as visitor ${sub}. It can be exchanged once for a session.`,
    `It is for agent ${agent_id} and client key ${client_key_id} of account ${account_id}.`,
  ],
  'widget-session': describeSession,
  'embed-ticket': ({ sub, origin, account_id }) => [
    `It proves once to a widget of client key ${sub} of account ${account_id} that a page of ${origin} embeds it.`,
  ],
}

function describeBridge(claims: BridgeClaims): string[] {
  const { sub, account_id, environment, processing_method, sandbox_outcome, external_id } = claims
  return [
    `It opens the Bridge widget for customer ${sub} of account ${account_id} in ${environment}.`,
    `The processing method of the paykey is ${processing_method}${sandbox_outcome ? `, and its sandbox outcome is ${sandbox_outcome}` : ''}.`,
    ...(external_id === undefined ? [] : [`Its external id is "${external_id}".`]),
  ]
}

function describeSession(claims: SessionClaims): string[] {
  const { sub, sid, user, auth_mode, origin, agent_id, client_key_id, account_id } = claims
  const who = auth_mode === 'user' && user ? `the user ${user.id} as visitor ${sub}` : `the guest ${sub}`
  return [
    `It is the session ${sid} of ${who}.`,
    `It is for agent ${agent_id} and client key ${client_key_id} of account ${account_id}.`,
    origin === undefined ? 'It was started without an origin.' : `It was started on ${origin}.`,
  ]
}

/** Describes what the claims of a declared kind permit. `isKnown`: whether its declaration was at hand. */
export function describeDeclared(payload: unknown, isKnown: boolean): string[] {
  const { kind, kind_revision, actions, sub, resource, account_id, uses } = DeclaredClaims.parse(payload)
  const permitted = actions.length === 0 ? 'no action' : actions.join(', ')
  const times = uses === 1 ? 'once' : `${uses} times`
  return [
    `Its kind is ${kind}, which account ${account_id} declared (revision ${kind_revision}).`,
    `It permits ${permitted} for ${sub}${resource === undefined ? '' : `, on ${resource}`}.`,
    ...(uses === undefined ? [] : [`It can be redeemed ${times}.`]),
    ...(isKnown ? [] : ['Its audience and claims were not checked: add --declaration with the file of its kind.']),
  ]
}
