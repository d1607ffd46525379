import type { Caller, JwtKind, Operation, TokenKind, VisitorClaims } from '@hallpass/contracts'
import type { RefreshState } from '../sessions/refresh-token.js'
import type { OwnClaims, SignedToken } from '../signing/sign-token.js'
import type { ReadMethod, WriteMethod } from '../store/method-names.js'
import type { Account, accountQueries } from '../store/queries/accounts.js'
import type { ApiKey, apiKeyQueries } from '../store/queries/api-keys.js'
import type { ClientKey, clientKeyQueries } from '../store/queries/client-keys.js'
import type { customerQueries } from '../store/queries/customers.js'
import type { importedRecordQueries } from '../store/queries/imported-records.js'
import type { signingKeyQueries } from '../store/queries/signing-keys.js'
import type { Store, Transactional } from '../store/store.js'
import type { Change } from './audit-change.js'
import type { Services } from './services.js'

/** What a rule is given beside the mechanisms: who asks, and for whom. */
export interface SecretKeyContext extends Services {
  readonly apiKey: ApiKey
  /** The account in scope: the key's own, or the child it acts for. */
  readonly account: Account
  /** Adds what was done to the history of the account in scope, or of another one, in the transaction that does it. */
  readonly record: (
    store: Pick<Store, 'appendAuditEntry'>,
    change: Pick<Change, 'input' | 'value' | 'targetId'> & { readonly accountId?: string },
  ) => Promise<void>
}

export interface ClientKeyContext extends Services {
  readonly clientKey: ClientKey
  /** Allowed by the client key, or one of the server's widget origins. */
  readonly origin: string
}

interface HolderContext extends Services {
  readonly clientKey: ClientKey
  /** Allowed when present. */
  readonly origin: string | undefined
}

export interface VisitorTokenContext extends HolderContext {
  readonly visitor: VisitorClaims
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

/** Writes that only some operations may make: those that say so in their definition. */
interface GuardedWrites {
  readonly mints: 'insertCardToken'
  readonly spends: 'consumeOrRevokeToken' | 'redeemCardToken' | 'rotateSession'
  readonly administers: WriteMethod<
    | typeof accountQueries
    | typeof apiKeyQueries
    | typeof clientKeyQueries
    | typeof customerQueries
    | typeof importedRecordQueries
    | typeof signingKeyQueries
  >
}

/** An operation that spends a token, or whose handler ends one and records it. */
type Spending = { readonly spends: TokenKind } | { readonly maySpend: TokenKind } | { readonly audited: 'by_handler' }

type ForbiddenWrite<O extends Operation> =
  | (O extends { readonly mints: 'card' } ? never : GuardedWrites['mints'])
  | (O extends Spending ? never : GuardedWrites['spends'])
  | (O extends { readonly audited: 'changes' } ? never : GuardedWrites['administers'])

/** The store as the handler of an operation has it. One that writes what its operation doesn't state does not compile. */
export type StoreOf<O extends Operation> = Omit<Store, ForbiddenWrite<O> | 'transaction'> & Transactional<StoreOf<O>>

/** What only the handlers of some operations have: to sign what the operation mints, and to add to the history. */
type MeansOf<O extends Operation> = (O extends { readonly mints: infer Kind extends JwtKind }
  ? { readonly sign: (kind: Kind, claims: OwnClaims<Kind>) => SignedToken }
  : unknown) &
  (O extends { readonly audited: 'changes' | 'by_handler' } ? Pick<SecretKeyContext, 'record'> : unknown)

/** The context that an operation's handler gets, from who may call it and from what the operation does. */
export type ContextOf<O extends Operation> = O['caller'] extends { readonly by: infer By extends Caller['by'] }
  ? Omit<ContextByCaller[By], 'store' | 'sign' | 'record'> & MeansOf<O> & { readonly store: StoreOf<O> }
  : never

/** Reads that a change may follow from, each with its reason. */
interface AllowedReads {
  readonly findAdministrationEnd: 'disabling a key holds its account alone, so no other key changes meanwhile'
}

/** Store methods that read without holding what they read. What follows from such a read may be out of date when it is written. */
type ForbiddenRead = Exclude<ReadMethod, keyof AllowedReads>

/**
 * The store as administration decides with it: it locks and writes, in a transaction that is open already. A handler that
 * reads first and writes afterwards does not compile. `check`, which may read, only refuses early: `run` decides again.
 */
export type DecidingStore = Omit<Store, ForbiddenRead | GuardedWrites['mints' | 'spends'] | 'transaction'>

/** The context that an operation's `run` gets. */
export type DecidingContextOf<O extends Operation> = O extends { readonly audited: 'changes' }
  ? Omit<ContextOf<O>, 'store'> & { readonly store: DecidingStore }
  : ContextOf<O>
