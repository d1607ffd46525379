import type { Connect } from './connection.js'

/** Connects the frames of one page. */
export const connectFrames: Connect = (name, onMessage) => {
  const listen = ({ data, origin }: MessageEvent) => {
    if (origin === location.origin && data?.hallpass === name) onMessage(data.message)
  }
  addEventListener('message', listen)
  return {
    post: (message) => postToFrames(top ?? window, { hallpass: name, message }),
    close: () => removeEventListener('message', listen),
  }
}

/** Posts a message to the page and all frames in it that have the same origin. */
function postToFrames(frame: Window, message: unknown): void {
  if (frame !== window && isSameOrigin(frame)) frame.postMessage(message, location.origin)
  for (let index = 0; index < frame.length; index++) postToFrames(frame[index] as Window, message)
}

function isSameOrigin(frame: Window): boolean {
  try {
    return frame.origin === origin
  } catch {
    return false
  }
}
