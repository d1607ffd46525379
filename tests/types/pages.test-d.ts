// Compiled, not run: a type that is not as it says here is an error of `npm run types`.
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

// every event has its name in the list, and the list no other
expectTypeOf<WidgetSessionEvent['type']>().toEqualTypeOf<(typeof widgetSessionEvents)[number]>()
expectTypeOf<'origin_not_allowed' & WidgetReason & Reason>().toEqualTypeOf<'origin_not_allowed'>()

const session = createWidgetSession({ baseUrl: 'https://pass.example', clientKey: 'pk_test_x' })
session.subscribe((event) => {
  if (event.type === 'ready') expectTypeOf(event.visitor.auth_mode).toEqualTypeOf<'guest' | 'user'>()
  if (event.type === 'refused') expectTypeOf(event.error.reason).toEqualTypeOf<WidgetReason>()
})

// @ts-expect-error where the service is has to be said
createWidgetSession({ clientKey: 'pk_test_x' })
// @ts-expect-error a widget has a page of its own
mountWidget({ baseUrl: 'https://pass.example', clientKey: 'pk_test_x', container: document.body })

expectTypeOf(HallpassWidget).parameter(0).toEqualTypeOf<HallpassWidgetProps>()
expectTypeOf(useWidgetSession).toBeFunction()
