import type {
  DeclaredClaims as AnyDeclaredClaims,
  InputOf,
  kindsMint,
  kindsPageToken,
  kindsRedeem,
  OutputOf,
} from '@hallpass/contracts'

/**
 * The kinds of tokens that you declared, by name. `hallpass kinds types` writes a file that adds yours, and the methods
 * `kinds.mint` and `kinds.redeem` and the verifier are typed by it. Other kinds can be used too, without their types.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by module augmentation, which a type alias can't be
export interface DeclaredKinds {}

/** What the types of a declared kind say. */
interface KindTypes {
  readonly actions: string
  readonly resource: 'none' | 'optional' | 'required'
  /** Null if tokens of the kind have none. */
  readonly claims: object | null
}

/** The types of a kind, or undefined if its declaration was not made into types. */
type TypesOf<Kind extends string> = Kind extends keyof DeclaredKinds
  ? DeclaredKinds[Kind] extends infer Types extends KindTypes
    ? Types
    : undefined
  : undefined

type MintedResource<Types extends KindTypes> = Types['resource'] extends 'required'
  ? { readonly resource: string }
  : { readonly resource?: (Types['resource'] extends 'none' ? never : string) | undefined }

// claims whose every member is optional can be left out
type MintedClaims<Claims> = Claims extends object
  ? Record<never, never> extends Claims
    ? { readonly claims?: Claims | undefined }
    : { readonly claims: Claims }
  : { readonly claims?: undefined }

/** What mints a token of a kind. */
export type KindMintInput<Kind extends string> = { readonly kind: Kind } & (TypesOf<Kind> extends infer Types extends
  KindTypes
  ? Pick<InputOf<typeof kindsMint>, 'subject' | 'ttl_seconds'> & {
      readonly actions?: readonly Types['actions'][] | undefined
    } & MintedResource<Types> &
      MintedClaims<Types['claims']>
  : InputOf<typeof kindsMint>)

/** What mints a token of a kind in a page. */
export type KindPageTokenInput<Kind extends string> = {
  readonly kind: Kind
  readonly actions?: readonly ActionOf<Kind>[] | undefined
} & Omit<InputOf<typeof kindsPageToken>, 'kind' | 'actions'>

/** What redeems a token of a kind. */
export type KindRedeemInput<Kind extends string> = {
  readonly kind: Kind
  readonly action?: ActionOf<Kind> | undefined
} & Omit<InputOf<typeof kindsRedeem>, 'kind' | 'action'>

/** An action of a kind. */
export type ActionOf<Kind extends string> =
  TypesOf<Kind> extends infer Types extends KindTypes ? Types['actions'] : string

type ResourceOf<Types extends KindTypes, None> =
  | (Types['resource'] extends 'none' ? None : string)
  | (Types['resource'] extends 'required' ? never : None)

type TypedClaims<Claims, None> = Claims extends object
  ? Claims | (Record<never, never> extends Claims ? None : never)
  : None

/** What a redeemed token of a kind says. */
export type KindRedeemed<Kind extends string> =
  TypesOf<Kind> extends infer Types extends KindTypes
    ? Omit<OutputOf<typeof kindsRedeem>, 'kind' | 'actions' | 'resource' | 'claims'> & {
        readonly kind: Kind
        readonly actions: readonly Types['actions'][]
        readonly resource: ResourceOf<Types, null>
        readonly claims: TypedClaims<Types['claims'], null>
      }
    : OutputOf<typeof kindsRedeem>

/** The claims of a JWT of a declared kind. */
export type DeclaredClaims<Kind extends string = string> =
  TypesOf<Kind> extends infer Types extends KindTypes
    ? Omit<AnyDeclaredClaims, 'kind' | 'actions' | 'resource' | 'claims'> & {
        readonly kind: Kind
        readonly actions: readonly Types['actions'][]
        readonly resource: ResourceOf<Types, undefined>
        readonly claims: TypedClaims<Types['claims'], undefined>
      }
    : AnyDeclaredClaims
