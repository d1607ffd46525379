export { type ConnectOptions, connectToHost, type HostLink } from './connect-to-host.js'
export { messagePrefix } from './messages.js'
export { type EmbedEvent, type MountedWidget, type MountOptions, mountWidget } from './mount-widget.js'
