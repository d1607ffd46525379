import { type WebhookType, webhookEvents, webhookExample, webhookPayloads, webhookTest } from '@hallpass/contracts'
import { wrapped } from './wrapped.js'

const types: readonly WebhookType[] = [...webhookEvents, webhookTest]

/** Every webhook event with an example of its body, as Markdown. */
export function webhookEventsPage(): string {
  const paragraphs = [
    '<!-- Made by `npm run generate`. Change the code, not this page. -->',
    '# Webhook events',
    'This page lists every event with an example of its body. [Webhooks](webhooks.md) shows how to receive and verify events.',
    "A body has the type, the time and the data. The data contains ids and never a token, so look up anything else through the API. Later versions can add fields: ignore those that you don't know.",
    ...types.flatMap((type) => eventText(type)),
  ]
  return `${paragraphs.map(wrapped).join('\n\n')}\n`
}

function eventText(type: WebhookType): string[] {
  const { summary, description = `${summary}.`, optional = [] } = webhookPayloads[type]
  const example = webhookExample(type)
  const others = optional.filter((name) => !(name in example.data)).map((name) => `\`${name}\``)
  const more = others.length === 0 ? [] : [`The data can also contain ${others.join(', ')}.`]
  return [`## ${type}`, description, ['```json', JSON.stringify(example, null, 2), '```'].join('\n'), ...more]
}
