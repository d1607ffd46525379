import { useEffect, useReducer } from 'react'
import type { BridgeOpened, PaykeyResponse } from '../../shared/bridge-api.js'
import type { AskWidgetHost } from '../common/ask-widget-host.js'
import { Dialog } from '../common/dialog.js'
import type { BridgeChannel } from './bridge-channel.js'
import { nextFlow, start } from './bridge-flow.js'
import { ChooseBank } from './screens/choose-bank.js'
import { Consent } from './screens/consent.js'
import { Failure } from './screens/failure.js'
import { ManualEntry } from './screens/manual-entry.js'
import { Result } from './screens/result.js'

interface BridgeAppProps {
  readonly channel: BridgeChannel
  readonly ask: AskWidgetHost
  readonly allowsManualEntry: boolean
}

/** The bridge widget: choose a bank, consent, connect. It shows no banks until its token has been verified. */
export function BridgeApp({ channel, ask, allowsManualEntry }: BridgeAppProps) {
  const { flow, dispatch, connect, goBack } = useBridge(channel, ask)
  return (
    <Dialog title="Pay by bank" onClose={channel.close}>
      {flow.at === 'connecting' && <p role="status">Connecting…</p>}
      {flow.at === 'failed' && <Failure refusal={flow.refusal} onClose={channel.close} />}
      {flow.at === 'choosing' && (
        <ChooseBank
          institutions={flow.opened.institutions}
          onChoose={(institution) => dispatch({ type: 'chose', institution })}
          {...(allowsManualEntry && {
            onManualEntry: () => {
              dispatch({ type: 'wants-to-type' })
              channel.manualEntry()
            },
          })}
        />
      )}
      {flow.at === 'typing' && <ManualEntry refusal={flow.refusal} onSubmit={connect} onBack={goBack} />}
      {flow.at === 'consenting' && (
        <Consent institution={flow.institution} refusal={flow.refusal} onAllow={connect} onBack={goBack} />
      )}
      {flow.at === 'done' && (
        <Result
          paykey={flow.paykey}
          onDone={channel.successCtaClicked}
          onRetry={() => {
            goBack()
            channel.retry()
          }}
        />
      )}
    </Dialog>
  )
}

/** The current step, and the actions that call the backend and notify the page. */
function useBridge(channel: BridgeChannel, ask: AskWidgetHost) {
  const [flow, dispatch] = useReducer(nextFlow, start)

  useEffect(() => {
    const stop = channel.onInitialize(async (token) => {
      const outcome = await ask<BridgeOpened>('/api/bridge/open', { token })
      if ('answer' in outcome) return dispatch({ type: 'opened', token, opened: outcome.answer })
      dispatch({ type: 'refused', refusal: outcome.refusal })
      channel.error(outcome.refusal.reason, outcome.refusal.message)
    })
    channel.mounted()
    return stop
  }, [channel, ask])

  const connect = async (account: object) => {
    if (!('token' in flow)) return
    const outcome = await ask<PaykeyResponse>('/api/bridge/paykey', { token: flow.token, account })
    if ('refusal' in outcome) {
      dispatch({ type: 'refused', refusal: outcome.refusal })
      return channel.error(outcome.refusal.reason, outcome.refusal.message)
    }
    dispatch({ type: 'connected', paykey: outcome.answer })
    if (outcome.answer.data.status !== 'rejected') channel.paykey(outcome.answer)
  }
  return { flow, dispatch, connect, goBack: () => dispatch({ type: 'went-back' }) }
}
