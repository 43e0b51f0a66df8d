// The frame of the page: who one is, the channels, the channel one is in, and the panel.
export function App() {
  return <main />;
}
