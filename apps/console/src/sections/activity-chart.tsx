import { type Counted, countByTime } from './count-activity.js'
import './activity-chart.css'

const width = 600
const height = 140

/** A stacked bar chart of calls over time: successful ones, with refused ones on top. */
export function ActivityChart({ activity, hours }: { readonly activity: readonly Counted[]; readonly hours: number }) {
  const columns = countByTime(activity, hours, Date.now())
  const most = Math.max(1, ...columns.map(({ ok, refused }) => ok + refused))
  const step = width / columns.length
  const total = columns.reduce((sum, { ok, refused }) => sum + ok + refused, 0)
  const refusedTotal = columns.reduce((sum, { refused }) => sum + refused, 0)
  const label = `${total} calls, ${refusedTotal} refused, at most ${most} per bar`
  return (
    <figure className="chart">
      <div className="chart-plot">
        <ol className="chart-y small" aria-hidden="true">
          {[most, most / 2, 0].map((tick) => (
            <li key={tick}>{formatCount(tick)}</li>
          ))}
        </ol>
        <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="none">
          {columns.map(({ from, ok, refused }, i) => {
            const okHeight = (ok / most) * height
            const refusedHeight = (refused / most) * height
            return (
              <g key={from}>
                <rect className="chart-ok" x={i * step + 1} y={height - okHeight} width={step - 2} height={okHeight} />
                <rect
                  className="chart-refused"
                  x={i * step + 1}
                  y={height - okHeight - refusedHeight}
                  width={step - 2}
                  height={refusedHeight}
                />
              </g>
            )
          })}
        </svg>
        <ol className="chart-x small" aria-hidden="true">
          {ticks(hours).map((tick) => (
            <li key={tick}>{tick}</li>
          ))}
        </ol>
      </div>
      <figcaption className="chart-legend small">
        <span>Calls per {minutesOf(hours)}</span>
        <span>
          <i className="chart-key" data-kind="ok" /> succeeded <i className="chart-key" data-kind="refused" /> refused
        </span>
      </figcaption>
    </figure>
  )
}

const formatCount = (count: number) => (Number.isInteger(count) ? count.toLocaleString('en') : '')

/** The duration of one of the 60 bars. */
const minutesOf = (hours: number) => (hours === 1 ? 'minute' : `${hours} minutes`)

const timeOfDay = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

/** Five times of day from the first bar to now. */
function ticks(hours: number): string[] {
  const now = Date.now()
  return [4, 3, 2, 1, 0].map((quarter) => timeOfDay.format(now - (quarter * hours * 3_600_000) / 4))
}
