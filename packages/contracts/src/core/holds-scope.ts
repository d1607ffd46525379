import { kindScopes, type Scope } from './enums.js'

/**
 * Whether a key with these scopes may do what needs `scope`. `*` includes every scope of an account, which `host` is not.
 * `admin` includes `admin:read`, and a scope for all kinds includes the one for each declared kind.
 */
export function holdsScope(held: readonly Scope[], scope: Scope): boolean {
  if (held.includes(scope)) return true
  if (scope === 'host') return false
  const wider = scope === 'admin:read' ? 'admin' : generalScopeOf(scope)
  return held.includes('*') || (wider !== undefined && held.includes(wider))
}

function generalScopeOf(scope: Scope): Scope | undefined {
  const [prefix, , use] = scope.split(':')
  if (prefix !== 'kind') return undefined
  return use === 'mint' ? kindScopes.mint : kindScopes.redeem
}
