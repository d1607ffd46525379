import type { BackendAnswer } from '../../shared/backend-api.js'
import { sendRequest } from './send-request.js'

type Action = 'user-token' | 'bridge' | 'card-token' | 'redeem'

/** Asks the shop's backend to act; its own calls to Hallpass come along. */
export async function askBackend<T>(action: Action, body?: object): Promise<BackendAnswer<T>> {
  const { call, response } = await sendRequest('backend', `/api/${action}`, { method: 'POST', body })
  if (!response) return { refusal: { reason: 'network', message: 'The backend did not answer.' }, calls: [call] }
  // our own backend always answers in this shape
  const answer = (await response.json()) as BackendAnswer<T>
  return { ...answer, calls: [call, ...answer.calls] }
}
