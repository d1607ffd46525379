/** What only browsers need that refuse BroadcastChannel or Web Locks to a page. */
export { claimTurn } from './claim-turn.js'
export { connectFrames } from './connect-frames.js'
