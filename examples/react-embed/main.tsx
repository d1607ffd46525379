import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ShopPage } from './shop-page.js'

const place = document.getElementById('app')
if (place) {
  const { baseUrl = '', clientKey = '', widgetUrl = '', userId } = place.dataset
  createRoot(place).render(
    <StrictMode>
      <ShopPage baseUrl={baseUrl} clientKey={clientKey} widgetUrl={widgetUrl} userId={userId} />
    </StrictMode>,
  )
}
