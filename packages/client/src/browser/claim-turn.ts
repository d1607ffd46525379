import type { TurnMessage } from './turn-message.js'

/** The part of the platform that it uses. */
interface Timing {
  readonly after: (milliseconds: number, run: () => void) => () => void
  readonly random: () => number
}

/** How long other pages have to reject a claim, in milliseconds. */
const objectionMilliseconds = 300
/** How long to wait for a busy page, which may have been closed without a message. */
const busyMilliseconds = 6_000
/** How many claims to make. Then the page goes ahead anyway. */
const mostClaims = 5

/** Claims the lock until no other page rejects the claim. */
export async function claimTurn(
  { after, random }: Timing,
  post: (message: TurnMessage) => void,
  listen: (hear: (message: TurnMessage) => void) => void,
): Promise<void> {
  let claim: number | undefined
  let interrupt = () => {}
  /** Resolves to whether a message interrupted it. */
  const wait = (milliseconds: number) =>
    new Promise<boolean>((resolve) => {
      const stop = after(milliseconds, () => resolve(false))
      interrupt = () => {
        stop()
        resolve(true)
      }
    })

  async function wins(): Promise<boolean> {
    claim = random()
    post({ type: 'claim', by: claim })
    const isRejected = await wait(objectionMilliseconds)
    claim = undefined
    return !isRejected
  }

  listen((message) => {
    if (message.type === 'free') {
      if (claim === undefined) interrupt()
    } else if (claim === undefined) return
    else if (message.type === 'busy' ? message.to === claim : message.by <= claim) interrupt()
    else if (message.type === 'claim') post({ type: 'busy', to: message.by })
  })
  for (let claims = 1; claims < mostClaims && !(await wins()); claims++) await wait(busyMilliseconds)
}
