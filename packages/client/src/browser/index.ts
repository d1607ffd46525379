/** What a widget session tells its page about, in the order in which it can first happen. */
export const widgetSessionEvents = ['ready', 'refreshed', 'upgraded', 'expired', 'revoked', 'refused'] as const

/** One of {@link widgetSessionEvents}. */
export type WidgetSessionEvent = (typeof widgetSessionEvents)[number]
