export type { CallOptions, ClientOptions, ResponseFacts } from './call/options.js'
export type { Answer } from './call/send.js'
export { createHallpassClient, type HallpassClient, type Result } from './client.js'
export { type FailureDetails, type FailureReason, HallpassClientError } from './errors.js'
