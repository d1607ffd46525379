/** The agent's replies, and the words that trigger them. */
const answers: readonly (readonly [words: RegExp, answer: string])[] = [
  [/breakfast|eat|food|coffee/i, 'Breakfast is served from half past five, in carriage 3.'],
  [/arriv|when|time|late|delay/i, 'Your train arrives in Trondheim at 06:48, and is on time so far.'],
  [/berth|bed|carriage|seat/i, 'You have berth B, the upper one, in carriage 4.'],
  [/window|cold|jumper/i, 'The window opens. Most people are glad of a jumper.'],
  [/dog|cat|pet/i, 'Pets travel in carriage 2, where they have a floor of their own.'],
]

/** The agent's reply. `name` is the user's name from the shop's backend, and undefined for guests. */
export function replyTo(text: string, name: string | undefined): string {
  if (/who am i|my name|know me/i.test(text)) {
    return name === undefined ? 'You are a guest. Log in, and I will know your name.' : `You are ${name}.`
  }
  const [, answer = 'I can tell you about your berth, breakfast and arrival.'] =
    answers.find(([words]) => words.test(text)) ?? []
  return name === undefined ? answer : `${name.split(' ')[0]}, ${answer.charAt(0).toLowerCase()}${answer.slice(1)}`
}
