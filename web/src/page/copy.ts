import type { View } from "../state/view.ts";
import { cpp, python } from "../words/code.ts";
import { byId, element } from "./element.ts";

interface Form {
  name: string;
  text: string;
}

/** The forms in which a view is written elsewhere, each with a button that copies it. */
export function buildCopy(): (view: View, copied: { command: string; toml: string }) => void {
  const names = ["Command", "Python", "C++", "TOML"];
  const parts = names.map((name, i) => {
    const code = element("code");
    const button = element("button", { type: "button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy as ${name}`);
    button.addEventListener("click", () => void copy(code.textContent ?? "", button));
    const part = element(
      "details",
      { open: i === 0 },
      element("summary", { textContent: name }),
      element("div", { className: "code" }, button, element("pre", {}, code)),
    );
    part.setAttribute("name", "code");
    return { part, code };
  });
  byId("code").append(...parts.map(({ part }) => part));
  return (view, { command, toml }) => {
    const forms: Form[] = [
      { name: "Command", text: command },
      { name: "Python", text: python(view) },
      { name: "C++", text: cpp(view) },
      { name: "TOML", text: toml },
    ];
    for (const { name, text } of forms) {
      const part = parts[names.indexOf(name)];
      if (part) part.code.textContent = text;
    }
  };
}

/** Copies the text, and says so on the button for a moment. */
export async function copy(text: string, button: HTMLButtonElement): Promise<void> {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // From a folder, without leave to use the clipboard: the older way.
    const field = element("textarea", { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  button.textContent = "Copied";
  setTimeout(() => {
    button.textContent = label;
  }, 1500);
}
