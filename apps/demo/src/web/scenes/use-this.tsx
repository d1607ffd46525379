import type { DemoSettings } from '../../shared/backend-api.js'
import { CopyBlock } from '../flow/copy-as/copy-block.js'
import { useSettings } from '../shell/settings.js'
import { Tabs } from '../stage/tabs.js'
import type { Snippet } from './projects.js'

/** The code to start with in your own project, for this running Hallpass. */
export function UseThis({ project }: { readonly project: (settings: DemoSettings) => readonly Snippet[] }) {
  const settings = useSettings()
  const tabs = project(settings).map(({ name, code }) => ({ name, content: <CopyBlock name={name} text={code} /> }))
  return (
    <section className="use-this" aria-labelledby="use-this-heading">
      <h2 id="use-this-heading">Use this in your project</h2>
      <p className="quiet small">
        This code runs as shown against this Hallpass. <code>npm start</code> printed the secret key. Add the origin of
        your page to the client key in the <a href={`${settings.hallpassUrl}/console/client-keys`}>console</a>. The{' '}
        <a href={`${settings.hallpassUrl}/docs`}>API reference</a> has every call.
      </p>
      <Tabs label="Use this in your project" tabs={tabs} />
    </section>
  )
}
