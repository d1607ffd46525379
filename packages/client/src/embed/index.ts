export { type ConnectOptions, connectToHost, type HostLink } from './connect-to-host.js'
export { messagePrefix } from './messages.js'
export type { EmbedEvent, MountedWidget, MountOptions, WidgetState } from './mount-options.js'
export { mountWidget } from './mount-widget.js'
