import { type MouseEvent, type ReactNode, useState } from 'react'
import { Dialog } from './dialog.js'
import { SmallButton } from './small-button.js'

interface ConfirmProps {
  /** The question to confirm. */
  readonly title: string
  /** One sentence about the consequences. */
  readonly children: ReactNode
  /** The label of the confirming button. */
  readonly action: string
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks for confirmation before an action that affects others immediately. */
export function Confirm({ title, children, action, onConfirm, onClose }: ConfirmProps) {
  // close() returns the focus to the element that opened the dialog; unmounting the dialog doesn't
  const close = ({ currentTarget }: MouseEvent) => currentTarget.closest('dialog')?.close()
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{children}</p>
      <div className="actions">
        <button type="button" className="button" data-look="quiet" onClick={close}>
          Cancel
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
  /** The item that the button acts on, for screen readers. */
  readonly of: string
  readonly isBusy: boolean
  readonly look?: 'quiet' | 'danger'
}

/** A small button that asks for confirmation. */
export function ConfirmedButton({ of, isBusy, look = 'danger', ...question }: ConfirmedButtonProps) {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <SmallButton look={look} of={of} isBusy={isBusy} onClick={() => setAsking(true)}>
        {question.action}
      </SmallButton>
      {isAsking && <Confirm {...question} onClose={() => setAsking(false)} />}
    </>
  )
}
