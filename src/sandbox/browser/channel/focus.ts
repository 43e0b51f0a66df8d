// Where the focus goes when what had it goes away.

/** To the composer of the pane that something stands in; to the channel's where it stands in none. */
export function focusComposer(from: Element | null): void {
  const pane = from?.closest('.thread, .channel') ?? document.querySelector('main');
  pane?.querySelector<HTMLElement>('.composer textarea')?.focus();
}
