import type { Role } from "../charts/picture.ts";
import { text } from "./format.ts";

/** A law's JSON key, name and colour, in the order in which they are listed. */
export const LAWS: readonly { key: string; name: string; role: Role }[] = [
  { key: "exact", name: "exact law", role: "exact" },
  { key: "finite_width", name: "finite-width law", role: "finite-width" },
  { key: "log_gaussian", name: "log-Gaussian limit", role: "log-gaussian" },
  { key: "gaussian", name: "Gaussian limit", role: "gaussian" },
];

export function nameOf(key: string): string {
  return LAWS.find((law) => law.key === key)?.name ?? key;
}

/** A difference of probabilities as one says it. */
export function points(distance: number): string {
  const size = text(100 * distance, 2);
  return `${size} percentage point${size === "1.0" ? "" : "s"}`;
}

/** What was found of a law: its distance, and the word for it. */
export interface Fit {
  ks: number;
  ks_std_error: number | null;
  verdict: string;
}

/** What a fit says of a law, as the command says it. */
export function verdict(key: string, fit: Fit): string {
  const law = `The ${nameOf(key)}`;
  switch (fit.verdict) {
    case "undecided":
      return `So few networks do not tell the ${nameOf(key)} from the truth yet.`;
    case "exact":
      return `${law} is indistinguishable from these networks.`;
    case "holds":
      return `${law} holds: no probability is off by more than ${points(fit.ks)}.`;
    case "rough":
      return `${law} is rough: some probability is off by ${points(fit.ks)}.`;
    default:
      return `${law} fails: some probability is off by ${points(fit.ks)}.`;
  }
}
