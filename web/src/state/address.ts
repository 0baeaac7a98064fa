import { applies, CHOICES, change, type Key, type Network, NUMBERS, STANDARD } from "./network.ts";
import { LARGEST_SEED, SAMPLES, START, type View } from "./view.ts";

/** The view as the part of an address behind #: what differs from the start. */
export function toAddress({ network, samples, seed }: View): string {
  const parts = new URLSearchParams();
  for (const key of Object.keys(STANDARD) as Key[]) {
    if (applies(network, key) && network[key] !== STANDARD[key]) parts.set(key, String(network[key]));
  }
  if (samples !== START.samples) parts.set("samples", String(samples));
  if (seed !== START.seed) parts.set("seed", String(seed));
  return parts.toString();
}

/** The view that an address describes. What is wrong in it is left at the start's value, and said. */
export function fromAddress(address: string): { view: View; faults: string[] } {
  const faults: string[] = [];
  const given = new Map<string, unknown>();
  for (const [key, text] of new URLSearchParams(address.replace(/^#/, ""))) {
    const { value, right } = read(key, text);
    if (value === undefined) faults.push(`${key}: ${text} is not ${right}`);
    else given.set(key, value);
  }
  const {
    samples = START.samples,
    seed = START.seed,
    ...fields
  } = Object.fromEntries(given) as Partial<Network> & Partial<View>;
  const network: Network = { ...STANDARD, ...fields };
  if (applies(network, "tied") && network.tied && Math.abs(network.alpha ** 2 + network.lambda ** 2 - 1) > 1e-9)
    network.tied = false;
  return { view: { network: settled(network, faults), samples, seed }, faults };
}

/** Changes what contradicts itself as if it were chosen field by field, and says so. */
function settled(network: Network, faults: string[]): Network {
  let result = network;
  for (const key of ["norm", "weights", "branch", "activation", "branch_depth"] as const)
    result = change(result, key, network[key]);
  for (const key of Object.keys(result) as Key[]) {
    if (result[key] !== network[key])
      faults.push(`${key}: ${network[key]} does not go with the rest; it is ${result[key]} here`);
  }
  return result;
}

function read(key: string, text: string): { value?: unknown; right: string } {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (key === "samples") return { ...(SAMPLES.includes(number) && { value: number }), right: SAMPLES.join(", ") };
  if (key === "seed") return inRange(number, 0, LARGEST_SEED, true);
  if (key === "tied") return { ...(/^(true|false)$/.test(text) && { value: text === "true" }), right: "true or false" };
  const control = NUMBERS.find((known) => known.key === key);
  if (control) return inRange(number, control.low, control.high, control.digits === "whole");
  const choice = CHOICES.find((known) => known.key === key);
  if (!choice) return { right: "known here" };
  const values = choice.choices.map(({ value }) => value);
  return { ...(values.includes(text) && { value: text }), right: values.join(", ") };
}

function inRange(number: number, low: number, high: number, whole: boolean): { value?: number; right: string } {
  const valid = number >= low && number <= high && (!whole || Number.isInteger(number));
  return { ...(valid && { value: number }), right: `a ${whole ? "whole " : ""}number from ${low} to ${high}` };
}
