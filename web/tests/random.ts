import { applies, CHOICES, change, type Key, type Network, NUMBERS, STANDARD } from "../src/state/network.ts";
import { toValue } from "../src/state/scale.ts";

/** Numbers in [0, 1) that are the same in every run. */
export function* uniforms(seed = 1): Generator<number, never> {
  let state = seed >>> 0;
  for (;;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Networks that somebody reaches who uses one control after the other. */
export function* clicks(count: number, seed = 1): Generator<Network> {
  const random = uniforms(seed);
  const below = (limit: number) => Math.floor(random.next().value * limit);
  let network = STANDARD;
  for (let i = 0; i < count; ++i) {
    const controls = [...NUMBERS, ...CHOICES, { key: "tied" as Key }].filter(({ key }) => applies(network, key));
    const control = controls[below(controls.length)] as (typeof controls)[number];
    const value =
      "low" in control
        ? toValue(control, below(401))
        : "choices" in control
          ? control.choices[below(control.choices.length)]?.value
          : below(2) === 0;
    network = change(network, control.key, value as never);
    yield network;
  }
}
