import { openCore } from "./core/open.ts";
import { simulate } from "./core/simulate.ts";
import { explore } from "./explorer.ts";

explore({ open: openCore, simulate });
