import type { CardStatus, WidgetType } from '@hallpass/contracts'
import { useCallback, useEffect, useState } from 'react'
import { cardDone } from '../../../shared/card-api.js'
import { askBackend } from '../../calls/ask-backend.js'
import { useWidgetMessages } from '../../calls/use-widget-messages.js'
import { createFlow } from '../../flow/flow.js'
import { useSettings } from '../../shell/settings.js'
import { cardFlow } from '../flows.js'

export interface Card {
  readonly id: string
  readonly last_four: string | null
  /** Absent until the bank's backend has responded. */
  readonly status?: CardStatus
}

/** The open widget and its token. */
export interface OpenWidget {
  readonly type: WidgetType
  readonly token: string
}

/** The customer's cards, and the widget that is open for one of them. */
export function useCards() {
  const { widgetsUrl, cards: known } = useSettings()
  const [cards, setCards] = useState<readonly Card[]>(known)
  const [widget, setWidget] = useState<OpenWidget>()
  const [problem, setProblem] = useState<string>()
  useWidgetMessages(cardFlow)
  const load = useCallback(async () => {
    // this call isn't part of the card flow, so the diagram leaves it out
    const asked = await askBackend<{ data: readonly Card[] }>(createFlow(), 'cards')
    if ('answer' in asked) setCards(asked.answer.data)
    else setProblem(asked.refusal.message)
  }, [])
  useEffect(() => {
    load()
    const hear = ({ origin, data }: MessageEvent) => {
      // an activated card has a new status
      if (origin === widgetsUrl && data?.type === cardDone) load()
    }
    window.addEventListener('message', hear)
    return () => window.removeEventListener('message', hear)
  }, [load, widgetsUrl])
  return {
    cards,
    widget,
    problem,
    open: async (card: Card, type: WidgetType) => {
      setWidget(undefined)
      setProblem(undefined)
      const body = { card_id: card.id, widget_type: type }
      const asked = await askBackend<{ widget_token: string }>(cardFlow, 'card-token', body)
      if ('answer' in asked) setWidget({ type, token: asked.answer.widget_token })
      else setProblem(asked.refusal.message)
    },
    close: () => setWidget(undefined),
  }
}
