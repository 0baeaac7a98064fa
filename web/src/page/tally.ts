import type { Known } from "../state/known.ts";
import { count, text, withError } from "../words/format.ts";
import { type Fit, LAWS, points, verdict } from "../words/laws.ts";
import { byId, element } from "./element.ts";

const SPOKEN_EVERY = 8000;

const WORDS: Record<string, string> = {
  undecided: "undecided",
  exact: "exact",
  holds: "holds",
  rough: "rough",
  fails: "fails",
};

/** The verdicts beside the first picture. */
export function buildTally(): (known: Known) => void {
  let spokenAt = -SPOKEN_EVERY;
  let spoken = "";
  let shown: Known | undefined;
  return (known) => {
    const { result, prediction, done, view } = known;
    if (shown && shown.result === result && shown.prediction === prediction && shown.view === view) return;
    shown = known;
    const laws = LAWS.filter(({ key }) => prediction[key]);
    const header = element(
      "tr",
      {},
      ...["Law", "Distance", "Verdict"].map((textContent) => element("th", { scope: "col", textContent })),
    );
    const simulated = element(
      "tr",
      { className: "simulated" },
      element("th", { scope: "row" }, swatch("simulated", "bars"), "chance alone"),
      element("td", {}, result ? `below ${text(result.resolution, 2)}` : "–"),
      element("td", {}),
    );
    const rows = laws.map(({ key, name, role }) => {
      const fit = result?.fit[key];
      return element(
        "tr",
        { className: fit ? fit.verdict : "" },
        element("th", { scope: "row" }, swatch(role, "line"), name),
        element("td", {}, fit ? distance(fit) : "–"),
        element("td", { className: "says" }, fit ? (WORDS[fit.verdict] ?? "") : ""),
      );
    });
    byId<HTMLTableElement>("laws").tBodies[0]?.remove();
    byId<HTMLTableElement>("laws").append(element("tbody", {}, header, ...rows, simulated));
    byId("verdict").replaceChildren(...headline(known));
    byId<HTMLButtonElement>("stop").disabled = done === view.samples;
    byId<HTMLProgressElement>("progress").value = done / view.samples;
    byId("version").textContent = prediction.initlaw;
    byId("done").textContent = `${count(done)} of ${count(view.samples)} networks`;
    const now = result ? ["gaussian", "log_gaussian"].map((key) => verdict(key, result.fit[key])).join(" ") : "";
    if (now && now !== spoken && (done === view.samples || performance.now() - spokenAt > SPOKEN_EVERY)) {
      byId("spoken").textContent = `${count(done)} networks. ${now}`;
      spoken = now;
      spokenAt = performance.now();
    }
  };
}

/** What the picture says, in one sentence: first by theory, then by what was counted. */
function headline({ result, prediction, done }: Known): (Node | string)[] {
  const gaussian = word("Gaussian limit", "gaussian");
  if (result) {
    const logGaussian = word("log-Gaussian limit", "log-gaussian");
    const { gaussian: first, log_gaussian: second } = result.fit;
    return ["The ", gaussian, ` ${fault(first, done)}, the `, logGaussian, ` ${fault(second, done)}.`];
  }
  if (prediction.regime)
    return ["The ", gaussian, ` should be off by ${points(prediction.regime.ks_to_gaussian)}. Counting networks …`];
  return ["Drawing the first networks …"];
}

function fault({ ks, verdict: says }: Fit, done: number): string {
  return says === "exact" || says === "undecided" ? `shows no fault in ${count(done)} networks` : `is off by ${points(ks)}`;
}

/** With its error, where the law is not the truth. */
function distance({ ks, ks_std_error, verdict: says }: Fit): string {
  return says === "exact" || says === "undecided" ? text(ks, 2) : withError(ks, ks_std_error);
}

function word(name: string, role: string): HTMLElement {
  return element("span", { className: `word ${role}`, textContent: name });
}

function swatch(role: string, style: string): HTMLElement {
  const made = element("span", { className: `swatch ${style}` });
  made.style.setProperty("--colour", `var(--${role})`);
  return made;
}
