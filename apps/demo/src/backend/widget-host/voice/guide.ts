/** What the guide of an exhibit says. */
interface Guide {
  readonly greeting: string
  readonly answers: Readonly<Record<string, string>>
}

const guides: ReadonlyMap<string, Guide> = new Map([
  [
    'skerry-light',
    {
      greeting: 'Skerry light, the keeper speaking. This is my lens: a thousand prisms. What would you like to know?',
      answers: {
        'How does it work?':
          'Each ring bends the light a little more than the ring inside it. Together they act as one huge lens, with a tenth of its glass.',
        'How far did it reach?': 'On a clear night, twenty-one miles. In fog, not to the end of the pier.',
        'Did you ever miss a night?':
          'Once, in the gale of ’89. There was nothing wrong with the lamp. The stairs were gone.',
      },
    },
  ],
])

/** The guide of an exhibit. Undefined if it has none. */
export const guideOf = (exhibit: string): Guide | undefined => guides.get(exhibit)
