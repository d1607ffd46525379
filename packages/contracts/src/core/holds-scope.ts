import type { Scope } from './enums.js'

/**
 * Whether a key with these scopes may do what needs `scope`. `*` includes every scope of an account, which `host` is not.
 * `admin` includes `admin:read`.
 */
export function holdsScope(held: readonly Scope[], scope: Scope): boolean {
  if (held.includes(scope)) return true
  if (scope === 'host') return false
  return held.includes('*') || (scope === 'admin:read' && held.includes('admin'))
}
