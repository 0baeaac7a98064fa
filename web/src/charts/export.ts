import { type Picture, toCsv } from "./picture.ts";

const FONT = "system-ui, sans-serif";

/** The drawing as a file of its own: on white paper, with the light page's colours in place of its variables. */
export function toSvgFile(drawing: SVGSVGElement): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("font-family", FONT);
  copy.setAttribute("style", "background: white; color: #1b1b1b");
  const paper = document.createElement("div");
  paper.className = "paper";
  document.body.append(paper);
  const colours = getComputedStyle(paper);
  const text = copy.outerHTML.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => colours.getPropertyValue(name).trim());
  paper.remove();
  return text;
}

/** The same as pixels, three for each of the page's. */
export async function toPng(drawing: SVGSVGElement): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(toSvgFile(drawing))}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 3 * drawing.width.baseVal.value;
  canvas.height = 3 * drawing.height.baseVal.value;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws no pixels");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("this browser makes no PNG"))), "image/png");
  });
}

export type Format = "SVG" | "PNG" | "CSV";

/** Hands a picture to the reader as a file. */
export async function save(picture: Picture, drawing: SVGSVGElement, format: Format): Promise<void> {
  const blob =
    format === "PNG"
      ? await toPng(drawing)
      : format === "SVG"
        ? new Blob([toSvgFile(drawing)], { type: "image/svg+xml" })
        : new Blob([toCsv(picture)], { type: "text/csv" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${picture.name}.${format.toLowerCase()}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
