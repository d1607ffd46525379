export type { WidgetSessionEvent } from '../browser/index.js'
