// Compiled, not run: `npm run types` reports any difference between these types and the actual ones.
import {
  createWidgetSession,
  type WidgetReason,
  type WidgetSessionEvent,
  type widgetSessionEvents,
} from '@hallpass/client/browser'
import { mountWidget } from '@hallpass/client/embed'
import { HallpassWidget, type HallpassWidgetProps, useWidgetSession } from '@hallpass/client/react'
import type { Reason } from '@hallpass/contracts'
import { expectTypeOf } from 'vitest'

// the list contains the name of every event and nothing else
expectTypeOf<WidgetSessionEvent['type']>().toEqualTypeOf<(typeof widgetSessionEvents)[number]>()
expectTypeOf<'origin_not_allowed' & WidgetReason & Reason>().toEqualTypeOf<'origin_not_allowed'>()

const session = createWidgetSession({ baseUrl: 'https://pass.example', clientKey: 'pk_test_x' })
session.subscribe((event) => {
  if (event.type === 'ready') expectTypeOf(event.visitor.auth_mode).toEqualTypeOf<'guest' | 'user'>()
  if (event.type === 'refused') expectTypeOf(event.error.reason).toEqualTypeOf<WidgetReason>()
})

// @ts-expect-error the URL of the service is required
createWidgetSession({ clientKey: 'pk_test_x' })
// @ts-expect-error the URL of the widget is required
mountWidget({ baseUrl: 'https://pass.example', clientKey: 'pk_test_x', container: document.body })

expectTypeOf(HallpassWidget).parameter(0).toEqualTypeOf<HallpassWidgetProps>()
expectTypeOf(useWidgetSession).toBeFunction()
