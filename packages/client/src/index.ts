export { type CallOptions, type ClientOptions, createHallpassClient, type HallpassClient } from './client.js'
export { type FailureDetails, type FailureReason, HallpassClientError } from './errors.js'
