import { onInitialize, send } from './bridge-channel.js'
import { element, show } from './elements.js'

interface Bank {
  readonly id: string
  readonly name: string
}

interface Paykey {
  readonly data: { readonly label: string; readonly status: string }
}

const allowsManualEntry = new URLSearchParams(location.search).get('allowManualEntry') === 'true'

const button = (text: string, onclick: () => void) => element('button', { type: 'button', onclick }, text)
const closeButton = () => button('Close', () => send('on-close'))
const alertOf = (text: string) => element('p', { role: 'alert' }, text)

async function ask<T>(path: string, body: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json' }
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = await response.json()
  if (!response.ok) throw new Error(answer.error)
  return answer
}

async function begin(token: string): Promise<void> {
  try {
    const { banks } = await ask<{ banks: readonly Bank[] }>('/api/bridge/open', { token })
    choose(token, banks)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    send('error', { payload: { error_code: 'invalid_token', message } })
    show(element('h1', {}, 'This widget can’t be opened'), alertOf(message), closeButton())
  }
}

function choose(token: string, banks: readonly Bank[]): void {
  const again = () => choose(token, banks)
  const connectTo = (choice: object) => connect({ token, ...choice }, again)
  const typed = () => {
    send('on-manual-entry')
    enterAccount(connectTo, again)
  }
  show(
    element('h1', {}, 'Choose your bank'),
    ...banks.map(({ id, name }) => button(name, () => void connectTo({ bank: id }))),
    ...(allowsManualEntry ? [button('Enter account details manually', typed)] : []),
    closeButton(),
  )
}

function enterAccount(connectTo: (choice: object) => Promise<void>, back: () => void): void {
  const field = (name: string, label: string) => {
    const input = element('input', { name, required: true, inputMode: 'numeric', autocomplete: 'off' })
    return element('label', {}, label, input)
  }
  const form = element(
    'form',
    {},
    field('routing_number', 'Routing number'),
    field('account_number', 'Account number'),
    element('button', {}, 'Connect'),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void connectTo(Object.fromEntries(new FormData(form)))
  })
  show(element('h1', {}, 'Enter your account'), form, button('Back', back), closeButton())
}

async function connect(choice: object, again: () => void): Promise<void> {
  const retry = () => {
    send('on-retry')
    again()
  }
  try {
    const paykeyResponse = await ask<Paykey>('/api/bridge/paykey', choice)
    const { label, status } = paykeyResponse.data
    if (status === 'rejected') {
      show(element('h1', {}, 'Your bank refused'), button('Try another account', retry), closeButton())
      return
    }
    send('on-paykey', { paykeyResponse })
    const proceed = button('Continue', () => send('on-success-cta-clicked'))
    show(element('h1', {}, 'Connected'), element('p', {}, `${label} (${status})`), proceed, closeButton())
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    show(alertOf(message), button('Try again', retry), closeButton())
  }
}

onInitialize((token) => void begin(token))
show(element('p', {}, 'Connecting…'))
send('mounted')
