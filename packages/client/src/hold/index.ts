export type { Held } from './held.js'
export { type EventStreamLike, holdEventStream } from './hold-event-stream.js'
export { guardSocketIo, type HoldingVerifier, type SocketIoGuard, type SocketIoLike } from './hold-socket-io.js'
export { holdWebSocket, tryAgainCode, unauthorizedCode, type WebSocketLike } from './hold-web-socket.js'
