// From SVG to PNG, with a font of our own: a server has none, and then nothing that is written would be seen.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Twice as many points as it has units: phones show two to three for each. */
const scale = 2;

/** Draws an SVG that is this many units wide. Loads what draws only when it is needed first. */
export async function renderPng(svg: string, width: number): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const fonts = join(dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/package.json')), 'ttf');
  const drawn = new Resvg(svg, {
    fitTo: { mode: 'width', value: width * scale },
    font: {
      fontFiles: [join(fonts, 'DejaVuSans.ttf'), join(fonts, 'DejaVuSans-Bold.ttf')],
      loadSystemFonts: false,
      defaultFontFamily: 'DejaVu Sans',
    },
    background: '#ffffff',
  });
  return drawn.render().asPng();
}
