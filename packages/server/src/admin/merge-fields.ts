import { isDeepStrictEqual } from 'node:util'

/** What a fixture may import. */
export type RecordKind = 'account' | 'api_key' | 'client_key' | 'customer' | 'card'

/** A record as a fixture's export writes it, without its id. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether one value permits less than another. Values may be incomparable: then neither is stricter. */
type IsStricter = (value: unknown, than: unknown) => boolean

const never: IsStricter = () => false
const is =
  (strict: unknown): IsStricter =>
  (value, than) =>
    value === strict && than !== strict
const ranked =
  (ranks: Readonly<Record<string, number>>): IsStricter =>
  (value, than) =>
    (ranks[String(value)] ?? 0) > (ranks[String(than)] ?? 0)
const isSmaller: IsStricter = (value, than) => isSubset(listOf(value), listOf(than))

/** The fields that decide what anyone may do. Of all others an import writes what the fixture says, if it does not know better. */
const guarded: Readonly<Record<RecordKind, Readonly<Record<string, IsStricter>>>> = {
  account: {
    tenant: never,
    environment: is('production'),
    parent_id: is(null),
    rate_limit: hasLowerLimits,
  },
  api_key: { scopes: hasFewerRights, disabled: is(true) },
  client_key: {
    origin_allowlist: isSmaller,
    auth_mode: (value, than) => than === 'both' && value !== 'both',
    widget_enabled: is(false),
    disabled: is(true),
    rate_limit: hasLowerLimits,
  },
  customer: { status: ranked({ pending: 1, review: 2, inactive: 3, rejected: 4 }) },
  // an active card is no stricter than one that is not activated yet, nor the other way round
  card: { customer_id: never, status: ranked({ SUSPENDED: 1, TERMINATED: 2 }) },
}

interface Versions {
  /** As it is in the database. */
  readonly current: Fields
  /** As the import before this one had it, if that is known. */
  readonly last: Fields | undefined
  /** As the fixture has it. */
  readonly wanted: Fields
}

/**
 * Decides, field by field, between a fixture and the database. What was changed in the fixture since the last import is
 * written, what was changed in the database stays. If both were changed, or if nobody knows, the stricter value wins.
 */
export function mergeFields(kind: RecordKind, versions: Versions): { written: string[]; kept: string[] } {
  const { current, wanted } = versions
  const differing = Object.keys(wanted).filter((name) => !isSame(wanted[name], current[name]))
  const written = differing.filter((name) => isWritten(name, versions, guarded[kind][name]))
  return { written, kept: differing.filter((name) => !written.includes(name)) }
}

function isWritten(name: string, { current, last, wanted }: Versions, isStricter: IsStricter | undefined): boolean {
  const isKnown = last !== undefined && Object.hasOwn(last, name)
  if (isKnown && isSame(last[name], wanted[name])) return false
  if (isKnown && isSame(last[name], current[name])) return true
  if (!isStricter) return !isKnown
  return isStricter(wanted[name], current[name])
}

/** The order of a list of texts does not matter. */
function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return isDeepStrictEqual(a.toSorted(), b.toSorted())
  return isDeepStrictEqual(a, b)
}

/** A limit that only one side names is compared where leaving it out means that there is none. */
function hasLowerLimits(value: unknown, than: unknown): boolean {
  const [limits, others] = [
    { ...unlimited, ...objectOf(value) },
    { ...unlimited, ...objectOf(than) },
  ]
  const names = Object.keys({ ...limits, ...others })
  return names.every((name) => {
    const areNamed = Object.hasOwn(limits, name) && Object.hasOwn(others, name)
    return areNamed && limitOf(limits[name]) <= limitOf(others[name])
  })
}

const unlimited: Fields = { requests_per_second_per_key: 0 }

/** 0 is no limit. */
const limitOf = (value: unknown) => (typeof value === 'number' && value > 0 ? value : Infinity)

/** `*` is every scope but `host`. */
function hasFewerRights(value: unknown, than: unknown): boolean {
  const [scopes, others] = [listOf(value), listOf(than)]
  return scopes.every((scope) => others.includes(scope) || (scope !== 'host' && others.includes('*')))
}

const isSubset = (items: readonly unknown[], of: readonly unknown[]) => items.every((item) => of.includes(item))
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const objectOf = (value: unknown): Fields => (typeof value === 'object' && value !== null ? { ...value } : {})
