'use client'

export { HallpassWidget, type HallpassWidgetProps } from './hallpass-widget.js'
export { type UsedWidgetConfig, useWidgetConfig } from './use-widget-config.js'
export { type UsedWidgetSession, useWidgetSession } from './use-widget-session.js'
