import { commonReasons } from './core/reasons.js'

/** The phrases and refusals that several operations of a page have. */
export const missingClientKey = {
  malformed_request: 'Missing client_key',
  missing_field: 'Missing client_key',
} as const
export const originNotInAllowlist = { origin_not_allowed: 'Origin not in allowlist for this client_key' } as const
export const clientKeyReasons = [...commonReasons, 'missing_field', 'origin_not_allowed'] as const
