import type { SandboxOutcome } from '@hallpass/contracts/core'
import { useState } from 'react'
import { askBackend } from '../../calls/ask-backend.js'
import { useWidgetMessages } from '../../calls/use-widget-messages.js'
import { payFlow } from '../flows.js'

/** The part of the widget's result that the shop needs. */
export interface Paykey {
  readonly status: string
  readonly institution_name: string
  readonly label: string
}

/** The steps of the checkout. */
export type Checkout =
  | { readonly at: 'basket' | 'asking' }
  | { readonly at: 'widget'; readonly token: string }
  | { readonly at: 'linked' | 'done'; readonly token: string; readonly paykey: Paykey }
  | { readonly at: 'manual' }
  | { readonly at: 'failed'; readonly why: string }

/** The shop's checkout: requests a token, opens the widget, receives its result. */
export function useCheckout() {
  const [checkout, setCheckout] = useState<Checkout>({ at: 'basket' })
  useWidgetMessages(payFlow)
  return {
    checkout,
    pay: async (sandbox_outcome: SandboxOutcome) => {
      setCheckout({ at: 'asking' })
      const asked = await askBackend<{ bridge_token: string }>(payFlow, 'bridge', { sandbox_outcome })
      if ('answer' in asked) setCheckout({ at: 'widget', token: asked.answer.bridge_token })
      else setCheckout({ at: 'failed', why: asked.refusal.message })
    },
    startOver: () => setCheckout({ at: 'basket' }),
    // the callbacks of the official component
    onSuccess: (result: { readonly data: Paykey }) => {
      setCheckout((now) => ('token' in now ? { at: 'linked', token: now.token, paykey: result.data } : now))
    },
    onSuccessCTAClicked: () => {
      setCheckout((now) => ('paykey' in now ? { ...now, at: 'done' } : now))
    },
    onClose: () => {
      setCheckout((now) => ('paykey' in now ? { ...now, at: 'done' } : { at: 'basket' }))
    },
    onManualEntry: () => {
      setCheckout({ at: 'manual' })
    },
    // the widget starts over by itself, which the diagram shows
    onRetry: () => undefined,
    onLoadError: () => setCheckout({ at: 'failed', why: 'The widget couldn’t be loaded.' }),
  }
}
