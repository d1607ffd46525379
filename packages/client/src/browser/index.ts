export { HallpassError } from '../hallpass-error.js'
export { createWidgetSession } from './create-widget-session.js'
export { type WidgetReason, WidgetSessionError, widgetReasons } from './errors.js'
export type { KeyBinding } from './key-binding.js'
export type { Channel, Platform } from './platform.js'
export {
  type CallOptions,
  type Visitor,
  type WidgetSession,
  type WidgetSessionEvent,
  type WidgetSessionOptions,
  type WidgetSessionState,
  widgetSessionEvents,
} from './session-types.js'
export type { SessionStore, StorageChoice } from './storage.js'
