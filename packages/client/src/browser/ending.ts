/** How a session can end. One that was forgotten is told like one whose time has run out. */
export type Ending = 'expired' | 'revoked' | 'forgotten'
