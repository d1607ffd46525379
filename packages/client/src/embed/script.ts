import { createWidgetSession } from '../browser/create-widget-session.js'
import { connectToHost } from './connect-to-host.js'
import { mountFromScript } from './mount-from-script.js'
import type { MountedWidget } from './mount-options.js'
import { mountWidget } from './mount-widget.js'

/** The global `Hallpass`, for pages without modules. If the page loads the script twice, both share the list of widgets. */
const known: { readonly widgets?: MountedWidget[] } | undefined = Reflect.get(globalThis, 'Hallpass')
const widgets = known?.widgets ?? []
Object.assign(globalThis, { Hallpass: { mountWidget, connectToHost, createWidgetSession, widgets } })
mountFromScript((widget) => widgets.push(widget))
