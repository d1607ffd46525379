import type { Caller, JwtKind, Operation, TokenKind, VisitorClaims } from '@hallpass/contracts'
import type { RefreshState } from '../sessions/refresh-token.js'
import type { KeyRing } from '../signing/key-ring.js'
import type { OwnClaims, SignedToken } from '../signing/sign-token.js'
import type { ReadMethod, WriteMethod } from '../store/method-names.js'
import type { Account, accountQueries } from '../store/queries/accounts.js'
import type { ApiKey, apiKeyQueries } from '../store/queries/api-keys.js'
import type { ClientKey, clientKeyQueries } from '../store/queries/client-keys.js'
import type { customerQueries } from '../store/queries/customers.js'
import type { importedRecordQueries } from '../store/queries/imported-records.js'
import type { kindQueries } from '../store/queries/kinds.js'
import type { signingKeyQueries } from '../store/queries/signing-keys.js'
import type { webhookEndpointQueries } from '../store/queries/webhook-endpoints.js'
import type { Store, Transactional } from '../store/store.js'
import type { Change } from './audit-change.js'
import type { Services } from './services.js'

/** The context of a handler besides the mechanisms: the caller and its account. */
export interface SecretKeyContext extends Services {
  readonly apiKey: ApiKey
  /** The account in scope: the key's own, or the child that it acts for. */
  readonly account: Account
  /**
   * Adds a change to the history of the account in scope, or of another one, in the transaction that makes the change.
   */
  readonly record: (
    store: Pick<Store, 'appendAuditEntry'>,
    change: Pick<Change, 'input' | 'value' | 'targetId'> & { readonly accountId?: string },
  ) => Promise<void>
}

export interface ClientKeyContext extends Services {
  readonly clientKey: ClientKey
  /** Allowed by the client key, or one of the server's widget origins. */
  readonly origin: string
  readonly jkt: string | undefined
}

interface HolderContext extends Services {
  readonly clientKey: ClientKey
  /** Allowed if present. */
  readonly origin: string | undefined
  /** The thumbprint of the key to bind the session to. */
  readonly jkt: string | undefined
}

export interface VisitorTokenContext extends HolderContext {
  /** Undefined if the call carries the token of an identity provider instead. */
  readonly visitor: VisitorClaims | undefined
}

export interface RefreshTokenContext extends HolderContext {
  readonly refresh: RefreshState
}

interface ContextByCaller {
  secret_key: SecretKeyContext
  client_key: ClientKeyContext
  visitor_token: VisitorTokenContext
  refresh_token: RefreshTokenContext
}

/** Writes that are reserved for operations whose definition states them. */
interface GuardedWrites {
  readonly mints: 'insertCardToken' | 'insertKindToken'
  readonly spends: 'consumeOrRevokeToken' | 'redeemCardToken' | 'redeemKindToken' | 'rotateSession'
  readonly administers: WriteMethod<
    | typeof accountQueries
    | typeof apiKeyQueries
    | typeof clientKeyQueries
    | typeof customerQueries
    | typeof importedRecordQueries
    | typeof kindQueries
    | typeof signingKeyQueries
    | typeof webhookEndpointQueries
  >
}

/** An operation that spends a token, or whose handler revokes one and records it. */
type Spending = { readonly spends: TokenKind } | { readonly maySpend: TokenKind } | { readonly audited: 'by_handler' }

type ForbiddenWrite<O extends Operation> =
  | (O extends { readonly mints: 'card' | 'declared' } ? never : GuardedWrites['mints'])
  | (O extends Spending ? never : GuardedWrites['spends'])
  | (O extends { readonly audited: 'changes' } ? never : GuardedWrites['administers'])

/**
 * The store as an operation's handler gets it. A handler with a write that its operation doesn't state does not
 * compile.
 */
export type StoreOf<O extends Operation> = Omit<Store, ForbiddenWrite<O> | 'transaction'> & Transactional<StoreOf<O>>

/** What only some handlers get: signing what the operation mints, and adding to the history. */
type MeansOf<O extends Operation> = (O extends { readonly mints: infer Kind extends JwtKind }
  ? { readonly sign: (kind: Kind, claims: OwnClaims<Kind>) => SignedToken }
  : unknown) &
  (O extends { readonly audited: 'changes' | 'by_handler' } ? Pick<SecretKeyContext, 'record'> : unknown)

/** Tokens of a declared kind are signed with the key itself. */
type KeyRingOf<O extends Operation> = O extends { readonly mints: 'declared' } ? KeyRing : Omit<KeyRing, 'signingKey'>

/** The context of an operation's handler. It depends on who may call the operation and on what the operation does. */
export type ContextOf<O extends Operation> = O['caller'] extends { readonly by: infer By extends Caller['by'] }
  ? Omit<ContextByCaller[By], 'store' | 'sign' | 'record' | 'keyRing'> &
      MeansOf<O> & { readonly store: StoreOf<O>; readonly keyRing: KeyRingOf<O> }
  : never

/** Reads that a change may depend on, each with its reason. */
interface AllowedReads {
  readonly findAdministrationEnd: 'disabling a key locks its account, so no other key changes meanwhile'
}

/** Store methods that read without a lock. The result may be out of date by the time something is written. */
type ForbiddenRead = Exclude<ReadMethod, keyof AllowedReads>

/**
 * The store for administrative decisions: it locks and writes, in a transaction that is already open. A handler that
 * reads first and writes later does not compile. `check` may read and refuses early, but `run` decides again.
 */
export type DecidingStore = Omit<Store, ForbiddenRead | GuardedWrites['mints' | 'spends'] | 'transaction'>

/** The context of an operation's `run`. */
export type DecidingContextOf<O extends Operation> = O extends { readonly audited: 'changes' }
  ? Omit<ContextOf<O>, 'store'> & { readonly store: DecidingStore }
  : ContextOf<O>
