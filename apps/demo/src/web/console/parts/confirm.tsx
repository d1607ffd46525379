import { type MouseEvent, type ReactNode, useState } from 'react'
import { Dialog } from './dialog.js'
import { SmallButton } from './small-button.js'

interface ConfirmProps {
  /** The question. */
  readonly title: string
  /** What becomes of it, in a sentence. */
  readonly children: ReactNode
  /** What the button says that does it. */
  readonly action: string
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something is done that others feel at once. */
export function Confirm({ title, children, action, onConfirm, onClose }: ConfirmProps) {
  // closed by itself, not only taken away, a dialog gives the focus back to where it was
  const close = ({ currentTarget }: MouseEvent) => currentTarget.closest('dialog')?.close()
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      <div className="actions">
        <button type="button" className="button" data-look="quiet" onClick={close}>
          Leave it
        </button>
        <button
          type="button"
          className="button"
          data-look="danger"
          onClick={(event) => {
            close(event)
            onConfirm()
          }}
        >
          {action}
        </button>
      </div>
    </Dialog>
  )
}

interface ConfirmedButtonProps extends Omit<ConfirmProps, 'onClose'> {
  /** What it is done to, for those who hear the button without its row. */
  readonly of: string
  readonly isBusy: boolean
}

/** A button in a row for something that is asked about first. */
export function ConfirmedButton({ of, isBusy, ...question }: ConfirmedButtonProps) {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <SmallButton look="danger" of={of} isBusy={isBusy} onClick={() => setAsking(true)}>
        {question.action}
      </SmallButton>
      {isAsking && <Confirm {...question} onClose={() => setAsking(false)} />}
    </>
  )
}
