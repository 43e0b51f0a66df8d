// What one can do with a message: the pushpin at hand, other reactions, the thread, pins, and the rest in a menu.
import { useEffect, useRef, useState } from 'react';
import type { ActAnswer, PageMessage } from '../../page/contract.js';
import { useChannel, useMe, useSession, useSpace } from '../state/session.js';
import { pushpin, reactions } from './emoji.js';
import { Menu, type MenuItem } from './menu.js';

export interface ToolbarProps {
  readonly message: PageMessage;
  readonly inThread: boolean;
  readonly isShown: boolean;
  /** Rises each time the menu is asked for with the keyboard. */
  readonly asked: number;
  onEdit(): void;
}

/** Draws the buttons above a message's corner. */
export function Toolbar({ message, inThread, isShown, asked, onEdit }: ToolbarProps) {
  const { go } = useSession();
  const [open, setOpen] = useState<{ which: 'react' | 'more'; beside: HTMLElement } | null>(null);
  const more = useRef<HTMLButtonElement>(null);
  const deeds = useDeeds(message);
  const items = useMenu(message, deeds, { inThread, onEdit });
  useEffect(() => {
    // From the keyboard, the menu opens on the message, and the focus goes back there.
    const row = more.current?.closest('.message')?.querySelector<HTMLElement>('[data-message]');
    if (asked > 0 && row) setOpen({ which: 'more', beside: row });
  }, [asked]);
  const close = useRef(() => setOpen(null)).current;
  const isPinned = deeds.isPinned;
  return (
    <div className={isShown || open ? 'toolbar' : 'toolbar away'} role="toolbar" aria-label="Message actions">
      <button type="button" title={pushpin.label} aria-label={pushpin.label} onClick={deeds.putOnTimeline}>
        <span aria-hidden="true">{pushpin.sign}</span>
      </button>
      <button
        type="button"
        title="Add a reaction"
        aria-label="Add a reaction"
        aria-haspopup="menu"
        onClick={(event) => setOpen({ which: 'react', beside: event.currentTarget })}
      >
        <span aria-hidden="true">☺</span>
      </button>
      {!inThread && (
        <button
          type="button"
          title="Reply in thread"
          aria-label="Reply in thread"
          onClick={() =>
            go({ at: 'channel', channel: message.channel, thread: message.threadTs ?? message.ts })
          }
        >
          <span aria-hidden="true">💬</span>
        </button>
      )}
      <button
        type="button"
        className="wordy"
        aria-label={isPinned ? 'Unpin from channel' : 'Pin to channel'}
        onClick={deeds.pin}
      >
        {isPinned ? 'Unpin' : 'Pin'}
      </button>
      <button
        ref={more}
        type="button"
        className="wordy"
        aria-label="More actions"
        aria-haspopup="menu"
        onClick={(event) => setOpen({ which: 'more', beside: event.currentTarget })}
      >
        More
      </button>
      {open?.which === 'more' && (
        <Menu label="More actions" beside={open.beside} items={items} onClose={close} />
      )}
      {open?.which === 'react' && (
        <Menu
          grid
          label="Reactions"
          beside={open.beside}
          items={reactions.map((each) => ({
            label: each.label,
            sign: each.sign,
            run: () => void deeds.react(each.name),
          }))}
          onClose={close}
        />
      )}
    </div>
  );
}

interface Deeds {
  readonly isPinned: boolean;
  putOnTimeline(): void;
  pin(): void;
  react(name: string): void;
  remove(): void;
  shortcut(callbackId: string): void;
  copyLink(): void;
}

function useDeeds(message: PageMessage): Deeds {
  const { client, announce } = useSession();
  const isPinned = useChannel(message.channel)?.pins.some((each) => each.ts === message.ts) ?? false;
  const where = { channel: message.channel, ts: message.ts };
  const tell = (answer: ActAnswer) => {
    if (answer.ok && !answer.said) return;
    client.say(message.channel, answer.said ?? 'Slack refused that.', message.threadTs);
  };
  const react = (name: string) => void client.act({ do: 'react', ...where, name }).then(tell);
  return {
    isPinned,
    react,
    putOnTimeline: () => react(pushpin.name),
    pin: () => void client.act({ do: isPinned ? 'unpin' : 'pin', ...where }).then(tell),
    remove: () => void client.act({ do: 'remove', ...where }).then(tell),
    shortcut: (callbackId) => void client.act({ do: 'messageShortcut', callbackId, ...where }).then(tell),
    copyLink: () => {
      navigator.clipboard.writeText(message.permalink).then(
        () => announce('Link copied.'),
        () => client.say(message.channel, `The link to that message: ${message.permalink}`, message.threadTs),
      );
    },
  };
}

function useMenu(
  message: PageMessage,
  deeds: Deeds,
  given: { inThread: boolean; onEdit: () => void },
): MenuItem[] {
  const { go } = useSession();
  const me = useMe();
  const shortcuts = useSpace((space) => space.opening.shortcuts);
  const app = useSpace((space) => space.opening.app.name);
  const items: MenuItem[] = shortcuts
    .filter((each) => each.type === 'message')
    .map((each) => ({ label: each.name, detail: app, run: () => deeds.shortcut(each.callbackId) }));
  items.push({ label: pushpin.label, run: deeds.putOnTimeline });
  if (!given.inThread)
    items.push({
      label: 'Reply in thread',
      run: () => go({ at: 'channel', channel: message.channel, thread: message.threadTs ?? message.ts }),
    });
  items.push({ label: deeds.isPinned ? 'Unpin from channel' : 'Pin to channel', run: deeds.pin });
  items.push({ label: 'Copy link', run: deeds.copyLink });
  if (message.user === me.id) {
    items.push({ label: 'Edit message', run: given.onEdit });
    items.push({ label: 'Delete message', danger: true, run: deeds.remove });
  }
  return items;
}
