import {
  applies,
  CHOICES,
  type ChoiceControl,
  change,
  type Key,
  type Network,
  NUMBERS,
  type NumberControl,
} from "../state/network.ts";
import { PRESETS, presetOf } from "../state/presets.ts";
import { nextPosition, POSITIONS, toPosition, toValue } from "../state/scale.ts";
import { LARGEST_SEED, SAMPLES, type View } from "../state/view.ts";
import { count, text } from "../words/format.ts";
import { byId, element } from "./element.ts";

const IN_SIGHT: readonly Key[] = ["width", "depth", "alpha", "lambda", "outputs"];
const MORE: readonly Key[] = ["family", "branch", "branch_depth", "expansion", "norm", "activation", "leak", "flip", "weights"];
const PAGE_STEPS = 10;

/** Shows a control's value. */
type Show = (view: View) => void;

/** Builds the controls. `chosen` hears of every choice, `refused` of what cannot be one. Returns what shows a view in them. */
export function buildControls(view: () => View, chosen: (view: View) => void, refused: (fault: string) => void): Show {
  const choose = <K extends Key>(key: K, value: Network[K]) =>
    chosen({ ...view(), network: change(view().network, key, value) });
  const control = (key: Key): [HTMLElement, Show] => {
    const number = NUMBERS.find((known) => known.key === key);
    if (number) return numberControl(number, (value) => choose(key, value as never), refused);
    const choice = CHOICES.find((known) => known.key === key);
    if (!choice) throw new Error(`no control for ${key}`);
    return choiceControl(choice, (value) => choose(key, value as never));
  };

  const presets = PRESETS.map((preset): [HTMLElement, Show] => {
    const button = element("button", { type: "button", textContent: preset.name });
    button.addEventListener("click", () => chosen({ ...view(), network: preset.network }));
    return [button, ({ network }) => button.setAttribute("aria-pressed", String(presetOf(network) === preset))];
  });
  const lock = element("input", { type: "checkbox", id: "tied" });
  lock.addEventListener("change", () => choose("tied", lock.checked));
  const tie: [HTMLElement, Show] = [
    element("div", { className: "tie" }, lock, element("label", { htmlFor: "tied", textContent: "Keep α² + λ² = 1" })),
    ({ network }) => {
      lock.checked = network.tied;
      (lock.parentElement as HTMLElement).hidden = !applies(network, "tied");
    },
  ];
  const inSight = IN_SIGHT.map(control);
  inSight.splice(IN_SIGHT.indexOf("lambda") + 1, 0, tie);
  const more = MORE.map(control);
  const run = [samplesControl(view, chosen), seedControl(view, chosen, refused)];

  const place = (id: string, controls: [HTMLElement, Show][]) => byId(id).append(...controls.map(([made]) => made));
  place("presets", presets);
  place("main-controls", inSight);
  place("more-controls", more);
  place("run-controls", run);
  const shows = [...presets, ...inSight, ...more, ...run].map(([, show]) => show);
  return (shown) => {
    for (const show of shows) show(shown);
  };
}

function numberControl(
  control: NumberControl,
  choose: (value: number) => void,
  refused: (fault: string) => void,
): [HTMLElement, Show] {
  const { key, label, symbol, low, high, digits, help } = control;
  const slider = element("input", { type: "range", min: "0", max: String(POSITIONS), step: "1" });
  slider.setAttribute("aria-label", label);
  const field = element("input", { type: "text", inputMode: "decimal", id: key, autocomplete: "off" });
  if (help) field.setAttribute("aria-describedby", `${key}-help`);
  let value = low;
  slider.addEventListener("input", () => {
    const chosen = toValue(control, Number(slider.value));
    if (chosen !== value) choose(chosen);
  });
  slider.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowUp: 1, PageUp: PAGE_STEPS, ArrowLeft: -1, ArrowDown: -1, PageDown: -PAGE_STEPS }[
      event.key
    ];
    if (steps === undefined) return;
    event.preventDefault();
    const far = toPosition(control, value) + steps;
    const position =
      Math.abs(steps) > 1 ? Math.min(POSITIONS, Math.max(0, far)) : nextPosition(control, value, steps > 0 ? 1 : -1);
    choose(toValue(control, position));
  });
  field.addEventListener("change", () => {
    const number = Number(field.value.trim().replace(",", ".").replace("−", "-"));
    if (field.value.trim() !== "" && number >= low && number <= high && (digits !== "whole" || Number.isInteger(number))) {
      choose(number);
    } else {
      refused(
        `${label}: ${field.value.trim() || "nothing"} is not a ${digits === "whole" ? "whole " : ""}number from ${low} to ${high}`,
      );
      field.value = shownNumber(value);
    }
  });
  const name = element("label", { htmlFor: key, textContent: label }, ...(symbol ? [" ", symbolOf(symbol)] : []));
  const row = element(
    "div",
    { className: "control" },
    name,
    field,
    slider,
    ...(help ? [element("p", { id: `${key}-help`, className: "help", textContent: help })] : []),
  );
  return [
    row,
    ({ network }) => {
      row.hidden = !applies(network, key);
      value = network[key] as number;
      if (document.activeElement !== field) field.value = shownNumber(value);
      // The thumb that is being dragged stays where the pointer is.
      if (!slider.matches(":active")) slider.value = String(toPosition(control, value));
      slider.setAttribute("aria-valuetext", shownNumber(value));
    },
  ];
}

function symbolOf(symbol: string): HTMLElement {
  const [letter = "", index] = symbol.split("_");
  return element("var", {}, letter, ...(index ? [element("sub", { textContent: index })] : []));
}

function shownNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}

function choiceControl({ key, label, choices, help }: ChoiceControl, choose: (value: string) => void): [HTMLElement, Show] {
  const select = element(
    "select",
    { id: key },
    ...choices.map(({ value, label: name }) => element("option", { value, textContent: name })),
  );
  select.setAttribute("aria-describedby", `${key}-help`);
  select.addEventListener("change", () => choose(select.value));
  const row = element(
    "div",
    { className: "control choice" },
    element("label", { htmlFor: key, textContent: label }),
    select,
    element("p", { id: `${key}-help`, className: "help", textContent: help }),
  );
  return [
    row,
    ({ network }) => {
      row.hidden = !applies(network, key);
      select.value = String(network[key]);
    },
  ];
}

function samplesControl(view: () => View, chosen: (view: View) => void): [HTMLElement, Show] {
  const select = element(
    "select",
    { id: "samples" },
    ...SAMPLES.map((number) => element("option", { value: String(number), textContent: count(number) })),
  );
  select.addEventListener("change", () => chosen({ ...view(), samples: Number(select.value) }));
  return [
    element(
      "div",
      { className: "control choice" },
      element("label", { htmlFor: "samples", textContent: "Networks to draw" }),
      select,
    ),
    ({ samples }) => {
      select.value = String(samples);
    },
  ];
}

function seedControl(view: () => View, chosen: (view: View) => void, refused: (fault: string) => void): [HTMLElement, Show] {
  const field = element("input", { type: "text", inputMode: "numeric", id: "seed", autocomplete: "off" });
  field.addEventListener("change", () => {
    const seed = field.value.trim() === "" ? Number.NaN : Number(field.value);
    if (Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED) {
      chosen({ ...view(), seed });
    } else {
      refused(`Seed: ${field.value.trim() || "nothing"} is not a whole number from 0 to ${text(LARGEST_SEED, 6)}`);
      field.value = String(view().seed);
    }
  });
  return [
    element("div", { className: "control choice" }, element("label", { htmlFor: "seed", textContent: "Seed" }), field),
    ({ seed }) => {
      field.value = String(seed);
    },
  ];
}
