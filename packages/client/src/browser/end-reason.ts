/** How a session can end. A forgotten session is reported as expired. */
export type EndReason = 'expired' | 'revoked' | 'forgotten'
