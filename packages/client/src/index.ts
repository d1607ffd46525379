export type { CallOptions, ClientOptions, ResponseFacts } from './call/options.js'
export type { Answer } from './call/send.js'
export { createHallpassClient } from './client.js'
// everything, so that a project can add its kinds to DeclaredKinds
export type * from './declared-kinds.js'
export { type FailureDetails, type FailureReason, HallpassClientError } from './errors.js'
export { type ErrorDetails, HallpassError } from './hallpass-error.js'
export type { Method, Result } from './method.js'
export type { HallpassClient } from './methods.js'
