import { useState } from 'react'
import { Dialog } from '../parts/dialog.js'
import { SmallButton } from '../parts/small-button.js'
import { Choices } from '../ui/choices.js'

const hour = 3_600_000
const periods = { '1 hour': hour, '6 hours': 6 * hour, '1 day': 24 * hour, '3 days': 72 * hour, '7 days': 168 * hour }

type Period = keyof typeof periods

const names = Object.keys(periods) as Period[]

interface Props {
  readonly url: string
  readonly isBusy: boolean
  readonly onReplay: (since: string) => void
}

/** Asks for a period, and replays what happened in it, for a receiver that lost what it had received. */
export function ReplaySince({ url, isBusy, onReplay }: Props) {
  const [isAsking, setAsking] = useState(false)
  const [period, setPeriod] = useState<Period>('1 hour')
  const close = () => setAsking(false)
  const replay = () => {
    close()
    onReplay(new Date(Date.now() - periods[period]).toISOString())
  }
  return (
    <>
      <SmallButton look="quiet" of={`deliveries to ${url}`} isBusy={isBusy} onClick={() => setAsking(true)}>
        Replay recent
      </SmallButton>
      {isAsking && (
        <Dialog title="Replay the recent deliveries?" onClose={close}>
          <p>
            Delivered and dead ones are sent again, with the same ids. A receiver that remembers ids can skip what it
            already processed.
          </p>
          <Choices label="Of the last" options={names} value={period} onChange={setPeriod} />
          <div className="actions">
            <button type="button" className="button" onClick={replay}>
              Replay
            </button>
            <button type="button" className="button" data-look="quiet" onClick={close}>
              Cancel
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
